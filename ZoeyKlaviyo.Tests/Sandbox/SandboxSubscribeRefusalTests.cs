using System.Net;
using System.Text.Json.Nodes;
using static ZoeyKlaviyo.Tests.Sandbox.ConsentSession;
using static ZoeyKlaviyo.Tests.Sandbox.KlaviyoBodies;

namespace ZoeyKlaviyo.Tests.Sandbox;

/// <summary>Which subscribe and unsubscribe calls are refused, in Klaviyo's words, and that nothing of them is kept.</summary>
public sealed class SandboxSubscribeRefusalTests
{
    private const string Rows = "/data/attributes/profiles/data";
    private const string ConsentedAt = "/attributes/subscriptions/email/marketing/consented_at";
    private const string NoConsentTime = "historical email subscription does not have a valid consented_at timestamp";

    [Theory]
    [InlineData(null)]
    [InlineData("2026-11-23T17:00:00Z")]
    [InlineData("2026-11-23T18:00:00")]
    [InlineData("2026-11-23T13:00:00-05:00")]
    [InlineData("yesterday")]
    public async Task Historical_WithoutAPastTime_NamesTheRow(string? consentedAt)
    {
        await using var session = await SandboxSession.ConnectAsync();
        var good = Subscriber("a@shop.test", consentedAt: "2026-11-23T11:59:59-05:00");
        await RefusedAsync(session, SubscribePath, Subscribe(null, true, good, Subscriber("b@shop.test", consentedAt: consentedAt)), ($"{Rows}/1{ConsentedAt}", NoConsentTime));
    }

    [Fact]
    public async Task ConsentTime_WithoutTheFlag_NamesTheRow()
    {
        await using var session = await SandboxSession.ConnectAsync();
        await RefusedAsync(session, SubscribePath, Subscribe(Subscriber("a@shop.test", consentedAt: "2025-01-01T00:00:00Z")),
            ($"{Rows}/0{ConsentedAt}", "consented_at may only be given with historical_import"));
    }

    [Fact]
    public async Task Historical_LaterThanTheSubscription_OrEarlierThanTheOptOut_NamesEachRow()
    {
        await using var session = await SandboxSession.ConnectAsync();
        await session.SetConsentAsync("in@shop.test", new { consent = "SUBSCRIBED", consentTimestamp = "2020-02-21T05:29:23Z" });
        await session.SetConsentAsync("out@shop.test", new { consent = "UNSUBSCRIBED", consentTimestamp = "2026-02-21T05:29:23Z" });
        await session.SetConsentAsync("suppressed@shop.test", new { consent = "SUBSCRIBED", suppressions = new[] { new { reason = "UNSUBSCRIBE", timestamp = "2026-03-01T00:00:00+01:00" } } });
        var body = Subscribe(null, true,
        [
            .. new[] { "in@shop.test", "nobody", "new@shop.test", "out@shop.test", "suppressed@shop.test" }
                .Select(email => Subscriber(email, consentedAt: "2025-07-22T20:22:22+02:00")),
        ]);
        await RefusedAsync(session, SubscribePath, body,
            ($"{Rows}/0{ConsentedAt}", "backdated consent date [2025-07-22 18:22:22+00:00] is after current subscription date [2020-02-21 05:29:23+00:00]"),
            ($"{Rows}/1/attributes/email", "Invalid email address"),
            ($"{Rows}/3{ConsentedAt}", "backdated consent date [2025-07-22 18:22:22+00:00] is before current unsubscription date [2026-02-21 05:29:23+00:00]"),
            ($"{Rows}/4{ConsentedAt}", "backdated consent date [2025-07-22 18:22:22+00:00] is before current unsubscription date [2026-02-28 23:00:00+00:00]"));
        Assert.Null(session.Profile("new@shop.test"));
    }

    [Fact]
    public async Task Historical_OfAConsentAfterTheOptOut_Subscribes()
    {
        await using var session = await SandboxSession.ConnectAsync();
        await session.SetConsentAsync("out@shop.test", new { consent = "UNSUBSCRIBED", consentTimestamp = "2026-02-21T05:29:23Z" });
        await session.PostAcceptedAsync(SubscribePath, Subscribe(null, true, Subscriber("out@shop.test", consentedAt: "2026-02-21T05:29:24Z")));
        Assert.Equal("SUBSCRIBED", (await session.GetAsync($"/api/profiles?{Filter("equals(email,\"out@shop.test\")")}&additional-fields[profile]=subscriptions"))
            .Json["data"]![0]!["attributes"]!["subscriptions"]!["email"]!["marketing"]!["consent"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(SubscribePath)]
    [InlineData(UnsubscribePath)]
    public async Task List_Deleted_IsNotFound(string path)
    {
        await using var session = await SandboxSession.ConnectAsync();
        var list = session.ListOf("single_opt_in");
        using (var deleted = await session.Http.DeleteAsync("/sandbox/lists/" + list, TestContext.Current.CancellationToken))
            Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await session.GetAsync("/api/lists/" + list)).Status);
        var body = path == SubscribePath ? Subscribe(list, false, Subscriber("nobody")) : Unsubscribe(list, "nobody");
        await RefusedAsync(session, path, body, ("/data/relationships/list/data/id", $"List not found with id {list}"));
    }

    [Theory]
    [InlineData(SubscribePath, 1000)]
    [InlineData(UnsubscribePath, 100)]
    public async Task Rows_MoreThanAllowed_AreRefusedTogether(string path, int most)
    {
        await using var session = await SandboxSession.ConnectAsync();
        await RefusedAsync(session, path, Body(most + 1), (Rows, $"No more than {most} profiles may be sent in one request."));
        await session.PostAcceptedAsync(path, Body(most));
        Assert.Equal(most, session.Server.Profiles.Log.Count);

        JsonObject Body(int count)
        {
            var emails = Enumerable.Range(0, count).Select(number => $"p{number}@shop.test").ToArray();
            return path == SubscribePath ? Subscribe([.. emails.Select(email => Subscriber(email))]) : Unsubscribe(null, emails);
        }
    }

    [Fact]
    public async Task Unsubscribe_OfABadAddress_NamesTheRow()
    {
        await using var session = await SandboxSession.ConnectAsync();
        await RefusedAsync(session, UnsubscribePath, Unsubscribe(null, "a@shop.test", "b@shop", ""),
            ($"{Rows}/1/attributes/email", "Invalid email address"),
            ($"{Rows}/2/attributes/email", "An email address is required for the email channel."));
        Assert.Null(session.Profile("a@shop.test"));
    }

    [Theory]
    [InlineData(SubscribePath, "first_name", "\"Jo\"")]
    [InlineData(SubscribePath, "properties", "{}")]
    [InlineData(UnsubscribePath, "id", "\"01A\"")]
    public async Task Row_WithAFieldThatIsNotAllowed_IsNamed(string path, string name, string json)
    {
        await using var session = await SandboxSession.ConnectAsync();
        var row = Subscriber("a@shop.test", path == SubscribePath ? "SUBSCRIBED" : "UNSUBSCRIBED");
        row["attributes"]![name] = JsonNode.Parse(json);
        var body = path == SubscribePath ? Subscribe(row) : Unsubscribe(null);
        if (path == UnsubscribePath)
            Attributes(body)["profiles"]!["data"]!.AsArray().Add(row);
        var answer = await session.PostAsync(path, body);
        Assert.Equal([$"{Rows}/0/attributes/{name}"], answer.Pointers);
        Assert.Empty(session.Server.Profiles.Log);
    }

    [Fact]
    public async Task Row_OfAnotherChannel_IsRefused()
    {
        await using var session = await SandboxSession.ConnectAsync();
        var row = Subscriber("a@shop.test");
        row["attributes"]!["subscriptions"] = JsonNode.Parse("""{"sms":{"marketing":{"consent":"SUBSCRIBED"}}}""");
        Assert.Equal([$"{Rows}/0/attributes/subscriptions"], (await session.PostAsync(SubscribePath, Subscribe(row))).Pointers);
    }

    [Theory]
    [InlineData("profiles:write subscriptions:write")]
    [InlineData("lists:write subscriptions:write")]
    [InlineData("lists:write profiles:write")]
    public async Task Scope_Missing_IsPermissionDenied(string scopes)
    {
        await using var session = await SandboxSession.ConnectAsync(scopes);
        var answer = await session.PostAsync(SubscribePath, Subscribe(Subscriber("a@shop.test")));
        Assert.Equal((HttpStatusCode.Forbidden, "permission_denied"), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("throttle", HttpStatusCode.TooManyRequests)]
    [InlineData("status", HttpStatusCode.InternalServerError)]
    [InlineData("html", HttpStatusCode.ServiceUnavailable)]
    [InlineData("garbage", HttpStatusCode.OK)]
    public async Task Fault_OnSubscribing_KeepsNothing(string kind, HttpStatusCode status)
    {
        await using var session = await SandboxSession.ConnectAsync();
        await session.SwitchOnAsync(new { match = "POST " + SubscribePath, kind, times = 1 });
        Assert.Equal(status, (await session.PostAsync(SubscribePath, Subscribe(Subscriber("a@shop.test")))).Status);
        Assert.Empty(session.Server.Profiles.Log);
    }

    [Fact]
    public async Task LostAnswer_OnSubscribing_WasAccepted()
    {
        await using var session = await SandboxSession.ConnectAsync();
        await session.SwitchOnAsync(new { match = SubscribePath, kind = "lost-answer", times = 1 });
        await Assert.ThrowsAsync<HttpRequestException>(() => session.PostAsync(SubscribePath, Subscribe(Subscriber("a@shop.test"))));
        Assert.Equal("a@shop.test", Assert.Single(session.Server.Profiles.Log).Email);
    }

    [Fact]
    public async Task Refuse_OnSubscribing_NamesTheRowsWithTheText()
    {
        await using var session = await SandboxSession.ConnectAsync();
        await session.SwitchOnAsync(new { match = SubscribePath, kind = "refuse", where = "poison" });
        await RefusedAsync(session, SubscribePath, Subscribe(Subscriber("a@shop.test"), Subscriber("poison@shop.test")),
            ($"{Rows}/1/attributes/subscriptions", "A fault is switched on."));
    }

    private static async Task RefusedAsync(SandboxSession session, string path, JsonObject body, params (string Pointer, string Detail)[] errors)
    {
        var answer = await session.PostAsync(path, body);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid"), (answer.Status, answer.Code));
        Assert.Equal(errors, answer.Pointers.Zip(answer.Details));
        Assert.Empty(session.Server.Profiles.Log);
    }
}
