using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ZoeyKlaviyo.Sandbox.Zoey.Faults;

namespace ZoeyKlaviyo.Tests.Sandbox;

public sealed class ZoeyFaultTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("html403", HttpStatusCode.Forbidden, "Sorry, you have been blocked")]
    [InlineData("html503", HttpStatusCode.ServiceUnavailable, "503 Service Temporarily Unavailable")]
    [InlineData("no-content", HttpStatusCode.NoContent, "")]
    [InlineData("non-json", HttpStatusCode.OK, "OK")]
    [InlineData("garbage", HttpStatusCode.OK, "\"entity_id\":\"12")]
    [InlineData("redirect", HttpStatusCode.PermanentRedirect, "")]
    [InlineData("nonce", HttpStatusCode.Unauthorized, "oauth_problem=nonce_used")]
    [InlineData("status", HttpStatusCode.InternalServerError, "Resource internal error.")]
    [InlineData("throttle", HttpStatusCode.TooManyRequests, "Too many requests.")]
    public async Task Fault_OfThisKind_Answers(string kind, HttpStatusCode status, string text)
    {
        await using var session = await ZoeySession.StartAsync();
        await session.SwitchOnAsync(new { kind });
        var answer = await session.GetAsync("orders");
        Assert.Equal(status, answer.Status);
        Assert.Contains(text, answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fault_WithAPathAndTimes_HitsThoseAlone()
    {
        await using var session = await ZoeySession.StartAsync();
        await session.SwitchOnAsync(new { kind = "status", path = "orders", times = 2, status = 503 });
        Assert.Equal(HttpStatusCode.OK, (await session.GetAsync("products")).Status);
        (await session.GetAsync("orders")).IsRefused(HttpStatusCode.ServiceUnavailable, "Resource internal error.");
        (await session.GetAsync("orders?page=1")).IsRefused(HttpStatusCode.ServiceUnavailable, "Resource internal error.");
        Assert.Equal(HttpStatusCode.OK, (await session.GetAsync("orders")).Status);
    }

    [Fact]
    public async Task Throttle_WithSeconds_SaysWhenToComeBack()
    {
        await using var session = await ZoeySession.StartAsync();
        await session.SwitchOnAsync(new { kind = "throttle", path = "orders", retryAfter = 3 });
        Assert.Equal(TimeSpan.FromSeconds(3), (await session.GetAsync("orders")).RetryAfter);
    }

    [Fact]
    public async Task Slow_UntilTheTimeIsOver_DoesNotAnswer()
    {
        await using var session = await ZoeySession.StartAsync();
        session.Server.Store.Faults.Add(new(StoreFaultKind.Slow, "orders", RetryAfter: 30));
        var answer = session.GetAsync("orders");
        while (!answer.IsCompleted)
        {
            session.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        Assert.Equal(HttpStatusCode.OK, (await answer).Status);
        Assert.True(session.Clock.GetUtcNow() - Assert.Single(session.Server.Store.Requests.Requests).At >= TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Reset_Always_BreaksTheConnection()
    {
        await using var session = await ZoeySession.StartAsync();
        session.Server.Store.Faults.Add(new(StoreFaultKind.Reset, Times: 1));
        await Assert.ThrowsAsync<HttpRequestException>(() => session.GetAsync("orders"));
        Assert.Equal(HttpStatusCode.OK, (await session.GetAsync("orders")).Status);
        Assert.Equal([0, 200], session.Server.Store.Requests.Requests.Select(request => request.Status));
    }

    [Fact]
    public async Task TokenEndpoint_WithAFault_Fails()
    {
        await using var session = await ZoeySession.StartAsync();
        await session.SwitchOnAsync(new { kind = "status", path = "oauth2/token", times = 1, status = 502 });
        Assert.Equal(HttpStatusCode.BadGateway, (await session.RefreshAsync("any")).Status);
    }

    [Fact]
    public async Task FaultsAndQuirks_Cleared_AreGone()
    {
        await using var session = await ZoeySession.StartAsync();
        await session.SwitchOnAsync(new { kind = "html503" });
        using (var cleared = await session.Http.DeleteAsync("/sandbox/store/faults", Cancel))
            Assert.Equal(HttpStatusCode.NoContent, cleared.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await session.GetAsync("orders")).Status);

        await session.SwitchOnAsync(new { kind = "html503" });
        await session.SetAsync(new { missing = new[] { "orders" } });
        using (var reset = await session.Http.PostAsync("/sandbox/reset", null, Cancel))
            Assert.Equal(HttpStatusCode.NoContent, reset.StatusCode);
        Assert.Equal("[]", await session.Http.GetStringAsync("/sandbox/store/requests", Cancel));
        Assert.Equal(HttpStatusCode.OK, (await session.GetAsync("orders")).Status);
    }

    [Fact]
    public async Task Fault_NotUnderstood_IsRefused()
    {
        await using var session = await ZoeySession.StartAsync();
        foreach (var body in new object[] { new { path = "orders" }, new { kind = "flood" }, new { kind = "status", colour = "red" } })
        {
            using var answer = await session.Http.PostAsJsonAsync("/sandbox/store/faults", body, Cancel);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }
        Assert.Empty(session.Server.Store.Faults.Active);
    }

    [Fact]
    public async Task Requests_OfTheStore_HaveALogOfTheirOwn()
    {
        await using var session = await ZoeySession.StartAsync();
        await session.GetAsync("orders?filter[1][attribute]=status&filter[1][eq]=pending");
        await session.GetWithAsync(null, "customers");
        await session.Http.GetAsync("/api/accounts", Cancel);
        var requests = JsonNode.Parse(await session.Http.GetStringAsync("/sandbox/store/requests", Cancel))!.AsArray();
        Assert.Equal(["OAuth", null], requests.Select(request => request!["scheme"]?.ToString()));
        Assert.Equal([200, 403], requests.Select(request => request!["status"]!.GetValue<int>()));
        Assert.StartsWith("/api/rest/orders?filter", requests[0]!["path"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal("/api/accounts", Assert.Single(session.Server.Requests).Path);
    }

    [Fact]
    public async Task KlaviyoFault_OnEverything_LeavesTheStoreAlone()
    {
        await using var session = await ZoeySession.StartAsync();
        session.Server.Faults.Add(new("/api", ZoeyKlaviyo.Sandbox.Faults.FaultKind.Html));
        Assert.Equal(HttpStatusCode.OK, (await session.GetAsync("orders")).Status);
    }
}
