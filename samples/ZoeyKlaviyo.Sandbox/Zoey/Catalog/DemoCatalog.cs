using System.Globalization;
using ZoeyKlaviyo.Sandbox.Shop;

namespace ZoeyKlaviyo.Sandbox.Zoey.Catalog;

/// <summary>What the shop sells, each variant as a product of its own.</summary>
internal sealed class DemoCatalog : ICatalogSource
{
    public IReadOnlyList<long> Ids { get; } =
        [.. DemoProduct.All.SelectMany(product => product.Variants.Select(variant => variant.Id).Prepend(product.Id)).Select(Number).Order()];

    public IReadOnlyList<StoreCategory> Categories { get; } =
        [StoreCategory.Root, .. DemoCategory.All.Select(category => new StoreCategory(category.Id, category.ParentId, category.Name, category.UrlKey))];

    public IReadOnlyList<long> IdsIn(string categoryId) =>
        [.. DemoProduct.All.Where(product => product.CategoryIds.Contains(categoryId)).Select(product => Number(product.Id)).Order()];

    public StoreProduct? Find(long id) =>
        DemoProduct.All.SelectMany(StoreProduct.From).FirstOrDefault(product => Number(product.Id) == id);

    private static long Number(string id) => long.Parse(id, CultureInfo.InvariantCulture);
}
