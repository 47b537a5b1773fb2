using System.Text.Json.Nodes;
using ZoeyKlaviyo.Sandbox.Shop;
using ZoeyKlaviyo.Sandbox.Zoey.Api;

namespace ZoeyKlaviyo.Sandbox.Zoey.Orders;

/// <summary>Stock Magento's list is an object by id; the one in Zoey's own shape is an array.</summary>
internal sealed class OrderResource(OrderBook orders) : IStoreResource
{
    private static readonly ShopOrder s_none = new("", "", "", "", null, null, default, default, "", 0m, null, 0m, 0m, null, null, null, []);

    public IEnumerable<StoreRoute> Routes =>
    [
        new("orders", call => List(call, call.Quirks.OrderShape)),
        new("orders/list", call => List(call, OrderShape.B)),
        new("orders/{id}", call => One(call, order => OrderJson.Detail(order, call.Quirks))),
        new("orders/{id}/items", call => One(call, order => OrderLineJson.Write(order, call.Quirks.OrderShape))),
        new("orders/{id}/addresses", call => One(call, OrderAddressJson.WriteAll)),
        new("orders/{id}/comments", call => One(call, OrderShapeA.Comments)),
    ];

    private StoreAnswer List(StoreCall call, OrderShape shape)
    {
        var attributes = OrderJson.InList(s_none, call.Quirks with { OrderLines = OrderLines.Missing }, shape)
            .Where(pair => pair.Value is null or JsonValue).Select(pair => pair.Key).Append("entity_id");
        return new StoreCollection([.. attributes], IsMap: shape == OrderShape.A)
            .Answer(call, orders.Orders.Select(order =>
                new StoreRow(order.EntityId, () => OrderJson.InList(order, call.Quirks, shape), attribute => Known(order, attribute))));
    }

    /// <summary>What orders are usually looked for by. The database's name for the id is known in both shapes.</summary>
    private static string? Known(ShopOrder order, string attribute) => attribute switch
    {
        "entity_id" or "order_id" => order.EntityId,
        "increment_id" => order.Number,
        "status" => order.Status,
        "created_at" => StoreFormats.Time(order.CreatedUtc),
        "updated_at" => StoreFormats.Time(order.UpdatedUtc),
        _ => null,
    };

    private StoreAnswer One(StoreCall call, Func<ShopOrder, JsonNode> write) =>
        orders.Find(call.Id) is { } order ? StoreAnswer.Ok(write(order)) : StoreAnswer.NoEntity;
}
