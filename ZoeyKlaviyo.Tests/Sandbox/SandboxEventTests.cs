using System.Net;
using System.Text.Json.Nodes;
using static ZoeyKlaviyo.Tests.Sandbox.KlaviyoBodies;

namespace ZoeyKlaviyo.Tests.Sandbox;

public sealed class SandboxEventTests
{
    [Fact]
    public async Task Event_Good_IsKeptAsSent()
    {
        await using var session = await SandboxSession.ConnectAsync();
        var answer = await session.PostAsync("/api/events", Event("100012"));
        var kept = Assert.Single(session.Server.Events);
        Assert.Equal((HttpStatusCode.Accepted, ""), (answer.Status, answer.Text));
        Assert.Equal(("ABC123", "Placed Order", "jo@shop.test", "100012", 39.8m, "EUR", "single", false),
            (kept.Account, kept.Metric, kept.Email, kept.UniqueId, kept.Value, kept.ValueCurrency, kept.Via, kept.Backfill));
        Assert.Equal("""{"email":"jo@shop.test"}""", kept.Profile.GetRawText());
        Assert.Equal("77", kept.Properties.GetProperty("Items")[0].GetProperty("ProductID").GetString());
    }

    [Fact]
    public async Task Event_SameUniqueId_KeepsTheFirst()
    {
        await using var session = await SandboxSession.ConnectAsync();
        var repeat = Event("1", "JO@shop.test");
        Attributes(repeat)["value"] = 1;
        await session.PostAsync("/api/events", Event("1"));
        var answer = await session.PostAsync("/api/events", repeat);
        await session.PostAsync("/api/events", Event("1", metric: "Ordered Product"));
        await session.PostAsync("/api/events", Event("1", email: "other@shop.test"));
        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        Assert.Equal(3, session.Server.Events.Count);
        Assert.Equal(39.8m, session.Server.Events[0].Value);
    }

    [Fact]
    public async Task Event_WithoutUniqueId_IsOneASecond()
    {
        await using var session = await SandboxSession.ConnectAsync();
        foreach (var time in new[] { "2026-11-20T09:15:00.100Z", "2026-11-20T09:15:00.900", "2026-11-20T09:15:01Z" })
        {
            var body = Event();
            Attributes(body).Remove("unique_id");
            Attributes(body)["time"] = time;
            await session.PostAsync("/api/events", body);
        }
        Assert.Equal(2, session.Server.Events.Count);
    }

    [Theory]
    [InlineData("jo@example.com")]
    [InlineData("jo@TEST.com")]
    public async Task Event_OfAReservedAddress_IsAcceptedAndDropped(string email)
    {
        await using var session = await SandboxSession.ConnectAsync();
        Assert.Equal(HttpStatusCode.Accepted, (await session.PostAsync("/api/events", Event(email: email))).Status);
        Assert.Empty(session.Server.Events);
    }

    [Theory]
    [InlineData("jo")]
    [InlineData("jo@shop")]
    [InlineData("jo@shop..test")]
    [InlineData("jo smith@shop.test")]
    public async Task Event_InvalidAddress_IsRefusedByPointer(string email)
    {
        await using var session = await SandboxSession.ConnectAsync();
        var answer = await session.PostAsync("/api/events", Event(email: email));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid"), (answer.Status, answer.Code));
        Assert.Equal(["/data/attributes/profile/data/attributes/email"], answer.Pointers);
        Assert.Equal(["Invalid email address"], answer.Details);
    }

    [Fact]
    public async Task Event_AddressOfHundredCharacters_IsRefused()
    {
        await using var session = await SandboxSession.ConnectAsync();
        var longest = new string('a', 89) + "@shop.test";
        Assert.Equal(HttpStatusCode.Accepted, (await session.PostAsync("/api/events", Event(email: longest))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await session.PostAsync("/api/events", Event(email: "a" + longest))).Status);
    }

    [Theory]
    [InlineData("1989-12-31T23:59:59Z")]
    [InlineData("2027-11-23T17:00:01Z")]
    public async Task Event_TimeOutOfRange_IsRefused(string time)
    {
        await using var session = await SandboxSession.ConnectAsync();
        var body = Event();
        Attributes(body)["time"] = time;
        Assert.Equal(["/data/attributes/time"], (await session.PostAsync("/api/events", body)).Pointers);
    }

    [Fact]
    public async Task Event_OverTheLimits_IsRefusedOnEachCount()
    {
        await using var session = await SandboxSession.ConnectAsync();
        var many = Event();
        Attributes(many)["properties"] = new JsonObject(Enumerable.Range(0, 401).Select(i => KeyValuePair.Create($"p{i}", (JsonNode?)i)));
        var deep = Event();
        Attributes(deep)["properties"] = Enumerable.Range(0, 11).Aggregate(new JsonObject(), (inner, _) => new JsonObject { ["a"] = inner });
        var wide = Event();
        Attributes(wide)["properties"] = new JsonObject { ["Text"] = new string('x', 100 * 1024 + 1) };
        var named = Event(metric: new string('m', 128));
        Assert.Equal(["/data/attributes/properties"], (await session.PostAsync("/api/events", many)).Pointers);
        Assert.StartsWith("/data/attributes/properties/a/a", Assert.Single((await session.PostAsync("/api/events", deep)).Pointers), StringComparison.Ordinal);
        Assert.Equal(["/data/attributes/properties/Text"], (await session.PostAsync("/api/events", wide)).Pointers);
        Assert.Equal(["/data/attributes/metric/data/attributes/name"], (await session.PostAsync("/api/events", named)).Pointers);
        Assert.Empty(session.Server.Events);
    }

    [Fact]
    public async Task Event_OverFiveMegabytes_IsTooLarge()
    {
        await using var session = await SandboxSession.ConnectAsync();
        var body = Event();
        Attributes(body)["properties"] = new JsonObject(
            Enumerable.Range(0, 60).Select(i => KeyValuePair.Create($"p{i}", (JsonNode?)new string('x', 90_000))));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await session.PostAsync("/api/events", body)).Status);
    }

    [Fact]
    public async Task Events_Read_ComeNewestFirstByPages()
    {
        await using var session = await SandboxSession.ConnectAsync();
        foreach (var day in new[] { 18, 20, 19 })
        {
            var body = Event($"order {day}");
            Attributes(body)["time"] = $"2026-11-{day}T00:00:00Z";
            await session.PostAsync("/api/events", body);
        }
        var first = await session.GetAsync("/api/events?page%5Bsize%5D=2");
        var second = await session.GetAsync(new Uri(first.Json["links"]!["next"]!.GetValue<string>()).PathAndQuery);
        Assert.Equal(["order 20", "order 19", "order 18"], UniqueIds(first).Concat(UniqueIds(second)));
        Assert.Null(second.Json["links"]!["next"]);
    }

    [Fact]
    public async Task Metrics_AfterEvents_NameThem()
    {
        await using var session = await SandboxSession.ConnectAsync();
        await session.PostAsync("/api/events", Event(metric: "Active on Site"));
        var all = await session.GetAsync("/api/metrics");
        var one = await session.GetAsync("/api/metrics/" + all.Json["data"]![0]!["id"]!.GetValue<string>());
        Assert.Equal("Active on Site", one.Json["data"]!["attributes"]!["name"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.BadRequest, (await session.GetAsync("/api/metrics?page%5Bsize%5D=5")).Status);
    }

    private static IEnumerable<string> UniqueIds(ApiResult page) =>
        page.Json["data"]!.AsArray().Select(one => one!["attributes"]!["event_properties"]!["$event_id"]!.GetValue<string>());
}
