using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ZoeyKlaviyo.Sandbox;
using ZoeyKlaviyo.Sandbox.Shop;

namespace ZoeyKlaviyo.Tests.Sandbox;

/// <summary>The newsletter of the sandbox's store, by its REST API, its pushes and its export.</summary>
public sealed class ZoeySubscriberTests
{
    private const string Path = "newsletter/subscribers";
    private const string ById = "&order=subscriber_id&dir=";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rows_OfEveryStatus_AreShownWithAndWithoutATime()
    {
        await using var session = await SeededAsync();
        var rows = (await session.GetAsync(Path + "?limit=100" + ById + "asc")).Json.AsArray();
        Assert.Equal(
        [
            "5 a@shop-demo.com 1 2026-11-20 10:00:00 0", "6 B@shop-demo.com 2  0", "7 c@shop-demo.com 3 2026-11-21 10:00:00 0", "40 d@shop-demo.com 4  99",
        ], rows.Select(row => string.Join(' ', new[] { "subscriber_id", "subscriber_email", "subscriber_status", "change_status_at", "customer_id" }.Select(name => (string?)row![name]))));
    }

    [Theory]
    [InlineData("filter[1][attribute]=change_status_at&filter[1][gteq]=2026-11-20%2010:00:00" + ById + "asc", "5 7")]
    [InlineData("filter[1][attribute]=change_status_at&filter[1][gt]=2026-11-20%2010:00:00", "7")]
    [InlineData("filter[1][attribute]=change_status_at&filter[1][null]=1" + ById + "asc", "6 40")]
    [InlineData("filter[1][attribute]=subscriber_id&filter[1][gt]=6" + ById + "asc", "7 40")]
    [InlineData("filter[1][attribute]=subscriber_status&filter[1][eq]=3", "7")]
    [InlineData("filter[1][attribute]=subscriber_email&filter[1][eq]=b@shop-demo.com", "6")]
    [InlineData("limit=2" + ById + "desc", "40 7")]
    [InlineData("limit=3&page=2" + ById + "asc", "40")]
    [InlineData("limit=3&page=3" + ById + "asc", "40")]
    public async Task Question_ByFilterOrderAndPage_FindsThese(string query, string ids)
    {
        await using var session = await SeededAsync();
        Assert.Equal(ids, string.Join(' ', await session.IdsAsync($"{Path}?{query}")));
    }

    [Fact]
    public async Task ChangeTime_InAStoreThatCannotFilterByIt_IsRefused()
    {
        await using var session = await SeededAsync();
        await session.SetAsync(new { changeStatusFilter = false });
        (await session.GetAsync(Path + "?filter[1][attribute]=change_status_at&filter[1][gteq]=2026-11-20"))
            .IsRefused(HttpStatusCode.BadRequest, "Resource collection filtering error.");
        (await session.GetAsync(Path + "?order=change_status_at&dir=asc")).IsRefused(HttpStatusCode.BadRequest, "Resource collection ordering error.");
        Assert.Equal("2026-11-20 10:00:00", (string?)(await session.GetAsync(Path + "?limit=1" + ById + "asc")).Json[0]!["change_status_at"]);
    }

    [Fact]
    public async Task Rows_Many_ComeInOneCallAndGoOneByOne()
    {
        await using var session = await ZoeySession.StartAsync();
        await session.SetAsync(new { subscribers = true });
        await SetAsync(session, Enumerable.Range(1, 10_000).Select(number => new { email = $"p{number}@shop-demo.com", status = 1 }));
        Assert.Equal(["10000"], await session.IdsAsync(Path + "?limit=1" + ById + "desc"));
        using (var removed = await session.Http.DeleteAsync("/sandbox/subscribers/P10000@shop-demo.com", Cancel))
            Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        using (var again = await session.Http.DeleteAsync("/sandbox/subscribers/p10000@shop-demo.com", Cancel))
            Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        Assert.Equal(["9999"], await session.IdsAsync(Path + "?limit=1" + ById + "desc"));
        session.Server.Subscribers.Subscribe("new@shop-demo.com", null);
        Assert.Equal(["10001"], await session.IdsAsync(Path + "?limit=1" + ById + "desc"));
    }

    [Fact]
    public async Task Row_SetAgain_KeepsItsId()
    {
        await using var session = await SeededAsync();
        await SetAsync(session, new[] { new { email = "b@shop-demo.com", status = 3, changeStatusAt = "2026-11-22T10:00:00Z" } });
        var row = Assert.Single((await session.GetAsync(Path + "?filter[1][attribute]=subscriber_id&filter[1][eq]=6")).Json.AsArray())!;
        Assert.Equal(("3", "2026-11-22 10:00:00"), ((string?)row["subscriber_status"], (string?)row["change_status_at"]));
        Assert.Equal(4, session.Server.Subscribers.Subscribers.Count);
    }

    [Fact]
    public async Task Fault_OnTheThirdPage_HitsThatAlone()
    {
        await using var session = await SeededAsync();
        await session.SwitchOnAsync(new { kind = "status", status = 503, path = Path, skip = 2, times = 1 });
        await session.SwitchOnAsync(new { kind = "empty", path = "page=4" });
        var answers = new List<ApiResult>();
        for (var page = 1; page <= 4; page++)
            answers.Add(await session.GetAsync($"{Path}?limit=1&page={page}{ById}asc"));
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK], answers.Select(answer => answer.Status));
        Assert.Equal("[]", answers[3].Text);
    }

    [Theory]
    [InlineData("{\"email\":\"a@shop-demo.com\"}")]
    [InlineData("[{\"email\":\"a@shop-demo.com\",\"status\":5}]")]
    [InlineData("{\"email\":null,\"status\":1}")]
    [InlineData("{\"email\":\"a@shop-demo.com\",\"status\":1,\"subscriberId\":\"x\"}")]
    [InlineData("{\"email\":\"a@shop-demo.com\",\"status\":1,\"colour\":1}")]
    [InlineData("[null]")]
    public async Task Row_Wrong_IsRefused(string body)
    {
        await using var session = await ZoeySession.StartAsync();
        using var answer = await session.Http.PostAsync("/sandbox/subscribers", new StringContent(body), Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Empty(session.Server.Subscribers.Subscribers);
    }

    [Fact]
    public async Task Export_OfTheAdmin_HasMagentosColumns()
    {
        await using var session = await SeededAsync();
        await SetAsync(session, new[] { new { email = "j\"o@shop-demo.com", status = 1, customerId = ShopCustomer.All[0].Id } });
        Assert.Equal(
            """
            "ID","Email","Type","Customer First Name","Customer Last Name","Status","Website","Store","Store View"
            "5","a@shop-demo.com","Guest","----","----","Subscribed","Main Website","Main Website Store","Default Store View"
            "6","B@shop-demo.com","Guest","----","----","Not Activated","Main Website","Main Website Store","Default Store View"
            "7","c@shop-demo.com","Guest","----","----","Unsubscribed","Main Website","Main Website Store","Default Store View"
            "40","d@shop-demo.com","Customer","----","----","Unconfirmed","Main Website","Main Website Store","Default Store View"
            "41","j""o@shop-demo.com","Customer","Jo","Doe","Subscribed","Main Website","Main Website Store","Default Store View"

            """.ReplaceLineEndings("\n"),
            await session.Http.GetStringAsync("/sandbox/subscribers.csv", Cancel));
    }

    [Fact]
    public async Task Push_OfASubscriber_IsSignedAndHasTheRow()
    {
        await using var listener = await FeedListener.StartAsync();
        await using var session = await SeededAsync(listener.Url);
        Assert.Equal("202 taken", await PushAsync(session, "A@shop-demo.com"));
        var push = Assert.Single(listener.Pushes);
        Assert.Equal(("/feed/demo/subscribers", "application/json"), (push.Path, push.MediaType));
        Assert.Equal("""{"subscriber_email":"a@shop-demo.com","subscriber_status":"1","change_status_at":"2026-11-20 10:00:00"}""", push.Body);
        var time = session.Clock.GetUtcNow().ToUnixTimeSeconds();
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(SandboxOptions.FeedSecret), Encoding.UTF8.GetBytes($"{time}.{push.Body}"));
        Assert.Equal($"t={time},v1={Convert.ToHexStringLower(signature)}", push.Signature);
    }

    [Fact]
    public async Task Push_WithoutATime_OrOnceMore_SaysSo()
    {
        await using var listener = await FeedListener.StartAsync();
        await using var session = await SeededAsync(listener.Url);
        Assert.Equal("404 ", await PushAsync(session, "c@shop-demo.com", "?repeat=true"));
        await PushAsync(session, "c@shop-demo.com", "?dateless=true");
        await PushAsync(session, "b@shop-demo.com");
        session.Clock.Advance(TimeSpan.FromMinutes(1));
        await SetAsync(session, new[] { new { email = "c@shop-demo.com", status = 1 } });
        await PushAsync(session, "c@shop-demo.com", "?repeat=true");
        Assert.Equal("""{"subscriber_email":"c@shop-demo.com","subscriber_status":"3"}""", listener.Pushes[0].Body);
        Assert.Null(JsonNode.Parse(listener.Pushes[1].Body)!.AsObject()["change_status_at"]);
        Assert.Equal(listener.Pushes[0], listener.Pushes[2]);
        Assert.Equal("404 ", await PushAsync(session, "nobody@shop-demo.com"));
    }

    private static async Task<string> PushAsync(ZoeySession session, string email, string query = "")
    {
        using var answer = await session.Http.PostAsync($"/sandbox/feed/subscribers/{email}{query}", null, Cancel);
        return $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(Cancel)}";
    }

    private static async Task SetAsync(ZoeySession session, object rows)
    {
        using var answer = await session.Http.PostAsJsonAsync("/sandbox/subscribers", rows, Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static async Task<ZoeySession> SeededAsync(string? adminUrl = null)
    {
        var session = await ZoeySession.StartAsync(adminUrl: adminUrl);
        await session.SetAsync(new { subscribers = true });
        await SetAsync(session, new object[]
        {
            new { email = "a@shop-demo.com", status = 1, changeStatusAt = "2026-11-20T10:00:00Z", subscriberId = "5" },
            new { email = "B@shop-demo.com", status = 2 },
            new { email = "c@shop-demo.com", status = 3, changeStatusAt = "2026-11-21T12:00:00+02:00" },
            new { email = "d@shop-demo.com", status = 4, subscriberId = "40", customerId = "99" },
        });
        return session;
    }
}
