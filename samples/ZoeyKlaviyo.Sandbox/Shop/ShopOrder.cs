namespace ZoeyKlaviyo.Sandbox.Shop;

/// <summary>An order as the shop knows it; the REST API shows it in the shapes that Zoey stores are known to answer with.</summary>
/// <param name="EntityId">The database's id.</param>
/// <param name="Number">The number that people see.</param>
/// <param name="QuoteId">The cart it was made from.</param>
/// <param name="Status">A merchant's word such as <c>pending_payment</c>, <c>processing</c>.</param>
/// <param name="CustomerId">Null for a guest.</param>
/// <param name="Email">Null for an order without an address.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Discount">0 or more.</param>
/// <param name="TeamMember">Who of the store's team placed it in the customer's name; null when the customer did.</param>
public sealed record ShopOrder(
    string EntityId,
    string Number,
    string QuoteId,
    string Status,
    string? CustomerId,
    string? Email,
    DateTimeOffset CreatedUtc,
    DateTimeOffset UpdatedUtc,
    string Currency,
    decimal Discount,
    string? CouponCode,
    decimal Shipping,
    decimal Tax,
    string? TeamMember,
    ShopAddress? BillingAddress,
    ShopAddress? ShippingAddress,
    IReadOnlyList<ShopOrderLine> Lines)
{
    public decimal Subtotal => Lines.Sum(line => line.Price * line.Quantity);

    public decimal GrandTotal => Subtotal - Discount + Shipping + Tax;
}

/// <param name="ItemId">The line's id, unique in the shop.</param>
/// <param name="ProductId">The product's; the configurable one's where a variant was bought.</param>
/// <param name="VariantId">The bought variant's product id; null for a simple product.</param>
/// <param name="Sku">The variant's where one was bought.</param>
public sealed record ShopOrderLine(string ItemId, string ProductId, string? VariantId, string Sku, string Name, decimal Quantity, decimal Price);
