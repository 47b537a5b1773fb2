using System.Net;
using System.Text.RegularExpressions;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
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
    [InlineData("/klaviyo/subscriptions")]
    [InlineData("/klaviyo/catalog")]
    [InlineData("/klaviyo/profiles/jo%40shop.test")]
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
    public async Task Profile_OfAnAddress_ShowsItsEventsInTheOrderOfTheirTimes()
    {
        await using var session = await SandboxSession.ConnectAsync();
        foreach (var (id, email, time) in new[] { ("later", "jo+1/2@shop.test", "2026-11-23T16:00:00Z"), ("<earlier>", "JO+1/2@shop.test", "2026-11-22T16:00:00Z") })
        {
            var body = Event(id, email);
            Attributes(body)["time"] = time;
            await session.PostAsync("/api/events", body);
        }
        await session.PostAsync("/api/events", Event("other", "sam@shop.test"));
        var list = new HtmlParser().ParseDocument(await session.Http.GetStringAsync("/klaviyo", Cancel));
        var link = list.QuerySelectorAll("#rows a").First(one => one.TextContent == "jo+1/2@shop.test").GetAttribute("href")!;
        var page = new HtmlParser().ParseDocument(await session.Http.GetStringAsync(link, Cancel));
        Assert.Equal("jo+1/2@shop.test", page.QuerySelector("h1")!.TextContent);
        Assert.Equal(["<earlier>", "later"], page.QuerySelectorAll("td[data-label='Unique id']").Select(cell => cell.TextContent));
        Assert.Equal(["2026-11-22 16:00:00", "2026-11-23 16:00:00"], page.QuerySelectorAll("td[data-label=Time]").Select(cell => cell.TextContent));
        Assert.Equal(2, page.QuerySelectorAll("details:not([open]) pre[aria-label=Properties]").Length);
    }

    [Fact]
    public async Task Profile_WithoutEvents_SaysSo()
    {
        await using var session = await SandboxSession.StartAsync();
        var html = await session.Http.GetStringAsync("/klaviyo/profiles/%3Cb%3E", Cancel);
        Assert.Contains("No event has arrived for this address", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Profile_OfASubscriber_LetsThePersonConfirmAndLeave()
    {
        await using var session = await SandboxSession.ConnectAsync();
        var list = session.Server.Lists.Of("ABC123").First(one => one.OptInProcess == "double_opt_in");
        await session.PostAsync(ConsentSession.SubscribePath, Subscribe(list.Id, false, Subscriber("jo+1@shop.test")));
        Assert.Equal(["Confirm subscription at Acme Tools"], Buttons(await PageAsync()));
        await PressAsync("confirm");
        var subscribed = await PageAsync();
        Assert.Equal(["Unsubscribe at Acme Tools"], Buttons(subscribed));
        Assert.Equal(["subscribed, 2026-11-23 17:00:00", "no", "Newsletter"], Facts(subscribed));
        await PressAsync("unsubscribe");
        Assert.Equal(["unsubscribed, 2026-11-23 17:00:00", "UNSUBSCRIBE, 2026-11-23 17:00:00", "none"], Facts(await PageAsync()));

        async Task<IHtmlDocument> PageAsync() => new HtmlParser().ParseDocument(await session.Http.GetStringAsync("/klaviyo/profiles/jo%2B1%40shop.test", Cancel));

        async Task PressAsync(string what)
        {
            var form = (await PageAsync()).QuerySelector($"form[action='/klaviyo/consent/{what}']")!;
            using var content = new FormUrlEncodedContent(form.QuerySelectorAll("input").ToDictionary(one => one.GetAttribute("name")!, one => one.GetAttribute("value")!));
            using var answer = await session.Http.PostAsync(form.GetAttribute("action"), content, Cancel);
            Assert.Equal((HttpStatusCode.SeeOther, "/klaviyo/profiles/jo%2B1%40shop.test"), (answer.StatusCode, answer.Headers.Location!.OriginalString));
        }

        static IEnumerable<string> Buttons(IHtmlDocument page) => page.QuerySelectorAll("main button").Select(one => one.TextContent.Trim());

        static IEnumerable<string> Facts(IHtmlDocument page) => page.QuerySelectorAll("main dd").Select(one => one.TextContent.Trim());
    }

    [Fact]
    public async Task Subscriptions_Asked_AreShownNewestFirst()
    {
        await using var session = await SandboxSession.ConnectAsync();
        Assert.Contains("Nobody was subscribed", await session.Http.GetStringAsync("/klaviyo/subscriptions", Cancel), StringComparison.Ordinal);
        await session.PostAsync(ConsentSession.UnsubscribePath, Unsubscribe(null, "jo@shop.test"));
        await session.PostAsync(ConsentSession.SubscribePath, Subscribe(Subscriber("jo@shop.test")));
        await session.PostAsync(ConsentSession.SubscribePath, Subscribe(null, true, Subscriber("sam@shop.test", consentedAt: "2026-11-20T10:00:00Z")));
        var page = new HtmlParser().ParseDocument(await session.Http.GetStringAsync("/klaviyo/subscriptions", Cancel));
        Assert.Equal(
        [
            "Subscribe, consent of 2026-11-20 10:00:00 sam@shop.test done",
            "Subscribe jo@shop.test waits for the person to confirm, had left",
            "Unsubscribe jo@shop.test done",
        ], page.QuerySelectorAll("tbody tr").Select(row => string.Join(' ', new[] { "Asked", "Address", "Outcome" }.Select(name => row.QuerySelector($"[data-label={name}]")!.TextContent))));
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
