using System.Text.Json;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Orders;

/// <summary>The ids and SKUs by which order lines name their products; one of them a line.</summary>
internal sealed class WantedProducts(IReadOnlyCollection<ZoeyOrderLine> lines, int maxIdLength, int maxSkuLength)
{
    public List<string> Ids { get; } = lines.Select(KnownLines.IdOf).OfType<string>().Where(id => id.Length <= maxIdLength).Distinct().ToList();

    public List<string> Skus { get; } = lines.Where(line => KnownLines.IdOf(line) is null).Select(KnownLines.SkuOf).OfType<string>()
        .Where(sku => sku.Length <= maxSkuLength).Distinct().ToList();

    public KnownLines Resolve(IReadOnlyCollection<KnownProduct> known)
    {
        var byId = known.ToDictionary(product => product.ProductId);
        // Two products may have had one SKU, one after the other: the one read last has it.
        var bySku = known.Where(product => product.Sku is not null).OrderBy(product => product.ReadUtc)
            .GroupBy(product => product.Sku!).ToDictionary(group => group.Key, group => group.Last());
        return new KnownLines(
            Ids.Where(byId.ContainsKey).ToDictionary(id => id, id => Describe(byId[id], byId)),
            Skus.Where(bySku.ContainsKey).ToDictionary(sku => sku, sku => Describe(bySku[sku], byId)));
    }

    /// <summary>A variant gives its product, as only products have an id, a page and categories in the catalog.</summary>
    private static LineProduct Describe(KnownProduct product, Dictionary<string, KnownProduct> byId)
    {
        if (product.ParentId is { } parentId)
        {
            if (!byId.TryGetValue(parentId, out var parent))
                return LineProduct.Unknown(parentId) with { Url = product.Url, Brand = product.Brand };
            product = parent;
        }

        return new LineProduct(
            product.ProductId, product.Url, product.ImageUrl, product.Brand, JsonSerializer.Deserialize<List<string>>(product.Categories) ?? []);
    }
}
