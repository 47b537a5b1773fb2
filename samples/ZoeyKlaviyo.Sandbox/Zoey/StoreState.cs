using ZoeyKlaviyo.Sandbox.Zoey.Authorization;
using ZoeyKlaviyo.Sandbox.Zoey.Catalog;
using ZoeyKlaviyo.Sandbox.Zoey.Faults;
using ZoeyKlaviyo.Sandbox.Zoey.Inspection;

namespace ZoeyKlaviyo.Sandbox.Zoey;

/// <summary>What tests and people set about the store's REST API, and what it was asked.</summary>
public sealed class StoreState
{
    private readonly StoreTokens _tokens;
    private readonly StoreNonces _nonces;

    internal StoreState(StoreTokens tokens, StoreNonces nonces)
    {
        (_tokens, _nonces) = (tokens, nonces);
    }

    public StoreQuirks Quirks { get; set; } = new();

    public StoreFaults Faults { get; } = new();

    public StoreRequestLog Requests { get; } = new();

    public ProductChanges Products { get; } = new();

    /// <summary>As new: no fault, no quirk, the shop's own catalog; the configured refresh token is good again.</summary>
    public void Reset()
    {
        Quirks = new();
        Faults.Clear();
        Requests.Clear();
        Products.Clear();
        _tokens.Reset();
        _nonces.Clear();
    }
}
