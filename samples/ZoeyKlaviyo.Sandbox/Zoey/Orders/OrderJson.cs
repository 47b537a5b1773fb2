using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ZoeyKlaviyo.Sandbox.Shop;
using ZoeyKlaviyo.Sandbox.Zoey.Api;

namespace ZoeyKlaviyo.Sandbox.Zoey.Orders;

internal sealed class OrderJson(StoreState store) : IOrderJson
{
    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string Write(ShopOrder order) => Detail(order, store.Quirks).ToJsonString(s_json);

    public static JsonObject Detail(ShopOrder order, StoreQuirks quirks) => Write(order, quirks, quirks.OrderShape, OrderLines.Embedded, saysWhoPlacedIt: true);

    /// <summary>In shape A, a listing does not say who placed an order.</summary>
    public static JsonObject InList(ShopOrder order, StoreQuirks quirks, OrderShape shape) =>
        Write(order, quirks, shape, quirks.OrderLines, saysWhoPlacedIt: shape == OrderShape.B);

    private static JsonObject Write(ShopOrder order, StoreQuirks quirks, OrderShape shape, OrderLines lines, bool saysWhoPlacedIt)
    {
        var json = shape == OrderShape.A ? OrderShapeA.Write(order) : OrderShapeB.Write(order);
        if (quirks.UpdatedAt)
            json["updated_at"] = StoreFormats.Time(order.UpdatedUtc);
        WriteLines(json, order, shape, lines);
        if (saysWhoPlacedIt && order.TeamMember is { } member)
        {
            json["admin_order_info"] = new JsonObject
            {
                ["Created by Team Member"] = member,
                ["Created"] = StoreFormats.Time(order.CreatedUtc),
                ["Created from IP"] = "127.0.0.1",
            };
        }
        json["zoey_unlisted"] = StoreFormats.Unlisted;
        return json;
    }

    private static void WriteLines(JsonObject json, ShopOrder order, OrderShape shape, OrderLines lines)
    {
        var name = shape == OrderShape.A ? "order_items" : "items";
        if (lines == OrderLines.Embedded)
            json[name] = OrderLineJson.Write(order, shape);
        if (lines != OrderLines.Invoices)
            return;
        json[name] = new JsonArray();
        json["order_invoices"] = OrderAmounts.IsPaid(order)
            ? new JsonArray(new JsonObject { ["increment_id"] = "2" + order.Number[1..], ["items"] = OrderLineJson.Write(order, shape) })
            : new JsonArray();
    }
}
