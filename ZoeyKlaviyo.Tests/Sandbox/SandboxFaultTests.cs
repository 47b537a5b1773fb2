using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using ZoeyKlaviyo.Sandbox.Faults;
using ZoeyKlaviyo.Sandbox.Inspection;
using static ZoeyKlaviyo.Tests.Sandbox.KlaviyoBodies;

namespace ZoeyKlaviyo.Tests.Sandbox;

public sealed class SandboxFaultTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fault_WithTimes_EndsByItself()
    {
        await using var session = await SandboxSession.ConnectAsync();
        await session.SwitchOnAsync(new { match = "/api/events", kind = "status", status = 503, times = 2 });
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 3; i++)
            statuses.Add((await session.PostAsync("/api/events", Event())).Status);
        Assert.Equal([HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable, HttpStatusCode.Accepted], statuses);
    }

    [Fact]
    public async Task Fault_WithoutTimes_LastsUntilCleared()
    {
        await using var session = await SandboxSession.ConnectAsync();
        await session.SwitchOnAsync(new { match = "/api/accounts", kind = "html" });
        var broken = await session.GetAsync("/api/accounts");
        await session.Http.DeleteAsync("/sandbox/faults", Cancel);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, broken.Status);
        Assert.StartsWith("<!DOCTYPE html>", broken.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await session.GetAsync("/api/accounts")).Status);
    }

    [Fact]
    public async Task Fault_Where_HitsOnlyBodiesThatHaveIt()
    {
        await using var session = await SandboxSession.ConnectAsync();
        await session.SwitchOnAsync(new { match = "POST /api/events", kind = "status", status = 500, where = "poison@shop.test" });
        Assert.Equal(HttpStatusCode.Accepted, (await session.PostAsync("/api/events", Event())).Status);
        Assert.Equal(HttpStatusCode.InternalServerError, (await session.PostAsync("/api/events", Event(email: "poison@shop.test"))).Status);
    }

    [Fact]
    public async Task Fault_LostAnswer_KeepsTheEventAndBreaksTheConnection()
    {
        await using var session = await SandboxSession.ConnectAsync();
        await session.SwitchOnAsync(new { match = "/api/events", kind = "lost-answer", times = 1 });
        await Assert.ThrowsAsync<HttpRequestException>(() => session.PostAsync("/api/events", Event()));
        Assert.Single(session.Server.Events);
        Assert.Equal((202, FaultKind.LostAnswer), (session.Server.Requests[^1].Status, session.Server.Requests[^1].Fault));
    }

    [Fact]
    public async Task Fault_Reset_BreaksTheConnectionAndKeepsNothing()
    {
        await using var session = await SandboxSession.ConnectAsync();
        await session.SwitchOnAsync(new { match = "/api/events", kind = "reset", times = 1 });
        await Assert.ThrowsAsync<HttpRequestException>(() => session.PostAsync("/api/events", Event()));
        Assert.Empty(session.Server.Events);
    }

    [Fact]
    public async Task Fault_Throttle_SaysWhenToComeBack()
    {
        await using var session = await SandboxSession.ConnectAsync();
        await session.SwitchOnAsync(new { match = "/api/events", kind = "throttle", retryAfter = 7, times = 1 });
        var answer = await session.PostAsync("/api/events", Event());
        Assert.Equal((HttpStatusCode.TooManyRequests, "throttled", TimeSpan.FromSeconds(7)), (answer.Status, answer.Code, answer.RetryAfter));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(7)]
    public async Task Fault_ThrottleSilent_DoesNotSayWhenToComeBack(int? retryAfter)
    {
        await using var session = await SandboxSession.ConnectAsync();
        await session.SwitchOnAsync(new { match = "/api/events", kind = "throttle-silent", retryAfter, times = 1 });
        var answer = await session.PostAsync("/api/events", Event());
        Assert.Equal((HttpStatusCode.TooManyRequests, "throttled", null), (answer.Status, answer.Code, answer.RetryAfter));
        Assert.Equal(["Request was throttled."], answer.Details);
    }

    [Fact]
    public async Task Fault_Refuse_NamesTheEventsThatHaveTheTextAndKeepsNothing()
    {
        await using var session = await SandboxSession.ConnectAsync();
        await session.SwitchOnAsync(new { match = "POST /api/event", kind = "refuse", where = "poison" });
        var bulk = await session.PostAsync("/api/event-bulk-create-jobs",
            Bulk(Row("a@shop.test", "1", "poison 2", "3"), Row("b@shop.test", "4"), Row("poison@shop.test", "5", "6")));
        var single = await session.PostAsync("/api/events", Event("poison 7"));
        Assert.Equal(
        [
            $"{BulkRows}/0/attributes/events/data/1/attributes/properties",
            $"{BulkRows}/2/attributes/events/data/0/attributes/properties",
            $"{BulkRows}/2/attributes/events/data/1/attributes/properties",
        ], bulk.Pointers);
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, "invalid"), (bulk.Status, single.Status, single.Code));
        Assert.Equal(["/data/attributes/properties"], single.Pointers);
        Assert.Equal(HttpStatusCode.Accepted, (await session.PostAsync("/api/events", Event("8"))).Status);
        Assert.Equal(["8"], session.Server.Events.Select(one => one.UniqueId));
    }

    [Fact]
    public async Task Fault_RemovedByItsId_LeavesTheOthers()
    {
        await using var session = await SandboxSession.StartAsync();
        await session.SwitchOnAsync(new { match = "/api/events", kind = "slow" });
        await session.SwitchOnAsync(new { match = "/api/lists", kind = "reset" });
        var first = session.Server.Faults.Active[0].Id;
        Assert.Equal(HttpStatusCode.NoContent, (await session.Http.DeleteAsync($"/sandbox/faults/{first}", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await session.Http.DeleteAsync($"/sandbox/faults/{first}", Cancel)).StatusCode);
        Assert.Equal(["/api/lists"], session.Server.Faults.Active.Select(fault => fault.Match));
    }

    [Fact]
    public async Task Fault_Garbage_IsNotJson()
    {
        await using var session = await SandboxSession.ConnectAsync();
        await session.SwitchOnAsync(new { match = "/api/accounts", kind = "garbage", times = 1 });
        var answer = await session.GetAsync("/api/accounts");
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.ThrowsAny<JsonException>(() => answer.Json);
    }

    [Fact]
    public async Task Fault_Slow_AnswersWhenTheTimeHasPassed()
    {
        await using var session = await SandboxSession.StartAsync();
        var refreshToken = (await session.ExchangeAsync(await session.AuthorizeAsync())).Text("refresh_token");
        await session.SwitchOnAsync(new { match = "/oauth/token", kind = "slow", retryAfter = 30, times = 1 });
        var answer = session.RefreshAsync(refreshToken);
        while (session.Server.Faults.Active.Count > 0)
            await Task.Yield();
        Assert.False(answer.IsCompleted);
        while (!answer.IsCompleted)
        {
            session.Clock.Advance(TimeSpan.FromSeconds(30));
            await Task.Yield();
        }
        Assert.Equal(HttpStatusCode.OK, (await answer).Status);
    }

    [Fact]
    public async Task Fault_TokenRevoked_EndsTheRefreshTokenToo()
    {
        await using var session = await SandboxSession.StartAsync();
        var tokens = await session.ExchangeAsync(await session.AuthorizeAsync());
        session.UseToken(tokens.Text("access_token"));
        await session.SwitchOnAsync(new { match = "/api/", kind = "token-revoked", times = 1 });
        Assert.Equal(HttpStatusCode.Unauthorized, (await session.GetAsync("/api/accounts")).Status);
        Assert.Equal("invalid_grant", (await session.RefreshAsync(tokens.Text("refresh_token"))).Error);
    }

    [Theory]
    [InlineData("""{"match":"/api","kind":"nonsense"}""")]
    [InlineData("""{"match":"/api"}""")]
    [InlineData("""{"match":"/api","kind":"reset","extra":1}""")]
    [InlineData("not json")]
    public async Task Fault_Misspelt_IsRefused(string json)
    {
        await using var session = await SandboxSession.StartAsync();
        using var answer = await session.Http.PostAsync("/sandbox/faults", new StringContent(json), Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Empty(session.Server.Faults.Active);
        var help = await answer.Content.ReadFromJsonAsync<JsonObject>(Cancel);
        Assert.Equal(Enum.GetValues<FaultKind>().Select(kind => JsonSerializer.Serialize(kind).Trim('"')).Order(), help!["kinds"]!.AsObject().Select(kind => kind.Key).Order());
    }

    [Fact]
    public async Task Counts_AfterSomeTraffic_AreByPathAndStatus()
    {
        await using var session = await SandboxSession.ConnectAsync();
        await session.PostAsync("/api/events", Event("1"));
        await session.PostAsync("/api/events", Event("1"));
        await session.PostAsync("/api/events", Event("2", "nobody"));
        await session.GetAsync("/api/lists?page%5Bsize%5D=5");
        Assert.Equal(
            """{"events":1,"distinct":1,"repeats":1,"requests":{"POST /oauth/token":{"200":1},"POST /api/events":{"202":2,"400":1},"GET /api/lists":{"200":1}}}""",
            await session.Http.GetStringAsync("/sandbox/counts", Cancel));
        session.Server.Reset();
        Assert.Equal("""{"events":0,"distinct":0,"repeats":0,"requests":{}}""", await session.Http.GetStringAsync("/sandbox/counts", Cancel));
    }

    [Fact]
    public void Counts_OfMoreThanTheLogKeeps_AreComplete()
    {
        var log = new RequestLog();
        for (var i = 0; i <= RequestLog.Capacity; i++)
            log.Add(new("GET", $"/api/lists?page={i}", 200, default, "", null));
        Assert.Equal((RequestLog.Capacity, RequestLog.Capacity + 1), (log.Requests.Count, log.Totals["GET /api/lists"][200]));
    }

    [Fact]
    public async Task Inspection_AfterSomeTraffic_TellsIt()
    {
        await using var session = await SandboxSession.ConnectAsync();
        await session.PostAsync("/api/events", Event("1", "jo+news@shop.test"));
        await session.PostAsync("/api/events", Event("2", metric: "Viewed Product"));
        var byEmail = await session.Http.GetFromJsonAsync<JsonArray>("/sandbox/events?email=jo%2Bnews@shop.test", Cancel);
        var byMetric = await session.Http.GetFromJsonAsync<JsonArray>("/sandbox/events?metric=Viewed%20Product", Cancel);
        var requests = await session.Http.GetFromJsonAsync<JsonArray>("/sandbox/requests", Cancel);
        Assert.Equal(("1", "2"), (Assert.Single(byEmail!)!["uniqueId"]!.GetValue<string>(), Assert.Single(byMetric!)!["uniqueId"]!.GetValue<string>()));
        Assert.Equal("POST /api/events 202", $"{requests![^1]!["method"]} {requests[^1]!["path"]} {requests[^1]!["status"]}");
        using var reset = await session.Http.PostAsync("/sandbox/reset", null, Cancel);
        Assert.Empty((await session.Http.GetFromJsonAsync<JsonArray>("/sandbox/events", Cancel))!);
        Assert.Equal(HttpStatusCode.OK, (await session.GetAsync("/api/accounts")).Status);
    }
}
