using System.Net;
using System.Text;
using System.Web;
using ZoeyKlaviyo.Sandbox;

namespace ZoeyKlaviyo.Tests.Sandbox;

public sealed class SandboxOAuthTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Consent_ValidRequest_ShowsScopesAndAccounts()
    {
        await using var session = await SandboxSession.StartAsync();
        var page = await session.Http.GetStringAsync(QueryOf(session.Consent()), Cancel);
        Assert.Contains("Record what profiles do", page, StringComparison.Ordinal);
        Assert.Contains("Acme Tools Europe", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("response_type", "token")]
    [InlineData("client_id", "stranger")]
    [InlineData("redirect_uri", "http://localhost:5080/elsewhere")]
    [InlineData("redirect_uri", "/connect/klaviyo/callback")]
    [InlineData("scope", "")]
    [InlineData("scope", "events:write orders:write")]
    [InlineData("state", "")]
    [InlineData("code_challenge_method", "plain")]
    [InlineData("code_challenge", "short")]
    public async Task Consent_WrongParameter_ShowsAnErrorAndIssuesNothing(string name, string value)
    {
        await using var session = await SandboxSession.StartAsync();
        var consent = session.Consent();
        consent[name] = value;
        using var shown = await session.Http.GetAsync(QueryOf(consent), Cancel);
        using var posted = await session.Http.PostAsync("/oauth/authorize",
            new FormUrlEncodedContent(consent.Append(new("decision", "allow")).Append(new("account", "ABC123"))), Cancel);
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (shown.StatusCode, posted.StatusCode));
        Assert.Null(posted.Headers.Location);
    }

    [Fact]
    public async Task Consent_Cancelled_ReturnsAccessDeniedWithState()
    {
        await using var session = await SandboxSession.StartAsync();
        var query = HttpUtility.ParseQueryString((await session.DecideAsync("cancel")).Query);
        Assert.Equal(("access_denied", "the state", null), (query["error"], query["state"], query["code"]));
    }

    [Fact]
    public async Task Exchange_GoodCode_GivesTokensOfTheChosenAccount()
    {
        await using var session = await SandboxSession.StartAsync();
        var answer = await session.ExchangeAsync(await session.AuthorizeAsync(account: "XYZ789"));
        session.UseToken(answer.Text("access_token"));
        var accounts = await session.GetAsync("/api/accounts");
        Assert.Equal(("bearer", 3600, SandboxSession.AllScopes),
            (answer.Text("token_type"), answer.Body!["expires_in"]!.GetValue<int>(), answer.Text("scope")));
        Assert.Equal("XYZ789", accounts.Json["data"]![0]!["id"]!.GetValue<string>());
    }

    [Fact]
    public async Task Exchange_CodeUsedTwice_IsInvalidGrant()
    {
        await using var session = await SandboxSession.StartAsync();
        var code = await session.AuthorizeAsync();
        var first = await session.ExchangeAsync(code);
        var second = await session.ExchangeAsync(code);
        Assert.Equal(HttpStatusCode.OK, first.Status);
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_grant"), (second.Status, second.Error));
    }

    [Fact]
    public async Task Exchange_AfterFiveMinutes_IsInvalidGrant()
    {
        await using var session = await SandboxSession.StartAsync();
        var code = await session.AuthorizeAsync();
        session.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("invalid_grant", (await session.ExchangeAsync(code)).Error);
    }

    [Fact]
    public async Task Exchange_OtherVerifier_IsInvalidGrant()
    {
        await using var session = await SandboxSession.StartAsync();
        var answer = await session.ExchangeAsync(await session.AuthorizeAsync(), verifier: new('w', 43));
        Assert.Equal("invalid_grant", answer.Error);
    }

    [Fact]
    public async Task Exchange_OtherRedirectUri_IsInvalidGrant()
    {
        await using var session = await SandboxSession.StartAsync();
        var answer = await session.ExchangeAsync(await session.AuthorizeAsync(), redirectUri: "http://other.test/connect/klaviyo/callback");
        Assert.Equal("invalid_grant", answer.Error);
    }

    [Fact]
    public async Task Exchange_WrongSecret_IsInvalidClientAndKeepsTheCode()
    {
        await using var session = await SandboxSession.StartAsync();
        var code = await session.AuthorizeAsync();
        var refused = await session.ExchangeAsync(code, secret: "guess");
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (refused.Status, refused.Error));
        Assert.Equal(HttpStatusCode.OK, (await session.ExchangeAsync(code)).Status);
    }

    [Fact]
    public async Task Exchange_JsonBody_IsUnsupportedGrantType()
    {
        await using var session = await SandboxSession.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/oauth/token");
        request.Headers.Authorization = new("Basic", Convert.ToBase64String("sandbox-client:sandbox-secret"u8));
        request.Content = new StringContent("""{"grant_type":"refresh_token"}""", Encoding.UTF8, "application/json");
        using var answer = await session.Http.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("unsupported_grant_type", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AccessToken_AfterItsHour_IsRefusedUntilRefreshed()
    {
        await using var session = await SandboxSession.StartAsync();
        var answer = await session.ExchangeAsync(await session.AuthorizeAsync());
        session.UseToken(answer.Text("access_token"));
        session.Clock.Advance(TimeSpan.FromHours(1));
        var expired = await session.GetAsync("/api/accounts");
        var refreshed = await session.RefreshAsync(answer.Text("refresh_token"));
        session.UseToken(refreshed.Text("access_token"));
        Assert.Equal((HttpStatusCode.Unauthorized, "not_authenticated"), (expired.Status, expired.Code));
        Assert.Equal(HttpStatusCode.OK, (await session.GetAsync("/api/accounts")).Status);
        Assert.Equal(answer.Text("refresh_token"), refreshed.Text("refresh_token"));
    }

    [Fact]
    public async Task Refresh_Rotating_EndsTheOldRefreshToken()
    {
        await using var session = await SandboxSession.StartAsync(rotateRefreshTokens: true);
        var first = (await session.ExchangeAsync(await session.AuthorizeAsync())).Text("refresh_token");
        var second = (await session.RefreshAsync(first)).Text("refresh_token");
        Assert.NotEqual(first, second);
        Assert.Equal("invalid_grant", (await session.RefreshAsync(first)).Error);
        Assert.Equal(HttpStatusCode.OK, (await session.RefreshAsync(second)).Status);
    }

    [Fact]
    public async Task Revoke_RefreshToken_EndsBothTokens()
    {
        await using var session = await SandboxSession.StartAsync();
        var tokens = await session.ExchangeAsync(await session.AuthorizeAsync());
        session.UseToken(tokens.Text("access_token"));
        var revoked = await session.PostFormAsync("/oauth/revoke", SandboxOptions.DefaultClientSecret,
            new() { ["token_type_hint"] = "refresh_token", ["token"] = tokens.Text("refresh_token") });
        Assert.Equal(HttpStatusCode.OK, revoked.Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await session.GetAsync("/api/accounts")).Status);
        Assert.Equal("invalid_grant", (await session.RefreshAsync(tokens.Text("refresh_token"))).Error);
    }

    private static string QueryOf(Dictionary<string, string> parameters) =>
        "/oauth/authorize?" + string.Join('&', parameters.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}"));
}
