namespace ZoeyKlaviyo.Core.Orders;

/// <summary>What is known of the product that an order line sold.</summary>
/// <param name="ProductId">The catalog item's id, without the store's prefix; null when nobody knows.</param>
internal sealed record LineProduct(string? ProductId, string? Url, string? ImageUrl, string? Brand, IReadOnlyList<string> Categories)
{
    public static LineProduct Unknown(string? productId) => new(productId, null, null, null, []);
}
