namespace ZoeyKlaviyo.Sandbox.Zoey.Api;

/// <param name="Pattern">Below <see cref="StoreApi.Path"/>, such as <c>orders/{id}/items</c>.</param>
internal sealed record StoreRoute(string Pattern, Func<StoreCall, StoreAnswer> Answer)
{
    private readonly string[] _parts = Pattern.Split('/');

    /// <summary>Whether a caller without credentials is served.</summary>
    public bool IsForGuests { get; init; }

    /// <returns>The id, empty when the pattern has none; null: the path is another one.</returns>
    public string? Match(string[] path)
    {
        if (path.Length != _parts.Length || !_parts.Zip(path).All(pair => pair.First == "{id}" || pair.First == pair.Second))
            return null;
        var index = Array.IndexOf(_parts, "{id}");
        return index < 0 ? "" : path[index];
    }
}

internal interface IStoreResource
{
    /// <summary>A fixed path comes before one with an id in its place.</summary>
    IEnumerable<StoreRoute> Routes { get; }
}
