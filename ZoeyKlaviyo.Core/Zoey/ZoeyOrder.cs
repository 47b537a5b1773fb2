namespace ZoeyKlaviyo.Core.Zoey;

/// <summary>An order in one shape, whichever the store answered with.</summary>
/// <param name="EntityId">The store's database id; null in a push that does not tell it.</param>
/// <param name="Number">The number that people see (<c>increment_id</c>).</param>
/// <param name="Status">The merchant's word.</param>
/// <param name="CartId"><c>quote_id</c>; not in every shape.</param>
/// <param name="Email">As the store has it: not normalized, may be missing or wrong.</param>
/// <param name="Currency">Upper case, ISO 4217 unless the store says something else.</param>
/// <param name="DiscountAmount">0 or more.</param>
/// <param name="CreatedByTeamMember">Somebody of the store placed it in the customer's name.</param>
/// <param name="Lines">What was bought, one line each: a variant's two lines are one here. Null: the answer did not hold the lines.</param>
public sealed record ZoeyOrder(
    string? EntityId,
    string Number,
    string Status,
    DateTimeOffset CreatedUtc,
    string? CartId,
    string? CustomerId,
    string? Email,
    decimal GrandTotal,
    string? Currency,
    decimal DiscountAmount,
    string? CouponCode,
    bool CreatedByTeamMember,
    ZoeyAddress? BillingAddress,
    ZoeyAddress? ShippingAddress,
    IReadOnlyList<ZoeyOrderLine>? Lines);

/// <param name="ItemId">The line's id.</param>
/// <param name="ProductId">The product's, not the variant's; null where the store does not tell it.</param>
/// <param name="VariantId">The bought variant's; null for a simple product, or where the store does not tell it.</param>
/// <param name="Sku">The bought variant's.</param>
public sealed record ZoeyOrderLine(
    string? ItemId, string? ProductId, string? VariantId, string? Sku, string? Name, decimal Quantity, decimal Price, decimal RowTotal);

public sealed record ZoeyAddress(
    string? FirstName,
    string? LastName,
    string? Company,
    IReadOnlyList<string> Street,
    string? City,
    string? Region,
    string? RegionCode,
    string? PostCode,
    string? CountryCode,
    string? Telephone);
