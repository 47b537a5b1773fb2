using System.Text.Json.Serialization;

namespace ZoeyKlaviyo.Sandbox.Zoey;

/// <summary>In what Zoey stores are known, or suspected, to differ.</summary>
/// <param name="UpdatedAt">Whether <c>updated_at</c> is shown and can be filtered by; stock Magento 1.9.0.1 does neither.</param>
/// <param name="ParentId">Whether a variant names its configurable product in <c>parent_id</c>.</param>
/// <param name="Subscribers">Whether there is a resource <c>newsletter/subscribers</c>.</param>
/// <param name="ChangeStatusFilter">Whether subscribers can be filtered and sorted by <c>change_status_at</c>.</param>
/// <param name="Forbidden">First parts of the paths that the token's role may not read.</param>
/// <param name="Missing">First parts of the paths that this store has no resource for.</param>
/// <param name="Redirect">Whether the store sends every request on to https.</param>
/// <param name="PastEndRepeats">Whether a page past the end repeats the last one, or is empty.</param>
/// <param name="MinimumIntervalMs">A request sooner than this after the one before is answered with 429.</param>
/// <param name="GuestListing">Whether the list of products is what a guest sees, for signed calls too: no status, no price, none that is invisible.</param>
/// <param name="CategoryFilterIgnored">Whether <c>category_id</c> makes no difference to the list of products.</param>
/// <param name="ParentSku">Whether <c>parent_id</c> holds the configurable product's SKU.</param>
/// <param name="RotateRefreshTokens">Whether a refresh token is good for one refresh.</param>
public sealed record StoreQuirks(
    OrderShape OrderShape = OrderShape.A,
    OrderLines OrderLines = OrderLines.Embedded,
    bool UpdatedAt = false,
    bool ParentId = true,
    bool Subscribers = false,
    bool ChangeStatusFilter = true,
    IReadOnlyList<string>? Forbidden = null,
    IReadOnlyList<string>? Missing = null,
    bool Redirect = false,
    bool PastEndRepeats = true,
    int MinimumIntervalMs = 0,
    bool RotateRefreshTokens = true,
    bool GuestListing = false,
    bool CategoryFilterIgnored = false,
    bool ParentSku = false)
{
    public IReadOnlyList<string> Forbidden { get; init; } = Forbidden ?? [];

    public IReadOnlyList<string> Missing { get; init; } = Missing ?? [];
}

[JsonConverter(typeof(JsonStringEnumConverter<OrderShape>))]
public enum OrderShape
{
    /// <summary>Magento's own: <c>entity_id</c>, <c>order_items</c>, no e-mail address of the order.</summary>
    A,

    /// <summary>Zoey's richer one: <c>order_id</c>, <c>items</c>, <c>customer_email</c>.</summary>
    B,
}

/// <summary>Where a list of orders has their lines; a single order always has them itself.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OrderLines>))]
public enum OrderLines
{
    [JsonStringEnumMemberName("embedded")] Embedded,

    [JsonStringEnumMemberName("missing")] Missing,

    /// <summary>Only inside <c>order_invoices</c>, so that an order without an invoice shows none.</summary>
    [JsonStringEnumMemberName("invoices")] Invoices,
}
