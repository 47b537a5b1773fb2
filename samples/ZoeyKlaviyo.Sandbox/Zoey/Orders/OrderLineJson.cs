using System.Text.Json.Nodes;
using ZoeyKlaviyo.Sandbox.Shop;
using ZoeyKlaviyo.Sandbox.Zoey.Api;

namespace ZoeyKlaviyo.Sandbox.Zoey.Orders;

/// <summary>A bought variant is two lines: the configurable product's, with the variant's sku and the price, and the variant's own, which costs nothing.</summary>
internal static class OrderLineJson
{
    public static JsonArray Write(ShopOrder order, OrderShape shape)
    {
        var isPaid = OrderAmounts.IsPaid(order);
        var lines = new JsonArray();
        foreach (var line in order.Lines)
        {
            lines.Add(One(line, line.ItemId, null, line.Price, isPaid, shape, line.ProductId, line.VariantId is null ? "simple" : "configurable"));
            if (line.VariantId is { } variant)
                lines.Add(One(line, "1" + line.ItemId.PadLeft(9, '0'), line.ItemId, 0m, isPaid, shape, variant, "simple"));
        }
        return lines;
    }

    private static JsonObject One(
        ShopOrderLine line, string id, string? parentId, decimal price, bool isPaid, OrderShape shape, string productId, string productType)
    {
        var json = new JsonObject
        {
            ["item_id"] = id,
            ["parent_item_id"] = parentId,
            ["sku"] = line.Sku,
            ["name"] = line.Name,
            ["qty_ordered"] = StoreFormats.Amount(line.Quantity),
            ["qty_invoiced"] = StoreFormats.Amount(isPaid ? line.Quantity : 0m),
            ["qty_shipped"] = StoreFormats.Amount(0m),
            ["qty_canceled"] = StoreFormats.Amount(0m),
            ["qty_refunded"] = StoreFormats.Amount(0m),
            ["tax_percent"] = StoreFormats.Amount(0m),
        };
        foreach (var name in new[] { "price", "original_price", "price_incl_tax" })
            OrderAmounts.Add(json, name, price);
        foreach (var name in new[] { "row_total", "row_total_incl_tax" })
            OrderAmounts.Add(json, name, price * line.Quantity);
        foreach (var name in new[] { "tax_amount", "discount_amount" })
            OrderAmounts.Add(json, name, 0m);
        if (shape == OrderShape.B)
        {
            json["product_id"] = productId;
            json["product_type"] = productType;
            json["has_children"] = productType == "configurable";
            json["quote_item_id"] = "4" + id;
            json["product_options"] = productType == "configurable" ? new JsonObject { ["simple_sku"] = line.Sku } : new JsonArray();
            json["product_custom_attributes"] = null;
        }
        json["zoey_unlisted"] = StoreFormats.Unlisted;
        return json;
    }
}
