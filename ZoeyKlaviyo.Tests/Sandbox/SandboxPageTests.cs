using System.Net;
using System.Text.RegularExpressions;
using ZoeyKlaviyo.Sandbox.Faults;
using static ZoeyKlaviyo.Tests.Sandbox.KlaviyoBodies;

namespace ZoeyKlaviyo.Tests.Sandbox;

public sealed partial class SandboxPageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/")]
    [InlineData("/klaviyo")]
    [InlineData("/faults")]
    [InlineData("/shop")]
    public async Task Page_Always_AllowsOnlyItsOwnScript(string path)
    {
        await using var session = await SandboxSession.StartAsync();
        using var answer = await session.Http.GetAsync(path, Cancel);
        var html = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.Contains("script-src 'self'", string.Join(';', answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.All(LinkedAddresses().Matches(html), match => Assert.StartsWith("/assets/", match.Groups[1].Value, StringComparison.Ordinal));
        foreach (Match match in LinkedAddresses().Matches(html))
            Assert.Equal(HttpStatusCode.OK, (await session.Http.GetAsync(match.Groups[1].Value, Cancel)).StatusCode);
        Assert.DoesNotMatch(@"<script(?![^>]*\ssrc=)", html);
    }

    [Fact]
    public async Task Arrived_EventWithMarkup_ShowsItAsText()
    {
        await using var session = await SandboxSession.ConnectAsync();
        await session.PostAsync("/api/events", Event(metric: "<b>Bold</b>"));
        var html = await session.Http.GetStringAsync("/klaviyo", Cancel);
        Assert.Contains("&lt;b&gt;Bold&lt;/b&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>Bold", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Arrived_NewsAfterTheLastSeen_HasOnlyWhatIsNew()
    {
        await using var session = await SandboxSession.ConnectAsync();
        await session.PostAsync("/api/events", Event("1", "first@shop.test"));
        await session.PostAsync("/api/events", Event("2", "second@shop.test"));
        var news = await session.Http.GetStringAsync("/klaviyo/news?after=1", Cancel);
        Assert.Contains("second@shop.test", news, StringComparison.Ordinal);
        Assert.DoesNotContain("first@shop.test", news, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Arrived_FaultsOn_CanBeCleared()
    {
        await using var session = await SandboxSession.StartAsync();
        session.Server.Faults.Add(new("/api/events", FaultKind.Throttle, RetryAfter: 9));
        Assert.Contains("retry after 9 seconds", await session.Http.GetStringAsync("/klaviyo", Cancel), StringComparison.Ordinal);
        using var cleared = await session.Http.PostAsync("/klaviyo/faults/clear", null, Cancel);
        Assert.Equal(HttpStatusCode.SeeOther, cleared.StatusCode);
        Assert.Empty(session.Server.Faults.Active);
    }

    [GeneratedRegex("(?:src|link rel=\"\\w+\" href)=\"([^\"]+)\"")]
    private static partial Regex LinkedAddresses();
}
