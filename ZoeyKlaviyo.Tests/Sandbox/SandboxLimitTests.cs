using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using ZoeyKlaviyo.Sandbox.Hosting;

namespace ZoeyKlaviyo.Tests.Sandbox;

public sealed class SandboxLimitTests
{
    private const string Accounts = "/api/accounts";

    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Burst_UsedUp_ThrottlesUntilTheNextSecond()
    {
        await using var session = await SandboxSession.ConnectAsync();
        session.Clock.Advance(TimeSpan.FromMilliseconds(300));
        await session.GetAsync(Accounts);
        var throttled = await session.GetAsync(Accounts);
        Assert.Equal((HttpStatusCode.TooManyRequests, "throttled", "1"), (throttled.Status, throttled.Code, throttled.Header("Retry-After")));
        Assert.Equal(["Request was throttled. Expected available in 1 second(s)."], throttled.Details);
        Assert.Null(throttled.Header("RateLimit-Limit"));
        session.Clock.Advance(TimeSpan.FromMilliseconds(699));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await session.GetAsync(Accounts)).Status);
        session.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(HttpStatusCode.OK, (await session.GetAsync(Accounts)).Status);
    }

    [Fact]
    public async Task Steady_UsedUp_ThrottlesUntilTheNextMinute()
    {
        await using var session = await SandboxSession.ConnectAsync();
        for (var i = 0; i < 15; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await session.GetAsync(Accounts)).Status);
            session.Clock.Advance(s_second);
        }
        Assert.Equal(TimeSpan.FromSeconds(45), (await session.GetAsync(Accounts)).RetryAfter);
        session.Clock.Advance(TimeSpan.FromSeconds(45));
        Assert.Equal(HttpStatusCode.OK, (await session.GetAsync(Accounts)).Status);
    }

    [Fact]
    public async Task Daily_UsedUp_ThrottlesUntilTheNextDay()
    {
        await using var session = await SandboxSession.ConnectAsync(limits: true);
        var list = JsonNode.Parse("""{"data":{"type":"list","attributes":{"name":"One of many"}}}""")!;
        for (var i = 0; i < 150; i++)
        {
            Assert.Equal(HttpStatusCode.Created, (await session.PostAsync("/api/lists", list)).Status);
            session.Clock.Advance(s_second);
        }
        Assert.Equal(TimeSpan.FromHours(7) - TimeSpan.FromSeconds(150), (await session.PostAsync("/api/lists", list)).RetryAfter);
    }

    [Fact]
    public async Task Limit_OfOneAccountAndOperation_LeavesTheOthersAlone()
    {
        await using var session = await SandboxSession.ConnectAsync();
        await session.GetAsync(Accounts);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await session.GetAsync(Accounts)).Status);
        Assert.Equal(HttpStatusCode.OK, (await session.GetAsync(Accounts + "/ABC123")).Status);
        await session.UseNewTokenAsync("XYZ789");
        Assert.Equal(HttpStatusCode.OK, (await session.GetAsync(Accounts)).Status);
    }

    [Fact]
    public async Task Answer_NotThrottled_SaysWhatIsLeft()
    {
        await using var session = await SandboxSession.ConnectAsync();
        session.Clock.Advance(TimeSpan.FromSeconds(10));
        var first = await session.GetAsync("/api/lists");
        var refused = await session.GetAsync("/api/lists?limit=5");
        Assert.Equal(("75, 75;w=1, 750;w=60", "749", "50"), Limits(first));
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Equal(("75, 75;w=1, 750;w=60", "748", "50"), Limits(refused));
        session.UseToken("nonsense");
        Assert.Equal((null, null, null), Limits(await session.GetAsync("/api/lists")));
    }

    [Fact]
    public async Task Throttled_Calls_AreCountedOnThePage()
    {
        await using var session = await SandboxSession.ConnectAsync();
        Assert.Contains("0 calls were throttled", await session.Http.GetStringAsync("/klaviyo", Cancel), StringComparison.Ordinal);
        await session.GetAsync(Accounts);
        await session.GetAsync(Accounts);
        Assert.Contains("1 call was throttled", await session.Http.GetStringAsync("/klaviyo", Cancel), StringComparison.Ordinal);
        Assert.Contains("1 call was throttled", await session.Http.GetStringAsync("/klaviyo/news?after=0", Cancel), StringComparison.Ordinal);
        Assert.Equal(429, session.Server.Requests[^1].Status);
    }

    [Fact]
    public async Task Limits_SwitchedOff_ThrottleNothing()
    {
        await using var session = await SandboxSession.ConnectAsync(limits: false);
        for (var i = 0; i < 20; i++)
            Assert.Equal((HttpStatusCode.OK, null), ((await session.GetAsync(Accounts)) is var answer ? answer.Status : 0, answer.Header("RateLimit-Limit")));
    }

    [Fact]
    public void Settings_Given_ReachTheOptions()
    {
        var read = Read(("Sandbox:Limits:Enabled", "false"), ("Sandbox:ErrorsPerAnswer", "1"), ("Sandbox:DataDirectory", "books"));
        Assert.Equal(TimeSpan.FromSeconds(0.5), Read(("Sandbox:CatalogJobs", "0.5")).CatalogJobs);
        Assert.Equal(TimeSpan.FromSeconds(2), Read().CatalogJobs);
        Assert.Equal((false, 1, "books"), (read.LimitsEnabled, read.ErrorsPerAnswer, read.DataDirectory));
        var none = Read();
        Assert.Equal((true, null, null), (none.LimitsEnabled, none.ErrorsPerAnswer, none.DataDirectory));
    }

    [Theory]
    [InlineData("Sandbox:Limits:Enabled", "maybe")]
    [InlineData("Sandbox:ErrorsPerAnswer", "0")]
    [InlineData("Sandbox:CatalogJobs", "-1")]
    [InlineData("Sandbox:ErrorsPerAnswer", "few")]
    public void Settings_Wrong_AreNamed(string key, string value) =>
        Assert.Contains(key, Assert.Throws<InvalidOperationException>(() => Read((key, value))).Message, StringComparison.Ordinal);

    private static ZoeyKlaviyo.Sandbox.SandboxOptions Read(params (string Key, string Value)[] settings) => SandboxSettings.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(one => one.Key, one => (string?)one.Value)).Build());

    private static (string?, string?, string?) Limits(ApiResult answer) =>
        (answer.Header("RateLimit-Limit"), answer.Header("RateLimit-Remaining"), answer.Header("RateLimit-Reset"));
}
