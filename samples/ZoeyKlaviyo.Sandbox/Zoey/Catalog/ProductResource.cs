using System.Text.Json.Nodes;
using ZoeyKlaviyo.Sandbox.Shop;
using ZoeyKlaviyo.Sandbox.Zoey.Api;

namespace ZoeyKlaviyo.Sandbox.Zoey.Catalog;

internal sealed class ProductResource(StoreCatalog catalog) : IStoreResource
{
    private static readonly string[] s_attributes =
    [
        "entity_id", "attribute_set_id", "type_id", "sku", "name", "status", "visibility", "tax_class_id", "price", "special_price", "special_from_date",
        "special_to_date", "cost", "msrp", "weight", "url_key", "description", "short_description", "brand", "manufacturer", "size", "condition",
        "apply_tier_price_to_variations",
    ];

    private static readonly string[] s_guestAttributes = ["entity_id", "type_id", "sku", "name", "description", "short_description"];

    public IEnumerable<StoreRoute> Routes =>
    [
        new("products", List) { IsForGuests = true },
        new("products/{id}", call => One(call, product => Detail(product))),
        new("products/{id}/categories", call => One(call, product => Rows("category_id", product.CategoryIds))),
        new("products/{id}/websites", call => One(call, _ => Rows("website_id", ["1"]))),
        new("products/{id}/images", call => One(call, product => Images(product, call.Address))),
    ];

    private StoreAnswer List(StoreCall call)
    {
        var products = catalog.Products.Where(product => !call.IsGuest || product.IsVisible);
        if (call.Query["category_id"] is { } category)
        {
            if (category != DemoCategory.RootId && DemoCategory.All.All(one => one.Id != category))
                return StoreAnswer.Refused(400, "Category not found.");
            products = products.Where(product => product.CategoryIds.Contains(category));
        }
        return Collection(call).Answer(call, products.Select(product => Row(product, call.IsGuest)));
    }

    private static StoreCollection Collection(StoreCall call)
    {
        if (call.IsGuest)
            return new(s_guestAttributes, IsMap: true);
        IEnumerable<string> attributes = s_attributes;
        if (call.Quirks.ParentId)
            attributes = attributes.Append("parent_id");
        if (call.Quirks.UpdatedAt)
            attributes = attributes.Append("updated_at");
        return new([.. attributes], IsMap: true);
    }

    private static StoreRow Row(StoreProduct product, bool isGuest)
    {
        foreach (var name in isGuest ? product.Attributes.Select(pair => pair.Key).Except(s_guestAttributes).ToList() : [])
            product.Attributes.Remove(name);
        return new(product.Id, product.Attributes);
    }

    private StoreAnswer One(StoreCall call, Func<StoreProduct, JsonNode> write) =>
        catalog.Find(call.Id) is { } product ? StoreAnswer.Ok(write(product)) : StoreAnswer.NoEntity;

    private static JsonObject Detail(StoreProduct product)
    {
        var detail = product.Attributes;
        detail["stock_data"] = StockResource.Data(product);
        detail["tier_price"] = new JsonArray();
        detail["group_price"] = new JsonArray();
        return detail;
    }

    private static JsonArray Rows(string name, IEnumerable<string> ids) => new([.. ids.Select(id => new JsonObject { [name] = id })]);

    private static JsonArray Images(StoreProduct product, string address) => product.Picture is null ? [] :
    [
        new JsonObject
        {
            ["id"] = "2" + product.Id,
            ["label"] = product.Attributes["name"]?.ToString(),
            ["position"] = "1",
            ["exclude"] = "0",
            ["url"] = $"{address}/assets/{product.Picture}",
            ["types"] = new JsonArray("image", "small_image", "thumbnail"),
            ["zoey_unlisted"] = StoreFormats.Unlisted,
        },
    ];
}
