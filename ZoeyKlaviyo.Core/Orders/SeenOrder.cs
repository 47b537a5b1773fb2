using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Orders;

/// <param name="Products">What is known of its lines' products.</param>
/// <param name="IsComplete">False when more about it could still be found out.</param>
internal sealed record SeenOrder(ZoeyOrder Order, KnownLines Products, bool IsComplete);

/// <summary>Products of order lines, by what the lines say of them.</summary>
internal sealed class KnownLines(IReadOnlyDictionary<string, LineProduct> byId, IReadOnlyDictionary<string, LineProduct> bySku)
{
    public static KnownLines None { get; } = new(new Dictionary<string, LineProduct>(), new Dictionary<string, LineProduct>());

    public LineProduct Of(ZoeyOrderLine line) => Find(line) ?? LineProduct.Unknown(IdOf(line));

    /// <summary>Whether the line's product id is told, or its SKU is known.</summary>
    public bool HasIdFor(ZoeyOrderLine line) => Of(line).ProductId is not null || SkuOf(line) is null;

    public bool IsKnown(ZoeyOrderLine line) => Find(line) is not null;

    /// <summary>The product's, or, where the store tells only that, the variant's.</summary>
    internal static string? IdOf(ZoeyOrderLine line) => KlaviyoText.Clean(line.ProductId) ?? KlaviyoText.Clean(line.VariantId);

    internal static string? SkuOf(ZoeyOrderLine line) => KlaviyoText.Clean(line.Sku);

    private LineProduct? Find(ZoeyOrderLine line) => IdOf(line) is { } id
        ? byId.GetValueOrDefault(id)
        : SkuOf(line) is { } sku ? bySku.GetValueOrDefault(sku) : null;
}
