using System.Text.Json.Nodes;

namespace ZoeyKlaviyo.Tests.Sandbox;

/// <summary>The catalog's request bodies as Klaviyo's documentation shows them; ids are the external ones.</summary>
internal static class CatalogBodies
{
    public static string Compound(string id) => "$custom:::$default:::" + id;

    public static string Plural(string kind) => kind == "category" ? "categories" : kind + "s";

    public static string JobPath(string kind, string operation) => $"/api/catalog-{kind}-bulk-{operation}-jobs";

    public static JsonObject Job(string kind, string operation, params JsonObject[] rows) => new()
    {
        ["data"] = new JsonObject
        {
            ["type"] = $"catalog-{kind}-bulk-{operation}-job",
            ["attributes"] = new JsonObject { [Plural(kind)] = new JsonObject { ["data"] = new JsonArray([.. rows]) } },
        },
    };

    public static JsonObject Category(string id, string name = "Tools > Hammers", params string[] items) =>
        Row("category", null, new() { ["external_id"] = id, ["name"] = name }, "items", items);

    public static JsonObject Item(string id, string title = "Red mug", params string[] categories) => Row(
        "item",
        null,
        new()
        {
            ["external_id"] = id,
            ["title"] = title,
            ["description"] = "A mug.",
            ["price"] = 19.9m,
            ["url"] = "https://shop.test/" + id,
            ["image_full_url"] = $"https://shop.test/{id}.jpg",
        },
        "categories",
        categories);

    public static JsonObject Variant(string id, string item, string title = "Red mug, large")
    {
        var row = Row("variant", null, new()
        {
            ["external_id"] = id,
            ["title"] = title,
            ["description"] = "A mug.",
            ["sku"] = "SKU-" + id,
            ["price"] = 19.9m,
            ["inventory_quantity"] = 8,
            ["inventory_policy"] = 1,
            ["url"] = "https://shop.test/" + id,
        });
        row["relationships"] = new JsonObject { ["item"] = new JsonObject { ["data"] = Reference("item", item) } };
        return row;
    }

    public static JsonObject Update(string kind, string id, JsonObject attributes, params string[] related) =>
        Row(kind, id, attributes, kind == "category" ? "items" : "categories", related);

    public static JsonObject Delete(string kind, string id) => Row(kind, id, null);

    /// <summary>The body that changes an item's categories.</summary>
    public static JsonObject Links(params string[] categories) => new() { ["data"] = References("category", categories) };

    private static JsonObject Row(string kind, string? id, JsonObject? attributes, string relationship = "", params string[] related)
    {
        var row = new JsonObject { ["type"] = "catalog-" + kind };
        if (id is not null)
            row["id"] = Compound(id);
        if (attributes is not null)
            row["attributes"] = attributes;
        if (related.Length > 0)
        {
            row["relationships"] = new JsonObject
            {
                [relationship] = new JsonObject { ["data"] = References(relationship == "items" ? "item" : "category", related) },
            };
        }
        return row;
    }

    private static JsonArray References(string kind, string[] ids) => new([.. ids.Select(id => Reference(kind, id))]);

    private static JsonObject Reference(string kind, string id) => new() { ["type"] = "catalog-" + kind, ["id"] = Compound(id) };
}
