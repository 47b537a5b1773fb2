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
    private readonly StoreQuirks _quirks;

    internal StoreState(StoreTokens tokens, StoreNonces nonces, StoreQuirks quirks)
    {
        (_tokens, _nonces, _quirks, Quirks) = (tokens, nonces, quirks, quirks);
    }

    public StoreQuirks Quirks { get; set; }

    public StoreFaults Faults { get; } = new();

    public StoreRequestLog Requests { get; } = new();

    public CatalogChanges Products { get; } = new();

    public CatalogChanges Categories { get; } = new();

    /// <summary>Of the catalog that <see cref="Products"/> and <see cref="Categories"/> lie over.</summary>
    public CatalogSize Catalog { get; set; } = new();

    /// <summary>As new: no fault, no quirk but those it started with, the shop's own catalog; the configured refresh token is good again.</summary>
    public void Reset()
    {
        Quirks = _quirks;
        Faults.Clear();
        Requests.Clear();
        Products.Clear();
        Categories.Clear();
        Catalog = new();
        _tokens.Reset();
        _nonces.Clear();
    }
}
