using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace ZoeyKlaviyo.Tests.Sandbox;

public sealed class ShopInspectionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Order_WithWhatMatters_HasDefaultsForTheRest()
    {
        await using var session = await SandboxSession.StartAsync();
        var order = await PlaceAsync(session, new { email = "kim@shop-demo.com", createdUtc = "2026-11-20T10:00:00Z", status = "pending_payment", currency = "JPY", teamMember = "Dana" });
        Assert.Equal("processing", (await PlaceAsync(session, new { }))["status"]!.GetValue<string>());
        Assert.Equal(
            ("kim@shop-demo.com", "2026-11-20T10:00:00+00:00", "2026-11-20T10:00:00+00:00", "pending_payment", "JPY", "Dana", 0m),
            (Text("email"), Text("createdUtc"), Text("updatedUtc"), Text("status"), Text("currency"), Text("teamMember"), order["grandTotal"]!.GetValue<decimal>()));
        using var changed = await session.Http.PostAsJsonAsync($"/sandbox/orders/{Text("entityId")}/status", new { status = "processing" }, Cancel);
        var orders = JsonNode.Parse(await session.Http.GetStringAsync("/sandbox/orders", Cancel))!.AsArray();
        Assert.Equal(["processing", "processing"], orders.Select(one => one!["status"]!.GetValue<string>()));
        Assert.Equal(2, orders.Select(one => one!["quoteId"]!.GetValue<string>()).Distinct().Count());

        string Text(string member) => order[member]!.ToString();
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"colour\":1}")]
    [InlineData("{\"lines\":null}")]
    [InlineData("{\"lines\":[null]}")]
    [InlineData("{\"status\":null}")]
    [InlineData("{\"createdUtc\":\"yesterday\"}")]
    [InlineData("{\"email\":1,\"email\":2}")]
    public async Task Order_Wrong_IsRefusedWithAReason(string body)
    {
        await using var session = await SandboxSession.StartAsync();
        using var answer = await session.Http.PostAsync("/sandbox/orders", new StringContent(body), Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("error", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal("[]", await session.Http.GetStringAsync("/sandbox/orders", Cancel));
    }

    [Theory]
    [InlineData("999", "{\"status\":\"processing\"}", HttpStatusCode.NotFound)]
    [InlineData("123", "{}", HttpStatusCode.BadRequest)]
    [InlineData("123", "{\"status\":7}", HttpStatusCode.BadRequest)]
    public async Task Status_Wrong_ChangesNothing(string entityId, string body, HttpStatusCode status)
    {
        await using var session = await SandboxSession.StartAsync();
        Assert.Equal("123", (await PlaceAsync(session, new { }))["entityId"]!.GetValue<string>());
        using var answer = await session.Http.PostAsync($"/sandbox/orders/{entityId}/status", new StringContent(body), Cancel);
        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task Reset_ForgetsOrdersAndSubscribers()
    {
        await using var session = await SandboxSession.StartAsync();
        using var shopper = Shopper.In(session);
        await PlaceAsync(session, new { });
        await shopper.PostAsync("/shop/newsletter/subscriber/new", ("email", "kim@shop-demo.com"));
        session.Server.Reset();
        Assert.Equal("[]", await session.Http.GetStringAsync("/sandbox/orders", Cancel));
        Assert.Equal("[]", await session.Http.GetStringAsync("/sandbox/subscribers", Cancel));
    }

    private static async Task<JsonNode> PlaceAsync(SandboxSession session, object order)
    {
        using var answer = await session.Http.PostAsJsonAsync("/sandbox/orders", order, Cancel);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancel))!;
    }
}
