using System.Globalization;
using System.Text.Json.Nodes;
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
        var view = catalog.Now;
        var isGuest = call.IsGuest || call.Quirks.GuestListing;
        var category = call.Quirks.CategoryFilterIgnored ? null : call.Query["category_id"];
        if (category is not null && view.FindCategory(category) is null)
            return StoreAnswer.Refused(400, "Category not found.");
        var ids = category is null ? view.Ids : view.IdsIn(category);
        if (isGuest)
            ids = [.. ids.Where(id => view.Find(id)!.IsVisible)];
        return Collection(call, isGuest).Answer(call, new StoreRows(ids.Count, index => Row(view, ids[index], isGuest)));
    }

    private static StoreCollection Collection(StoreCall call, bool isGuest)
    {
        if (isGuest)
            return new(s_guestAttributes, IsMap: true) { SortedBy = "entity_id" };
        IEnumerable<string> attributes = s_attributes;
        if (call.Quirks.ParentId)
            attributes = attributes.Append("parent_id");
        if (call.Quirks.UpdatedAt)
            attributes = attributes.Append("updated_at");
        return new([.. attributes], IsMap: true) { SortedBy = "entity_id" };
    }

    private static StoreRow Row(CatalogView view, long id, bool isGuest)
    {
        var text = id.ToString(CultureInfo.InvariantCulture);
        return new(text, () => Listed(view.Find(id)!, isGuest), attribute => attribute == "entity_id" ? text : null);
    }

    private static JsonObject Listed(StoreProduct product, bool isGuest)
    {
        foreach (var name in isGuest ? product.Attributes.Select(pair => pair.Key).Except(s_guestAttributes).ToList() : [])
            product.Attributes.Remove(name);
        return product.Attributes;
    }

    private StoreAnswer One(StoreCall call, Func<StoreProduct, JsonNode> write) =>
        catalog.Now.Find(call.Id) is { } product ? StoreAnswer.Ok(write(product)) : StoreAnswer.NoEntity;

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
