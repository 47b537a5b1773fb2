namespace ZoeyKlaviyo.Core.Zoey;

/// <summary>A kind of record that the REST API has.</summary>
/// <param name="Name">As in a sentence: <c>orders</c>.</param>
/// <param name="Path">Under <c>{BaseUrl}/api/rest</c>.</param>
/// <param name="Role">Where the role's permission for it stands.</param>
/// <param name="IdNames">The members that hold a record's id, the likeliest first.</param>
/// <param name="Without">What it means for the merchant when the store does not give it, and what to do.</param>
public sealed record ZoeyResource(string Name, string Path, string Role, IReadOnlyList<string> IdNames, string Without)
{
    internal static ZoeyResource Products(ZoeyOptions options) => new(
        "products", options.Endpoints.Products, "Catalog → Products", ["entity_id", "product_id", "id"],
        "Without them, products and variants are not sent, and events tell less about what was bought.");

    internal static ZoeyResource Stock(ZoeyOptions options) => new(
        "stock", options.Endpoints.Stock, "Catalog → Inventory", ["item_id", "product_id", "id"],
        "Without it, products are sent without how many are left.");

    internal static ZoeyResource Categories(ZoeyOptions options) => new(
        "categories", options.Endpoints.Categories, "Catalog → Categories", ["category_id", "entity_id", "id"],
        "Without them, categories are not sent, and events name none.");

    internal static ZoeyResource Orders(ZoeyOptions options) => new(
        "orders", options.Endpoints.Orders, "Sales → Orders", ["entity_id", "order_id", "id"],
        "Without them, Placed Order and Ordered Product need the store to push its orders to the feed.");

    internal static ZoeyResource Subscribers(ZoeyOptions options) => new(
        "subscribers", options.Endpoints.Subscribers, "Newsletter → Subscribers", ["subscriber_id", "entity_id", "id"],
        "Upload a CSV export or push them to the feed instead.");
}
