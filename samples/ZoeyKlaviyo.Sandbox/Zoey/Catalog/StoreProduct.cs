using System.Text.Json.Nodes;
using ZoeyKlaviyo.Sandbox.Shop;
using ZoeyKlaviyo.Sandbox.Zoey.Api;

namespace ZoeyKlaviyo.Sandbox.Zoey.Catalog;

/// <param name="Attributes">As the list shows them; one without a value has no key.</param>
/// <param name="Quantity">In stock, as the store writes it.</param>
/// <param name="Picture">File name among the assets.</param>
internal sealed record StoreProduct(string Id, JsonObject Attributes, string Quantity, IReadOnlyList<string> CategoryIds, string? Picture)
{
    /// <summary>Of a variant: its configurable product's id, whether or not the store's API tells.</summary>
    public string? ParentId { get; init; }

    public string? ParentSku { get; init; }

    public bool IsConfigurable => Attributes["type_id"]?.ToString() == "configurable";

    public bool IsVisible => Attributes["visibility"]?.ToString() != "1" && Attributes["status"]?.ToString() == "1";

    public static IEnumerable<StoreProduct> From(DemoProduct product) =>
        product.Variants.Select(variant => From(variant, product)).Prepend(WithoutVariants(product));

    public static StoreProduct New(string id) => New(id, "simple", "SKU-" + id, "Product " + id, 10m, isVisible: true);

    /// <summary>Ten in stock, in no category, without a picture.</summary>
    public static StoreProduct New(string id, string type, string sku, string name, decimal price, bool isVisible) =>
        new(id, Basics(id, type, sku, name, price, isVisible ? "4" : "1"), StoreFormats.Amount(10), [], null);

    /// <summary>With the members of <see cref="CatalogChanges.Change"/> put over it.</summary>
    public StoreProduct With(JsonObject changes)
    {
        foreach (var (name, value) in changes.Where(pair => pair.Key is not ("qty" or "category_ids" or "picture")))
        {
            if (value is null)
                Attributes.Remove(name);
            else
                Attributes[name] = value.DeepClone();
        }
        return this with
        {
            Quantity = changes["qty"]?.ToString() ?? Quantity,
            CategoryIds = changes["category_ids"] is JsonArray ids ? [.. ids.Select(id => id!.ToString())] : CategoryIds,
            ParentId = changes.ContainsKey("parent_id") ? changes["parent_id"]?.ToString() : ParentId,
            Picture = changes.ContainsKey("picture") ? changes["picture"]?.ToString() : Picture,
        };
    }

    private static StoreProduct WithoutVariants(DemoProduct product)
    {
        var isConfigurable = product.Variants.Count > 0;
        var attributes = Basics(
            product.Id, isConfigurable ? "configurable" : "simple", product.Sku, product.Name, product.CompareAtPrice ?? product.Price, "4");
        if (product.CompareAtPrice is not null)
            attributes["special_price"] = StoreFormats.Amount(product.Price);
        attributes["url_key"] = product.UrlKey;
        attributes["brand"] = product.Brand;
        attributes["manufacturer"] = product.Brand;
        attributes["description"] = $"<p>{product.Description}</p>";
        attributes["condition"] = "new";
        return new(product.Id, attributes, StoreFormats.Amount(isConfigurable ? 0 : 25), product.CategoryIds, product.Picture);
    }

    private static StoreProduct From(DemoVariant variant, DemoProduct product)
    {
        var own = New(variant.Id, "simple", variant.Sku, $"{product.Name} {variant.Size}", product.Price, isVisible: false);
        own.Attributes["size"] = variant.Size;
        return own with { ParentId = product.Id, ParentSku = product.Sku };
    }

    private static JsonObject Basics(string id, string type, string sku, string name, decimal price, string visibility) => new()
    {
        ["entity_id"] = id,
        ["attribute_set_id"] = "4",
        ["type_id"] = type,
        ["sku"] = sku,
        ["name"] = name,
        ["status"] = "1",
        ["visibility"] = visibility,
        ["tax_class_id"] = "2",
        ["price"] = StoreFormats.Amount(price),
        ["apply_tier_price_to_variations"] = "0",
        ["zoey_unlisted"] = StoreFormats.Unlisted,
    };
}
