using System.Text.Json.Nodes;
using ZoeyKlaviyo.Sandbox.Shop;
using ZoeyKlaviyo.Sandbox.Zoey.Api;

namespace ZoeyKlaviyo.Sandbox.Zoey.Catalog;

/// <param name="Attributes">As the list shows them; one without a value has no key.</param>
/// <param name="Quantity">In stock, as the store writes it.</param>
/// <param name="Picture">File name among the assets.</param>
internal sealed record StoreProduct(string Id, JsonObject Attributes, string Quantity, IReadOnlyList<string> CategoryIds, string? Picture)
{
    public bool IsConfigurable => Attributes["type_id"]?.ToString() == "configurable";

    public bool IsVisible => Attributes["visibility"]?.ToString() != "1" && Attributes["status"]?.ToString() == "1";

    public static IEnumerable<StoreProduct> From(DemoProduct product, bool withParentId) =>
        product.Variants.Select(variant => From(variant, product, withParentId)).Prepend(From(product));

    public static StoreProduct New(string id) =>
        new(id, Basics(id, "simple", "SKU-" + id, "Product " + id, 10m, "4"), StoreFormats.Amount(10), [], null);

    /// <summary>With the members of <see cref="ProductChanges.Change"/> put over it.</summary>
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
            Picture = changes.ContainsKey("picture") ? changes["picture"]?.ToString() : Picture,
        };
    }

    private static StoreProduct From(DemoProduct product)
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

    private static StoreProduct From(DemoVariant variant, DemoProduct product, bool withParentId)
    {
        var attributes = Basics(variant.Id, "simple", variant.Sku, $"{product.Name} {variant.Size}", product.Price, "1");
        attributes["size"] = variant.Size;
        if (withParentId)
            attributes["parent_id"] = product.Id;
        return new(variant.Id, attributes, StoreFormats.Amount(10), [], null);
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
