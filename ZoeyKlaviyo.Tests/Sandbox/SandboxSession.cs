using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Web;
using Microsoft.Extensions.Time.Testing;
using ZoeyKlaviyo.Sandbox;

namespace ZoeyKlaviyo.Tests.Sandbox;

/// <summary>A sandbox of its own on a free port, with the calls a client of Klaviyo makes.</summary>
public sealed class SandboxSession : IAsyncDisposable
{
    public const string RedirectUri = "http://localhost:5080/connect/klaviyo/callback";
    public const string AllScopes = "accounts:read events:read events:write metrics:read lists:read lists:write profiles:read profiles:write subscriptions:write catalogs:read catalogs:write";

    private readonly HttpClient _http;

    private readonly SandboxServer? _server;

    private SandboxSession(SandboxServer? server, Uri address, FakeTimeProvider clock)
    {
        (_server, Clock) = (server, clock);
        _http = new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = address };
    }

    /// <summary>Only of a sandbox in this process.</summary>
    public SandboxServer Server => _server!;

    public FakeTimeProvider Clock { get; }

    public HttpClient Http => _http;

    public string Verifier { get; } = new('v', 43);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<SandboxSession> StartAsync(
        bool rotateRefreshTokens = false, bool limits = true, int? errorsPerAnswer = null, string? dataDirectory = null, TimeSpan? catalogJobs = null)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 17, 0, 0, TimeSpan.Zero));
        var server = await SandboxServer.StartNewAsync(new()
        {
            Url = "http://127.0.0.1:0",
            TimeProvider = clock,
            RotateRefreshTokens = rotateRefreshTokens,
            LimitsEnabled = limits,
            ErrorsPerAnswer = errorsPerAnswer,
            DataDirectory = dataDirectory,
            CatalogJobs = catalogJobs ?? TimeSpan.Zero,
        }, Cancel);
        return new(server, server.BaseAddress, clock);
    }

    /// <summary>With a sandbox that runs as a process of its own, on the real clock.</summary>
    public static SandboxSession At(Uri address) => new(null, address, new());

    /// <summary>Started, and connected to the first account.</summary>
    public static async Task<SandboxSession> ConnectAsync(
        string scopes = AllScopes, bool limits = true, int? errorsPerAnswer = null, string? dataDirectory = null, TimeSpan? catalogJobs = null)
    {
        var session = await StartAsync(limits: limits, errorsPerAnswer: errorsPerAnswer, dataDirectory: dataDirectory, catalogJobs: catalogJobs);
        await session.UseNewTokenAsync(scopes: scopes);
        return session;
    }

    public async Task<TokenAnswer> UseNewTokenAsync(string account = "ABC123", string scopes = AllScopes)
    {
        var tokens = await ExchangeAsync(await AuthorizeAsync(account, scopes));
        UseToken(tokens.Text("access_token"));
        return tokens;
    }

    public void UseToken(string accessToken) => _http.DefaultRequestHeaders.Authorization = new("Bearer", accessToken);

    public Dictionary<string, string> Consent(string scopes = AllScopes) => new()
    {
        ["response_type"] = "code",
        ["client_id"] = SandboxOptions.DefaultClientId,
        ["redirect_uri"] = RedirectUri,
        ["scope"] = scopes,
        ["state"] = "the state",
        ["code_challenge_method"] = "S256",
        ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier))),
    };

    public async Task<Uri> DecideAsync(string decision, string account = "ABC123", string scopes = AllScopes)
    {
        var form = Consent(scopes);
        (form["decision"], form["account"]) = (decision, account);
        using var answer = await _http.PostAsync("/oauth/authorize", new FormUrlEncodedContent(form), Cancel);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return answer.Headers.Location!;
    }

    public async Task<string> AuthorizeAsync(string account = "ABC123", string scopes = AllScopes) =>
        HttpUtility.ParseQueryString((await DecideAsync("allow", account, scopes)).Query)["code"]!;

    public Task<TokenAnswer> ExchangeAsync(
        string code, string? verifier = null, string redirectUri = RedirectUri, string secret = SandboxOptions.DefaultClientSecret) =>
        PostFormAsync("/oauth/token", secret, new()
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["code_verifier"] = verifier ?? Verifier,
            ["redirect_uri"] = redirectUri,
        });

    public Task<TokenAnswer> RefreshAsync(string refreshToken) => PostFormAsync(
        "/oauth/token", SandboxOptions.DefaultClientSecret, new() { ["grant_type"] = "refresh_token", ["refresh_token"] = refreshToken });

    public async Task<TokenAnswer> PostFormAsync(string path, string secret, Dictionary<string, string> form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(form) };
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{SandboxOptions.DefaultClientId}:{secret}"));
        request.Headers.Authorization = new("Basic", credentials);
        using var answer = await _http.SendAsync(request, Cancel);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        return new(answer.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text)!.AsObject());
    }

    public Task<ApiResult> GetAsync(string path) => SendAsync(new(HttpMethod.Get, path));

    public Task<ApiResult> PostAsync(string path, JsonNode body, string mediaType = "application/vnd.api+json") =>
        SendAsync(HttpMethod.Post, path, body, mediaType);

    public Task<ApiResult> SendAsync(HttpMethod method, string path, JsonNode body, string mediaType = "application/vnd.api+json")
    {
        var content = new StringContent(body.ToJsonString());
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return SendAsync(new(method, path) { Content = content });
    }

    public async Task<ApiResult> SendAsync(HttpRequestMessage request, bool withRevision = true)
    {
        if (withRevision)
            request.Headers.Add("revision", "2026-07-15");
        using var answer = await _http.SendAsync(request, Cancel);
        return new(answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancel), answer.Headers);
    }

    public async Task SwitchOnAsync(object fault)
    {
        using var answer = await _http.PostAsJsonAsync("/sandbox/faults", fault, Cancel);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
    }
}
