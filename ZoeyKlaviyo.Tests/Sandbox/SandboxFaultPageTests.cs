using System.Net;
using System.Text.RegularExpressions;
using ZoeyKlaviyo.Sandbox.Faults;

namespace ZoeyKlaviyo.Tests.Sandbox;

public sealed partial class SandboxFaultPageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Page_EveryField_HasALabelAndEveryKindIsAChoice()
    {
        await using var session = await SandboxSession.StartAsync();
        var html = await session.Http.GetStringAsync("/faults", Cancel);
        var fields = Fields().Matches(html).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(["kind", "endpoint", "other", "times", "seconds", "status", "where"], fields);
        Assert.All(fields, field => Assert.Contains($"<label for=\"{field}\">", html, StringComparison.Ordinal));
        Assert.All(
            ["status", "html", "garbage", "slow", "reset", "lost-answer", "throttle", "throttle-silent", "token-revoked", "refuse"],
            kind => Assert.Contains($"<option value=\"{kind}\"", html, StringComparison.Ordinal));
        Assert.Contains("<a href=\"/faults\" aria-current=\"page\">Faults</a>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Form_Good_SwitchesTheFaultOn()
    {
        await using var session = await SandboxSession.StartAsync();
        using var answer = await PostAsync(session, ("kind", "slow"), ("endpoint", "POST /api/events"), ("times", " 3 "), ("seconds", "20"), ("where", "<b>+1"));
        Assert.Equal((HttpStatusCode.SeeOther, "/faults"), (answer.StatusCode, answer.Headers.Location!.ToString()));
        Assert.Equal([new("POST /api/events", FaultKind.Slow, null, 20, 3, "<b>+1") { Id = 1 }], session.Server.Faults.Active);
        var html = await session.Http.GetStringAsync("/faults", Cancel);
        Assert.Contains("answered 20 seconds late", html, StringComparison.Ordinal);
        Assert.Contains("3 more", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Form_AnotherEndpointAndNothingElse_LastsUntilRemoved()
    {
        await using var session = await SandboxSession.StartAsync();
        using var answer = await PostAsync(session, ("kind", "reset"), ("endpoint", "POST /api/events"), ("other", "GET /api/metrics/"), ("times", ""));
        Assert.Equal([new("GET /api/metrics/", FaultKind.Reset) { Id = 1 }], session.Server.Faults.Active);
        Assert.Contains("until removed", await session.Http.GetStringAsync("/faults", Cancel), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kind", "explode")]
    [InlineData("times", "0")]
    [InlineData("times", "often")]
    [InlineData("seconds", "-1")]
    [InlineData("seconds", "1.5")]
    [InlineData("status", "99")]
    [InlineData("endpoint", "")]
    public async Task Form_Wrong_NamesTheFieldAndKeepsWhatWasTyped(string field, string value)
    {
        await using var session = await SandboxSession.StartAsync();
        var typed = new Dictionary<string, string>
        {
            ["kind"] = "throttle",
            ["endpoint"] = "GET /api/lists",
            ["times"] = "7",
            ["seconds"] = "8",
            ["status"] = "503",
            ["where"] = "\"jo\"",
        };
        typed[field] = value;
        using var answer = await PostAsync(session, [.. typed.Select(pair => (pair.Key, pair.Value))]);
        var html = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Empty(session.Server.Faults.Active);
        Assert.Contains("role=\"alert\"", html, StringComparison.Ordinal);
        Assert.Contains($"<a href=\"#{field}\">", html, StringComparison.Ordinal);
        Assert.Matches($"id=\"{field}\"[^>]*aria-invalid=\"true\" aria-describedby=\"{field}-problem", html);
        foreach (var (name, text) in typed.Where(pair => pair.Key is not ("kind" or "endpoint")))
            Assert.Contains($"name=\"{name}\" value=\"{WebUtility.HtmlEncode(text)}\"", html, StringComparison.Ordinal);
        foreach (var text in new[] { typed["kind"], typed["endpoint"] }.Where(text => text != value))
            Assert.Contains($"<option value=\"{text}\" selected>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Buttons_RemoveOneAndClearAll()
    {
        await using var session = await SandboxSession.StartAsync();
        foreach (var match in new[] { "/one", "/two", "/three" })
            session.Server.Faults.Add(new(match, FaultKind.Reset));
        var buttons = Removals().Matches(await session.Http.GetStringAsync("/faults", Cancel)).ToDictionary(match => match.Groups[2].Value, match => match.Groups[1].Value);
        using var removed = await session.Http.PostAsync(buttons["Remove reset of /two"], null, Cancel);
        Assert.Equal((HttpStatusCode.SeeOther, "/faults"), (removed.StatusCode, removed.Headers.Location!.ToString()));
        Assert.Equal(["/one", "/three"], session.Server.Faults.Active.Select(fault => fault.Match));
        using var gone = await session.Http.PostAsync(buttons["Remove reset of /two"], null, Cancel);
        Assert.Equal(HttpStatusCode.SeeOther, gone.StatusCode);
        using var cleared = await session.Http.PostAsync("/faults/clear", null, Cancel);
        Assert.Empty(session.Server.Faults.Active);
        Assert.Contains("No fault is on.", await session.Http.GetStringAsync("/faults", Cancel), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "/faults", "Sec-Fetch-Site", "cross-site")]
    [InlineData("POST", "/faults/clear", "Sec-Fetch-Site", "same-site")]
    [InlineData("POST", "/faults/1/remove", "Origin", "https://elsewhere.test")]
    [InlineData("POST", "/klaviyo/faults/clear", "Origin", "null")]
    [InlineData("POST", "/oauth/authorize", "Sec-Fetch-Site", "cross-site")]
    [InlineData("POST", "/sandbox/reset", "Sec-Fetch-Site", "cross-site")]
    [InlineData("DELETE", "/sandbox/faults", "Origin", "http://localhost:1")]
    public async Task AnotherSitesPage_ChangesNothing(string method, string path, string header, string value)
    {
        await using var session = await SandboxSession.StartAsync();
        session.Server.Faults.Add(new("/one", FaultKind.Reset));
        using var request = new HttpRequestMessage(new(method), path) { Content = new FormUrlEncodedContent([new("kind", "reset"), new("endpoint", "/api/")]) };
        request.Headers.Add(header, value);
        using var answer = await session.Http.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal(["/one"], session.Server.Faults.Active.Select(fault => fault.Match));
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "same-origin")]
    [InlineData("Origin", "own")]
    public async Task OwnPage_InABrowser_MayPost(string header, string value)
    {
        await using var session = await SandboxSession.StartAsync();
        session.Server.Faults.Add(new("/one", FaultKind.Reset));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/faults/clear");
        request.Headers.Add(header, value == "own" ? session.Server.BaseAddress.GetLeftPart(UriPartial.Authority) : value);
        using var answer = await session.Http.SendAsync(request, Cancel);
        Assert.Empty(session.Server.Faults.Active);
    }

    private static Task<HttpResponseMessage> PostAsync(SandboxSession session, params (string Name, string Value)[] fields) =>
        session.Http.PostAsync("/faults", new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))), Cancel);

    [GeneratedRegex("<(?:input|select) id=\"(\\w+)\"")]
    private static partial Regex Fields();

    [GeneratedRegex("action=\"(/faults/\\d+/remove)\"><button aria-label=\"([^\"]+)\"")]
    private static partial Regex Removals();
}
