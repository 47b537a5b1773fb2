using System.Text.Json;
using ZoeyKlaviyo.Sandbox.Klaviyo.Limits;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Contract;

/// <summary>One operation of the official document, read into what serving it needs.</summary>
public sealed class ContractOperation
{
    private readonly string[] _segments;

    internal ContractOperation(string method, string path, JsonElement operation)
    {
        Method = method.ToUpperInvariant();
        Path = path;
        OperationId = operation.GetProperty("operationId").GetString()!;
        Scopes = operation.TryGetProperty("x-klaviyo-scopes", out var scopes)
            ? [.. scopes.EnumerateArray().Select(scope => scope.GetString()!)] : [];
        if (operation.TryGetProperty("requestBody", out var body))
            BodySchema = body.GetProperty("content").GetProperty("application/vnd.api+json").GetProperty("schema");
        QueryParameters = operation.GetProperty("parameters").EnumerateArray()
            .Where(parameter => parameter.GetProperty("in").GetString() == "query")
            .ToDictionary(parameter => parameter.GetProperty("name").GetString()!, parameter => parameter.GetProperty("schema"));
        if (operation.TryGetProperty("x-klaviyo-filters", out var filters))
        {
            Filters = filters.EnumerateObject().ToDictionary(field => field.Name, field => (IReadOnlySet<string>)field.Value.GetProperty("operators")
                .EnumerateObject().SelectMany(group => group.Value.EnumerateArray()).Select(one => one.GetString()!).ToHashSet());
        }
        Limits = [.. operation.GetProperty("x-klaviyo-ratelimit").EnumerateObject().Select(limit => RateLimit.Parse(limit.Value.GetString()!)).OrderBy(limit => limit.Window)];
        _segments = path.Split('/');
    }

    public string Method { get; }

    public string Path { get; }

    public string OperationId { get; }

    public IReadOnlyList<string> Scopes { get; }

    /// <summary>Burst, steady and for some a daily one.</summary>
    public IReadOnlyList<RateLimit> Limits { get; }

    internal JsonElement? BodySchema { get; }

    internal IReadOnlyDictionary<string, JsonElement> QueryParameters { get; }

    /// <summary>The operators that each field may be filtered by with.</summary>
    internal IReadOnlyDictionary<string, IReadOnlySet<string>> Filters { get; } = new Dictionary<string, IReadOnlySet<string>>();

    /// <summary>The value of the path's <c>{…}</c> segment (empty when it has none), or null when the path is another one.</summary>
    internal string? MatchPath(string path)
    {
        var segments = path.TrimEnd('/').Split('/');
        if (segments.Length != _segments.Length)
            return null;
        var id = "";
        for (var i = 0; i < segments.Length; i++)
        {
            if (_segments[i].StartsWith('{') && segments[i].Length > 0)
                id = Uri.UnescapeDataString(segments[i]);
            else if (_segments[i] != segments[i])
                return null;
        }
        return id;
    }
}
