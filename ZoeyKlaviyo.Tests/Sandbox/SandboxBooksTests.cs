using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using ZoeyKlaviyo.Sandbox.Faults;
using ZoeyKlaviyo.Sandbox.Klaviyo.Profiles;
using ZoeyKlaviyo.Sandbox.Shop;
using ZoeyKlaviyo.Tests.Fixtures;
using static ZoeyKlaviyo.Tests.Sandbox.KlaviyoBodies;

namespace ZoeyKlaviyo.Tests.Sandbox;

/// <summary>What the sandbox keeps on disk, over restarts and kills.</summary>
public sealed class SandboxBooksTests : IDisposable
{
    private const string Bulk = "/api/event-bulk-create-jobs";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sandbox-books-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Restart_EventsAndLists_AreThereAgain()
    {
        string list;
        string before;
        await using (var session = await ConnectAsync())
        {
            await session.PostAsync(Bulk, KlaviyoBodies.Bulk(Row("a@shop.test", "1", "2"), Row("b@shop.test", "1")));
            await session.PostAsync("/api/events", Event("3", "jo@shop.test", "Viewed Product"));
            list = (await session.PostAsync("/api/lists", List("Kept"))).Json["data"]!["id"]!.GetValue<string>();
            before = await ReadEventsAsync(session);
        }
        await using var again = await ConnectAsync();
        Assert.Equal(before, await ReadEventsAsync(again));
        Assert.Equal("Kept", (await again.GetAsync("/api/lists/" + list)).Json["data"]!["attributes"]!["name"]!.GetValue<string>());
        Assert.Equal(2, (await again.GetAsync("/api/metrics")).Json["data"]!.AsArray().Count);
        Assert.NotEqual(list, (await again.PostAsync("/api/lists", List("Kept"))).Json["data"]!["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task Restart_ConsentAndItsLog_AreThereAgain()
    {
        string before, list;
        await using (var session = await ConnectAsync())
        {
            list = session.ListOf("double_opt_in");
            using (await session.Http.DeleteAsync("/sandbox/lists/" + session.ListOf("single_opt_in"), Cancel))
                await session.PostAsync("/api/events", Event("1", "buyer@shop.test"));
            await session.SetConsentAsync("out@shop.test", new { consent = "UNSUBSCRIBED", consentTimestamp = "2026-01-01T00:00:00Z" });
            await session.PostAcceptedAsync(ConsentSession.SubscribePath, Subscribe(list, false, Subscriber("jo@shop.test")));
            await session.PostAcceptedAsync(ConsentSession.UnsubscribePath, Unsubscribe(null, "buyer@shop.test", "b@shop.test"));
            before = await ReadConsentAsync(session);
            session.Server.Profiles.Settings = new("single_opt_in", 60);
            await session.PostAcceptedAsync(ConsentSession.SubscribePath, Subscribe(Subscriber("late@shop.test")));
        }
        await using var again = await ConnectAsync();
        Assert.Equal(11, again.Server.Lists.Of("ABC123").Count);
        Assert.Equal(new("single_opt_in", 60), again.Server.Profiles.Settings);
        Assert.Equal(SubscriptionState.Pending, again.Server.Profiles.Log[^1].State);
        Assert.Equal(before, await ReadConsentAsync(again, without: "late@shop.test"));
        again.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(ProfileConsent.Subscribed, again.Profile("late@shop.test")!.Consent);
        await again.PostAcceptedAsync(ConsentSession.SubscribePath, Subscribe(Subscriber("next@shop.test")));
        Assert.Equal((5L, 4L), (again.Server.Profiles.Log[^1].Sequence, again.Server.Profiles.Log[^1].Job));
        Assert.Equal(1, again.Server.Profiles.Confirm("ABC123", "jo@shop.test"));
        Assert.Equal([list], again.Profile("jo@shop.test")!.Lists);
        again.Server.Reset();
        Assert.Empty(again.Server.Profiles.Profiles);
        Assert.Empty(again.Server.Profiles.Log);
        Assert.Equal((12, new()), (again.Server.Lists.Of("ABC123").Count, again.Server.Profiles.Settings));
    }

    [Fact]
    public async Task Restart_CatalogAndItsJobs_AreThereAgain()
    {
        string before, failed, waiting;
        await using (var session = await ConnectAsync())
        {
            await session.DoAsync("category", "create", CatalogBodies.Category("c1"), CatalogBodies.Category("c2"));
            await session.DoAsync("item", "create", CatalogBodies.Item("1", "Mug", "c1"), CatalogBodies.Item("2"));
            await session.DoAsync("variant", "create", CatalogBodies.Variant("v1", "1"), CatalogBodies.Variant("v2", "2"));
            await session.SendAsync(HttpMethod.Patch, $"/api/catalog-items/{CatalogBodies.Compound("2")}/relationships/categories", CatalogBodies.Links("c2"));
            await session.SetFaultsAsync(new { refuse = "Bad", cancel = 1 });
            await session.PollAsync("item", "delete", await session.StartJobAsync("item", "delete", CatalogBodies.Delete("item", "2")));
            failed = await session.StartJobAsync("item", "update", CatalogBodies.Update("item", "1", new() { ["title"] = "Bad" }));
            await session.DoAsync("category", "delete", CatalogBodies.Delete("category", "c1"));
            await session.SetFaultsAsync(new { seconds = 60 });
            waiting = await session.StartJobAsync("item", "create", CatalogBodies.Item("3"));
            before = await ReadCatalogAsync(session);
        }
        await using var again = await ConnectAsync();
        Assert.Equal(before, await ReadCatalogAsync(again));
        Assert.Equal("1", CatalogSession.Text(await again.PollAsync("item", "update", failed), "failed_count"));
        Assert.Equal("processing", CatalogSession.Text(await again.PollAsync("item", "create", waiting), "status"));
        again.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("complete", CatalogSession.Text(await again.PollAsync("item", "create", waiting), "status"));
        Assert.Equal(["1", "2", "3"], again.Server.Catalog.Items("ABC123").Select(one => one.Id));
        Assert.Equal(60, again.Server.Catalog.Faults.Seconds);
        again.Server.Reset();
        Assert.Empty(again.Server.Catalog.Items("ABC123"));
    }

    [Fact]
    public async Task Restart_Subscribers_AreThereAgainWithoutTheLost()
    {
        await using (var session = await StartAsync())
        {
            session.Server.Subscribers.Set(new ShopSubscriber("7", "a@shop.test", 2, "1", null, null), new("", "b@shop.test", 4, "1", "3", ConsentSession.Now));
            session.Server.Subscribers.Remove("b@shop.test");
        }
        await using var again = await StartAsync();
        Assert.Equal([new ShopSubscriber("7", "a@shop.test", 2, "1", null, null)], again.Server.Subscribers.Subscribers);
        again.Server.Subscribers.Subscribe("c@shop.test", null);
        Assert.Equal("9", again.Server.Subscribers.Find("c@shop.test")!.SubscriberId);
    }

    [Fact]
    public async Task Restart_RepeatOfAnEarlierEvent_IsStillOne()
    {
        await using (var session = await ConnectAsync())
            await session.PostAsync("/api/events", Event("1"));
        await using var again = await ConnectAsync();
        Assert.Equal(HttpStatusCode.Accepted, (await again.PostAsync("/api/events", Event("1"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await again.PostAsync(Bulk, KlaviyoBodies.Bulk(Row("jo@shop.test", "1")))).Status);
        await again.PostAsync("/api/events", Event("2"));
        Assert.Equal([(1, "1"), (2, "2")], again.Server.Events.Select(one => (one.Sequence, one.UniqueId)));
    }

    [Fact]
    public async Task Restart_EndedTokens_StayEnded()
    {
        TokenAnswer ended, good;
        await using (var session = await StartAsync())
        {
            (ended, good) = (await session.UseNewTokenAsync(), await session.UseNewTokenAsync());
            await session.PostFormAsync("/oauth/revoke", "sandbox-secret", new() { ["token"] = ended.Text("refresh_token") });
            session.Server.Reset();
        }
        await using var again = await StartAsync();
        Assert.Equal("invalid_grant", (await again.RefreshAsync(ended.Text("refresh_token"))).Error);
        Assert.Equal(HttpStatusCode.OK, (await again.RefreshAsync(good.Text("refresh_token"))).Status);
        again.UseToken(ended.Text("access_token"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await again.GetAsync("/api/accounts")).Status);
        again.UseToken(good.Text("access_token"));
        Assert.Equal(HttpStatusCode.OK, (await again.GetAsync("/api/accounts")).Status);
    }

    [Fact]
    public async Task Restart_Faults_GoOnWhereTheyWere()
    {
        await using (var session = await ConnectAsync())
        {
            session.Server.Faults.Add(new("/api/events", FaultKind.Throttle, RetryAfter: 9, Times: 3));
            session.Server.Faults.Add(new("/api/lists", FaultKind.Reset));
            session.Server.Faults.Add(new("/api/metrics", FaultKind.Refuse, Where: "text"));
            session.Server.Faults.Remove(2);
            await session.PostAsync("/api/events", Event());
        }
        await using (var again = await StartAsync())
        {
            Assert.Equal(
                [new("/api/events", FaultKind.Throttle, RetryAfter: 9, Times: 2) { Id = 1 }, new("/api/metrics", FaultKind.Refuse, Where: "text") { Id = 3 }],
                again.Server.Faults.Active);
            again.Server.Faults.Clear();
        }
        await using var last = await StartAsync();
        Assert.Empty(last.Server.Faults.Active);
    }

    [Fact]
    public async Task Restart_AfterAReset_HasNothing()
    {
        await using (var session = await ConnectAsync())
        {
            await session.PostAsync("/api/events", Event());
            await session.PostAsync("/api/lists", List("Forgotten"));
            session.Server.Reset();
            await session.PostAsync("/api/events", Event("2"));
        }
        await using var again = await ConnectAsync();
        Assert.Equal(["2"], again.Server.Events.Select(one => one.UniqueId));
        var found = await again.GetAsync("/api/lists?filter=" + Uri.EscapeDataString("equals(name,\"Forgotten\")"));
        Assert.Empty(found.Json["data"]!.AsArray());
    }

    [Fact]
    public async Task TornLastLine_IsDroppedAndWrittenOver()
    {
        await using (var session = await ConnectAsync())
        {
            await session.PostAsync("/api/events", Event("1"));
            await session.PostAsync(Bulk, KlaviyoBodies.Bulk(Row("a@shop.test", "2", "3")));
        }
        var file = Path.Combine(_directory.FullName, "events.jsonl");
        var whole = await File.ReadAllTextAsync(file, Cancel);
        Assert.Equal(2, whole.Count(character => character == '\n'));
        await File.WriteAllTextAsync(file, whole[..^10], Cancel);
        await using (var again = await ConnectAsync())
        {
            Assert.Equal(["1"], again.Server.Events.Select(one => one.UniqueId));
            Assert.Equal(HttpStatusCode.Accepted, (await again.PostAsync(Bulk, KlaviyoBodies.Bulk(Row("a@shop.test", "2", "3")))).Status);
        }
        await using var last = await StartAsync();
        Assert.Equal(["1", "2", "3"], last.Server.Events.Select(one => one.UniqueId));
    }

    [Fact]
    public async Task SpoiltLine_StopsTheStartAndIsNamed()
    {
        await File.WriteAllTextAsync(Path.Combine(_directory.FullName, "lists.jsonl"), "nonsense\n", Cancel);
        var exception = await Assert.ThrowsAsync<IOException>(StartAsync);
        Assert.Contains("lists.jsonl, line 1", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SecondSandbox_OnTheSameBooks_DoesNotStart()
    {
        await using var session = await StartAsync();
        await Assert.ThrowsAsync<IOException>(StartAsync);
    }

    [Fact]
    public async Task Kill_AfterTheAnswer_LosesNothing()
    {
        var url = $"http://127.0.0.1:{AppProcess.FreePort()}";
        TokenAnswer tokens;
        await using (await StartProcessAsync(url))
        {
            await using var session = SandboxSession.At(new(url));
            tokens = await session.UseNewTokenAsync();
            for (var request = 0; request < 3; request++)
            {
                var rows = Enumerable.Range(0, 500).Select(row => Row($"p{row}@shop.test", $"{request} {row} a", $"{request} {row} b"));
                Assert.Equal(HttpStatusCode.Accepted, (await session.PostAsync(Bulk, KlaviyoBodies.Bulk([.. rows]))).Status);
            }
            await session.SetConsentAsync("out@shop.test", new { consent = "UNSUBSCRIBED" });
            await session.PostAcceptedAsync(ConsentSession.SubscribePath, Subscribe(Subscriber("jo@shop.test")));
            await session.SwitchOnAsync(new { match = "/api/lists", kind = "token-revoked", times = 1 });
            Assert.Equal(HttpStatusCode.Unauthorized, (await session.GetAsync("/api/lists")).Status);
        }
        await using var again = await StartProcessAsync(url);
        await using var after = SandboxSession.At(new(url));
        Assert.StartsWith("""{"events":3000,"distinct":3000,""", await after.Http.GetStringAsync("/sandbox/counts", Cancel), StringComparison.Ordinal);
        Assert.Equal(3000, JsonNode.Parse(await after.Http.GetStringAsync("/sandbox/events", Cancel))!.AsArray().Count);
        Assert.Equal("[]", await after.Http.GetStringAsync("/sandbox/faults", Cancel));
        Assert.Contains("UNSUBSCRIBED", await after.Http.GetStringAsync("/sandbox/profiles/out@shop.test", Cancel), StringComparison.Ordinal);
        Assert.Contains("\"awaitingConfirmation\":1", await after.Http.GetStringAsync("/sandbox/subscriptions/counts", Cancel), StringComparison.Ordinal);
        Assert.Equal("invalid_grant", (await after.RefreshAsync(tokens.Text("refresh_token"))).Error);
    }

    /// <summary>By both ways there are, without the address, which differs from start to start.</summary>
    private static async Task<string> ReadEventsAsync(SandboxSession session) =>
        await session.Http.GetStringAsync("/sandbox/events", Cancel)
        + (await session.GetAsync("/api/events")).Text.Replace(session.Server.BaseAddress.ToString(), "/", StringComparison.Ordinal);

    private static async Task<string> ReadConsentAsync(SandboxSession session, string without = "")
    {
        var profiles = session.Server.Profiles.Profiles.OrderBy(one => one.Id).Select(one => JsonSerializer.Serialize(one));
        var log = (await session.Http.GetFromJsonAsync<JsonArray>("/sandbox/subscriptions", Cancel))!.Where(one => one!["email"]!.ToString() != without);
        return string.Join('\n', profiles.Concat(log.Select(one => one!.ToJsonString())));
    }

    /// <summary>By external ids, and every job.</summary>
    private static async Task<string> ReadCatalogAsync(SandboxSession session) =>
        await session.Http.GetStringAsync("/sandbox/catalog", Cancel) + (await session.InspectAsync("/jobs")).GetProperty("jobs");

    private Task<SandboxSession> ConnectAsync() => SandboxSession.ConnectAsync(dataDirectory: _directory.FullName);

    private Task<SandboxSession> StartAsync() => SandboxSession.StartAsync(dataDirectory: _directory.FullName);

    private Task<AppProcess> StartProcessAsync(string url) => AppProcess.StartAsync(
        [Path.Combine(AppContext.BaseDirectory, "ZoeyKlaviyo.Sandbox.dll"), "--urls", url, "--Sandbox:DataDirectory", _directory.FullName],
        "/", new Dictionary<string, string>(), new Uri(url));

    private static JsonObject List(string name) =>
        new() { ["data"] = new JsonObject { ["type"] = "list", ["attributes"] = new JsonObject { ["name"] = name } } };
}
