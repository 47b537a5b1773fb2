using System.Net;
using System.Text.Json.Nodes;
using ZoeyKlaviyo.Sandbox.Zoey;

namespace ZoeyKlaviyo.Tests.Sandbox;

public sealed class ZoeyOrderTests
{
    [Fact]
    public async Task ShapeA_Always_IsMagentosOwn()
    {
        await using var session = await ZoeySession.StartAsync();
        session.Place();
        var order = (await session.GetAsync("orders")).Json["123"]!.AsObject();
        Assert.All(
            new[] { "customer_email", "state", "quote_id", "updated_at", "admin_order_info", "order_id", "items" },
            name => Assert.False(order.ContainsKey(name), name));
        Assert.Equal(
            ["123", "100000123", "processing", "7", "2026-11-23 17:00:00", "USD", "49.9000"],
            Texts(order, "entity_id", "increment_id", "status", "customer_id", "created_at", "store_currency_code", "subtotal"));
        Assert.Equal(["-5.0000", "-5.0000", "55.6500"], Texts(order, "discount_amount", "base_discount_amount", "grand_total"));
        var billing = order["addresses"]![0]!;
        Assert.Equal(["billing", "jo@acme-customer.test", "1 Main St\nSuite 2"], Texts(billing, "address_type", "email", "street"));
        Assert.Equal(["shipping"], Texts(order["addresses"]![1]!, "address_type"));
    }

    [Fact]
    public async Task Variant_Bought_IsALineAndItsChild()
    {
        await using var session = await ZoeySession.StartAsync();
        session.Place();
        var lines = (await session.GetAsync("orders/123/items")).Json.AsArray();
        Assert.Equal(["900", "901", "1000000901"], lines.Select(line => line!["item_id"]!.ToString()));
        Assert.Equal([null, null, "901"], lines.Select(line => line!["parent_item_id"]?.ToString()));
        Assert.Equal(["GLV-L", "2.0000", "12.5000", "25.0000"], Texts(lines[1]!, "sku", "qty_ordered", "price", "row_total"));
        Assert.Equal(["GLV-L", "2.0000", "0.0000", "0.0000"], Texts(lines[2]!, "sku", "qty_ordered", "price", "row_total"));
        Assert.All(lines, line => Assert.False(line!.AsObject().ContainsKey("product_id")));
    }

    [Fact]
    public async Task ShapeB_Always_IsZoeysRicherOne()
    {
        await using var session = await ZoeySession.StartAsync();
        await session.SetAsync(new { orderShape = "B" });
        session.Place();
        var order = Assert.Single((await session.GetAsync("orders")).Json.AsArray())!;
        Assert.Equal(
            ["123", "100000123", "55", "jo@acme-customer.test", "USD", "processing"],
            Texts(order, "order_id", "increment_id", "quote_id", "customer_email", "order_currency_code", "state"));
        Assert.False(order.AsObject().ContainsKey("entity_id"));
        Assert.Equal(["101", "104", "106"], order["items"]!.AsArray().Select(line => line!["product_id"]!.ToString()));
        Assert.Equal(["simple", "configurable", "simple"], order["items"]!.AsArray().Select(line => line!["product_type"]!.ToString()));
        Assert.Equal("Springfield", order["billing_address"]!["city"]!.ToString());
        Assert.Equal(["123"], await session.IdsAsync("orders?filter[1][attribute]=entity_id&filter[1][eq]=123"));
        Assert.Equal("123", (await session.GetAsync("orders/123")).Json["order_id"]!.ToString());
    }

    [Theory]
    [InlineData("A")]
    [InlineData("B")]
    public async Task TeamMember_WhoPlacedIt_IsNamed(string shape)
    {
        await using var session = await ZoeySession.StartAsync();
        await session.SetAsync(new { orderShape = shape });
        session.Place(teamMember: "Kim Lee");
        session.Place();
        Assert.Equal("Kim Lee", (await session.GetAsync("orders/123")).Json["admin_order_info"]!["Created by Team Member"]!.ToString());
        Assert.False((await session.GetAsync("orders/124")).Json.AsObject().ContainsKey("admin_order_info"));
    }

    [Theory]
    [InlineData("A", "order_items")]
    [InlineData("B", "items")]
    public async Task Lines_MissingInTheList_AreInTheOrderItself(string shape, string name)
    {
        await using var session = await ZoeySession.StartAsync();
        await session.SetAsync(new { orderShape = shape, orderLines = "missing" });
        session.Place();
        var list = (await session.GetAsync("orders")).Json;
        Assert.False((shape == "A" ? list["123"]! : list[0]!).AsObject().ContainsKey(name));
        Assert.Equal(3, (await session.GetAsync("orders/123")).Json[name]!.AsArray().Count);
    }

    [Fact]
    public async Task Lines_InInvoices_AreThereOnlyOnceInvoiced()
    {
        await using var session = await ZoeySession.StartAsync();
        await session.SetAsync(new { orderLines = "invoices" });
        session.Place();
        session.Place("pending_payment");
        var list = (await session.GetAsync("orders")).Json;
        Assert.Empty(list["123"]!["order_items"]!.AsArray());
        Assert.Equal(3, list["123"]!["order_invoices"]![0]!["items"]!.AsArray().Count);
        Assert.Empty(list["124"]!["order_invoices"]!.AsArray());
        Assert.Equal(3, (await session.GetAsync("orders/124")).Json["order_items"]!.AsArray().Count);
    }

    [Fact]
    public async Task Guest_WithoutAnAddress_IsAnOrderAllTheSame()
    {
        await using var session = await ZoeySession.StartAsync();
        var placed = session.Server.Orders.Place(
            new("", "", "9", "pending", null, null, default, default, "EUR", 0m, null, 0m, 0m, null, null, null, []));
        var order = (await session.GetAsync("orders/" + placed.EntityId)).Json;
        Assert.Null(order["customer_id"]);
        Assert.Empty(order["addresses"]!.AsArray());
        Assert.Equal(["0.0000", "EUR"], Texts(order, "discount_amount", "store_currency_code"));
        session.Server.Store.Quirks = new StoreQuirks { OrderShape = OrderShape.B };
        Assert.Equal(["1", "0.0000"], Texts((await session.GetAsync("orders/" + placed.EntityId)).Json, "customer_is_guest", "total_due"));
    }

    [Fact]
    public async Task PartsOfAnOrder_Always_HaveTheirOwnAddresses()
    {
        await using var session = await ZoeySession.StartAsync();
        session.Place();
        Assert.Equal(2, (await session.GetAsync("orders/123/addresses")).Json.AsArray().Count);
        Assert.Equal("processing", (await session.GetAsync("orders/123/comments")).Json[0]!["status"]!.ToString());
        (await session.GetAsync("orders/99/items")).IsRefused(HttpStatusCode.NotFound, "Resource not found.");
    }

    [Theory]
    [InlineData(OrderShape.A)]
    [InlineData(OrderShape.B)]
    public async Task WrittenOrder_Always_IsWhatTheApiShows(OrderShape shape)
    {
        await using var session = await ZoeySession.StartAsync();
        session.Server.Store.Quirks = new StoreQuirks { OrderShape = shape, OrderLines = OrderLines.Missing };
        var order = session.Place(teamMember: "Kim Lee");
        Assert.Equal((await session.GetAsync("orders/123")).Text, session.Server.WriteOrder(order));
    }

    private static IEnumerable<string> Texts(JsonNode json, params string[] names) => names.Select(name => json[name]!.GetValue<string>());
}
