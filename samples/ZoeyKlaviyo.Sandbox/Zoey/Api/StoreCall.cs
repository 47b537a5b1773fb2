namespace ZoeyKlaviyo.Sandbox.Zoey.Api;

/// <param name="Id">The path's id, empty when it has none.</param>
/// <param name="IsGuest">Without credentials.</param>
internal sealed record StoreCall(HttpRequest Request, StoreQuery Query, string Id, bool IsGuest, StoreQuirks Quirks)
{
    /// <summary>Scheme and host that the caller used.</summary>
    public string Address => $"{Request.Scheme}://{Request.Host}";
}
