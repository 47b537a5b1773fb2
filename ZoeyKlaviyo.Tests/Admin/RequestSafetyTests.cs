using System.Net;
using System.Text.Json;
using ZoeyKlaviyo.Tests.Fixtures;

namespace ZoeyKlaviyo.Tests.Admin;

public sealed class RequestSafetyTests(AppFactory app) : IClassFixture<AppFactory>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/signin")]
    [InlineData("/stores")]
    [InlineData("/no-such-page")]
    [InlineData("/app.css")]
    [InlineData("/healthz/live")]
    public async Task Response_Always_CarriesTheSecurityHeaders(string path)
    {
        using var client = app.CreateDirectClient(People.Support);

        using var response = await client.GetAsync(path, Cancellation);

        var headers = new[] { "X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options" }.Select(name => string.Join(',', response.Headers.GetValues(name)));
        Assert.Equal(["nosniff", "same-origin", "DENY"], headers);
    }

    [Theory]
    [InlineData("/signin")]
    [InlineData("/stores")]
    public async Task ContentSecurityPolicy_OfPages_AllowsNoInlineScriptAndNoFrames(string path)
    {
        using var client = app.CreateDirectClient(People.Support);

        using var response = await client.GetAsync(path, Cancellation);

        var policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none';", policy, StringComparison.Ordinal);
        Assert.EndsWith("form-action 'self' https://www.klaviyo.com", policy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-origin", HttpStatusCode.Redirect)]
    [InlineData("Sec-Fetch-Site", "none", HttpStatusCode.Redirect)]
    [InlineData("Origin", "https://evil.test", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("X-None", "not a browser", HttpStatusCode.Redirect)]
    public async Task Post_FromAnotherOrigin_IsRefused(string header, string value, HttpStatusCode expected)
    {
        using var client = app.CreateDirectClient();
        client.DefaultRequestHeaders.Add(header, value);

        using var response = await client.PostAsync("/signin/support", null, Cancellation);

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Post_FromOwnOrigin_IsAccepted()
    {
        using var client = app.CreateDirectClient();
        client.DefaultRequestHeaders.Add("Origin", app.Address.GetLeftPart(UriPartial.Authority));

        using var response = await client.PostAsync("/signin/support", null, Cancellation);

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
    }

    [Fact]
    public async Task PostRefused_Answer_IsAProblem()
    {
        using var client = app.CreateDirectClient();
        client.DefaultRequestHeaders.Add("Origin", "https://evil.test");

        using var response = await client.PostAsync("/signout", null, Cancellation);

        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("https://evil.test", HttpStatusCode.Forbidden)]
    [InlineData(null, HttpStatusCode.SwitchingProtocols)]
    public async Task WebSocketOfPages_FromAnotherOrigin_IsRefused(string? origin, HttpStatusCode expected)
    {
        using var client = app.CreateDirectClient(People.Support);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/_blazor");
        request.Headers.TryAddWithoutValidation("Connection", "Upgrade");
        request.Headers.TryAddWithoutValidation("Upgrade", "websocket");
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Version", "13");
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        request.Headers.Add("Origin", origin ?? app.Address.GetLeftPart(UriPartial.Authority));

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);

        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task UnknownAddress_AskedByAScript_IsAProblem()
    {
        using var client = app.CreateDirectClient(People.Support);

        using var response = await client.GetAsync("/no-such-page", Cancellation);

        Assert.Equal((HttpStatusCode.NotFound, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
    }

    [Theory]
    [InlineData("/healthz/live", "")]
    [InlineData("/healthz/ready", "database,stores,scheduler")]
    public async Task Health_Started_IsHealthyAndNamesItsChecks(string path, string expected)
    {
        using var client = app.CreateDirectClient();

        using var health = JsonDocument.Parse(await client.GetStringAsync(path, Cancellation));

        Assert.Equal("Healthy", health.RootElement.GetProperty("status").GetString());
        Assert.Equal(expected, string.Join(',', health.RootElement.GetProperty("checks").EnumerateObject().Select(check => check.Name)));
    }
}
