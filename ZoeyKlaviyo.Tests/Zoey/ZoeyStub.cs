using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Zoey;
using ZoeyKlaviyo.Tests.Fixtures;

namespace ZoeyKlaviyo.Tests.Zoey;

/// <param name="Query">As it went over the wire, without the question mark.</param>
public sealed record SeenStoreRequest(string Method, string Path, string Query, string? Authorization, string Accept, string UserAgent, string Body, DateTimeOffset At)
{
    /// <summary>Of the query, decoded.</summary>
    public string? this[string name] => Query.Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2)).Where(pair => Uri.UnescapeDataString(pair[0]) == name).Select(pair => Uri.UnescapeDataString(pair[1])).SingleOrDefault();

    public int Page => int.Parse(this["page"]!, System.Globalization.CultureInfo.InvariantCulture);

    public string Nonce => Regex.Match(Authorization!, "oauth_nonce=\"(\\w+)\"").Groups[1].Value;
}

/// <summary>A Zoey store for tests of what an answer does: it answers what the test says, and throws on a call nobody expected.</summary>
public sealed class ZoeyStub : HttpMessageHandler
{
    private readonly ConcurrentDictionary<string, Func<SeenStoreRequest, Task<HttpResponseMessage>>> _answers = new();
    private CoreHost? _host;

    public static Dictionary<string, string?> OAuth1 => new()
    {
        ["Stores:0:BaseUrl"] = "https://acme.test",
        ["Stores:0:ConsumerKey"] = "consumer-key-1",
        ["Stores:0:ConsumerSecret"] = "consumer-secret-1",
        ["Stores:0:AccessToken"] = "access-token-1",
        ["Stores:0:TokenSecret"] = "token-secret-1",
    };

    public static Dictionary<string, string?> OAuth2 => new()
    {
        ["Stores:0:BaseUrl"] = "https://acme.test",
        ["Stores:0:AuthMode"] = "OAuth2",
        ["Stores:0:TokenUrl"] = "https://acme.test/oauth2/token",
        ["Stores:0:ClientId"] = "client-1",
        ["Stores:0:ClientSecret"] = "client-secret-1",
        ["Stores:0:RefreshToken"] = "refresh-1",
    };

    public ConcurrentQueue<SeenStoreRequest> Requests { get; } = new();

    public static async Task<(CoreHost Host, ZoeyStub Store)> StartAsync(
        DatabaseProvider provider, Dictionary<string, string?> settings, Action<IServiceCollection>? configure = null)
    {
        var stub = new ZoeyStub();
        var host = await CoreHost.StartAsync(provider, settings, services =>
        {
            stub.Register(services);
            configure?.Invoke(services);
        });
        return (host, stub.For(host));
    }

    public static async Task<(CoreHost Host, ZoeyStub Store)> StartAsync(
        TestDatabase database, Dictionary<string, string?> settings, DateTimeOffset? at = null, Action<IServiceCollection>? configure = null)
    {
        var stub = new ZoeyStub();
        var host = await CoreHost.StartAsync(
            database,
            settings,
            services =>
            {
                stub.Register(services);
                configure?.Invoke(services);
            },
            at);
        return (host, stub.For(host));
    }

    /// <summary>The path is under <c>/api/rest/</c> unless it starts with a slash. The last registration counts.</summary>
    public ZoeyStub On(string path, Func<SeenStoreRequest, HttpResponseMessage> answer) => OnAsync(path, request => Task.FromResult(answer(request)));

    public ZoeyStub OnAsync(string path, Func<SeenStoreRequest, Task<HttpResponseMessage>> answer)
    {
        _answers[path.StartsWith('/') ? $"POST {path}" : $"GET /api/rest/{path}"] = answer;
        return this;
    }

    /// <summary>A list of so many records, with the store's habit of repeating the last page for ever.</summary>
    public ZoeyStub OnList(string path, IReadOnlyList<string> records, bool isMap = true) => On(path, request =>
    {
        var limit = int.Parse(request["limit"] ?? "10", System.Globalization.CultureInfo.InvariantCulture);
        var pages = records.Chunk(limit).ToList();
        var page = pages.Count == 0 ? [] : pages[Math.Min(request.Page, pages.Count) - 1];
        return Json(page.Length == 0 ? "[]" : isMap ? $"{{{string.Join(',', page.Select((record, i) => $"\"{request.Page * 1000 + i}\":{record}"))}}}" : $"[{string.Join(',', page)}]");
    });

    public static HttpResponseMessage Json(string body, int status = 200, string mediaType = "application/json") =>
        new((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, mediaType) };

    public static HttpResponseMessage Error(int status, string message) => Json($$$"""{"messages":{"error":[{"code":{{{status}}},"message":"{{{message}}}"}]}}""", status);

    public static HttpResponseMessage Html(int status) => Json("<html>Attention required</html>", status, "text/html");

    public static HttpResponseMessage RetryAfter(int seconds)
    {
        var response = Error(429, "Slow down.");
        response.Headers.Add("Retry-After", seconds.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return response;
    }

    public static HttpResponseMessage Tokens(string access, string? refresh, int expiresIn = 3600) => Json(
        $$"""{"access_token":"{{access}}",{{(refresh is null ? "" : $"\"refresh_token\":\"{refresh}\",")}}"expires_in":{{expiresIn}},"token_type":"Bearer"}""");

    /// <summary>Lets the pauses between requests and tries pass.</summary>
    public async Task<T> PumpAsync<T>(Task<T> task, double stepMilliseconds = 100)
    {
        while (!task.IsCompleted)
        {
            _host!.Time.Advance(TimeSpan.FromMilliseconds(stepMilliseconds));
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        return await task;
    }

    public Task<T> PumpAsync<T>(Func<ZoeyClient, int, Task<T>> call) => PumpAsync(Task.Run(() => call((ZoeyClient)_host!.Get<IZoeyClient>(), _host.Store.Id)));

    public Task<List<ZoeyOrderPage>> ListOrdersAsync(DateTimeOffset from) =>
        PumpAsync(async (client, store) => await client.ListOrdersAsync(store, from, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken));

    /// <summary>What a call that can't succeed says.</summary>
    public async Task<ZoeyException> FailAsync() =>
        await Assert.ThrowsAsync<ZoeyException>(() => PumpAsync((client, store) => client.ReadCategoryIdsAsync(store, "7", TestContext.Current.CancellationToken)));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var seen = new SeenStoreRequest(
            request.Method.Method,
            request.RequestUri!.AbsolutePath,
            request.RequestUri.Query.TrimStart('?'),
            request.Headers.Authorization?.ToString(),
            request.Headers.Accept.ToString(),
            request.Headers.UserAgent.ToString(),
            request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken),
            _host!.Time.GetUtcNow());
        Requests.Enqueue(seen);
        if (!_answers.TryGetValue($"{seen.Method} {seen.Path}", out var answer))
            throw new InvalidOperationException($"Nobody expected {seen.Method} {seen.Path}?{seen.Query}.");
        return await answer(seen).WaitAsync(cancellationToken);
    }

    private void Register(IServiceCollection services)
    {
        services.AddHttpClient<ZoeyHttp>().ConfigurePrimaryHttpMessageHandler(() => this);
        services.AddHttpClient<ZoeyTokenClient>().ConfigurePrimaryHttpMessageHandler(() => this);
    }

    private ZoeyStub For(CoreHost host)
    {
        _host = host;
        return this;
    }
}
