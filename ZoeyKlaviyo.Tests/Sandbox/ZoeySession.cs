using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using ZoeyKlaviyo.Sandbox;
using ZoeyKlaviyo.Sandbox.Shop;

namespace ZoeyKlaviyo.Tests.Sandbox;

/// <summary>A sandbox of its own on a free port, with the calls a client of its store makes.</summary>
internal sealed class ZoeySession : IAsyncDisposable
{
    public static readonly ZoeySigner Signer =
        new(SandboxOptions.ConsumerKey, SandboxOptions.ConsumerSecret, SandboxOptions.AccessToken, SandboxOptions.TokenSecret);

    private int _nonce;

    private ZoeySession(SandboxServer server, FakeTimeProvider clock)
    {
        (Server, Clock) = (server, clock);
        Http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = server.BaseAddress };
    }

    public SandboxServer Server { get; }

    public FakeTimeProvider Clock { get; }

    public HttpClient Http { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<ZoeySession> StartAsync(string? dataDirectory = null, string? adminUrl = null)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 17, 0, 0, TimeSpan.Zero));
        var options = new SandboxOptions
        {
            Url = "http://127.0.0.1:0",
            AdminUrl = adminUrl ?? SandboxOptions.DefaultAdminUrl,
            TimeProvider = clock,
            DataDirectory = dataDirectory,
        };
        return new(await SandboxServer.StartNewAsync(options, Cancel), clock);
    }

    /// <param name="path">Below <c>/api/rest/</c>, with a query as it is to be sent.</param>
    /// <param name="change">What the signed parameters say otherwise than they should.</param>
    public Task<ApiResult> GetAsync(string path, Action<Dictionary<string, string>>? change = null) => SendAsync(HttpMethod.Get, path, change);

    public Task<ApiResult> SendAsync(HttpMethod method, string path, Action<Dictionary<string, string>>? change = null)
    {
        var address = new Uri(Server.BaseAddress, "/api/rest/" + path);
        return SendWithAsync(Signer.Header(method, address, $"nonce-{++_nonce}", Clock.GetUtcNow(), change), method, path);
    }

    /// <param name="authorization">Null for a guest.</param>
    public Task<ApiResult> GetWithAsync(string? authorization, string path, string? accept = "application/json") =>
        SendWithAsync(authorization, HttpMethod.Get, path, accept);

    private async Task<ApiResult> SendWithAsync(string? authorization, HttpMethod method, string path, string? accept = "application/json")
    {
        using var request = new HttpRequestMessage(method, "/api/rest/" + path);
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);
        using var answer = await Http.SendAsync(request, Cancel);
        return new(answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancel), answer.Headers);
    }

    /// <summary>The ids of a list, in its order.</summary>
    public async Task<IReadOnlyList<string>> IdsAsync(string path)
    {
        var answer = await GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer.Json is JsonObject map ? [.. map.Select(pair => pair.Key)] : [.. answer.Json.AsArray().Select(row => row!.AsObject().First().Value!.ToString())];
    }

    public async Task<TokenAnswer> RefreshAsync(string refreshToken, string secret = SandboxOptions.StoreClientSecret, string grant = "refresh_token")
    {
        using var content = new FormUrlEncodedContent([new("grant_type", grant), new("refresh_token", refreshToken)]);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/oauth2/token") { Content = content };
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{SandboxOptions.StoreClientId}:{secret}")));
        using var answer = await Http.SendAsync(request, Cancel);
        return new(answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonObject>(Cancel))!);
    }

    /// <param name="quirks">Those that are to change.</param>
    public async Task SetAsync(object quirks)
    {
        using var answer = await Http.PutAsJsonAsync("/sandbox/store", quirks, Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    public async Task SwitchOnAsync(object fault)
    {
        using var answer = await Http.PostAsJsonAsync("/sandbox/store/faults", fault, Cancel);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    /// <summary>A claw hammer and two pairs of gloves, for Jo Doe.</summary>
    public ShopOrder Place(string status = "processing", string? teamMember = null, DateTimeOffset createdUtc = default)
    {
        var jo = ShopCustomer.All[0];
        return Server.Orders.Place(new(
            "", "", "55", status, jo.Id, jo.Email, createdUtc, default, "USD", 5m, "HELLO", 7.5m, 3.25m, teamMember, jo.Address, jo.Address,
            [new("900", "101", null, "HAM-16", "Claw hammer 16 oz", 1m, 24.90m), new("901", "104", "106", "GLV-L", "Work gloves", 2m, 12.50m)]));
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
    }
}
