using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using ZoeyKlaviyo.Admin.Feed;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Zoey;
using ZoeyKlaviyo.Tests.Fixtures;

namespace ZoeyKlaviyo.Tests.Orders;

/// <summary>Each row of the contract of <c>POST /feed/{publicKey}/orders</c>, over real HTTP.</summary>
public sealed class FeedContractTests : IAsyncLifetime
{
    private const string Secret = "a feed secret";
    private readonly FeedFactory _app = new();
    private HttpClient _client = default!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private DateTimeOffset Now => _app.Time.GetUtcNow();

    public async ValueTask InitializeAsync()
    {
        await _app.InitializeAsync();
        _client = _app.CreateDirectClient();
        await _app.ConnectAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Signed_202WhenOnDisk_AndTheSameAgainQueuesNothing()
    {
        var (time, body) = (Now, Body("1"));

        var first = await PostAsync(body, Sign(body, time));
        var again = await PostAsync(body, Sign(body, time));

        Assert.Equal((HttpStatusCode.Accepted, """{"accepted":1,"ignored":[],"rejected":[]}"""), first);
        Assert.Equal((HttpStatusCode.Accepted, """{"accepted":0,"ignored":[{"index":0,"reason":"duplicate"}],"rejected":[]}"""), again);
        Assert.Equal(1, await PayloadsAsync());
    }

    [Fact]
    public async Task ArrayWithABadElement_IsSaidByIndex()
    {
        var body = $"[5,{Body("1")}]";

        var (status, answer) = await PostAsync(body, Sign(body, Now));

        Assert.Equal(HttpStatusCode.Accepted, status);
        using var json = JsonDocument.Parse(answer);
        Assert.Equal(1, json.RootElement.GetProperty("accepted").GetInt32());
        Assert.Equal(0, json.RootElement.GetProperty("rejected")[0].GetProperty("index").GetInt32());
        Assert.True(json.RootElement.GetProperty("rejected")[0].GetProperty("errors").TryGetProperty("order", out _));
    }

    public static TheoryData<string> GoodSignatures => ["upper case", "several", "late", "early"];

    [Theory]
    [MemberData(nameof(GoodSignatures))]
    public async Task GoodSignature_IsTaken(string kind)
    {
        var body = Body("1");
        var right = Sign(body, Now);
        var (status, _) = await PostAsync(body, kind switch
        {
            "upper case" => right[..right.IndexOf("v1=", StringComparison.Ordinal)] + "v1=" + right[(right.IndexOf("v1=", StringComparison.Ordinal) + 3)..].ToUpperInvariant(),
            "several" => right.Replace("v1=", $"v1={new string('0', 64)}, v1=", StringComparison.Ordinal),
            "late" => Sign(body, Now - TimeSpan.FromSeconds(290)),
            _ => Sign(body, Now + TimeSpan.FromSeconds(290)),
        });

        Assert.Equal(HttpStatusCode.Accepted, status);
    }

    public static TheoryData<string> BadSignatures => ["missing", "empty", "other secret", "other body", "other time", "too late", "too early", "short", "no time", "huge time", "text"];

    [Theory]
    [MemberData(nameof(BadSignatures))]
    public async Task BadSignature_401ThatDoesNotSayWhich(string kind)
    {
        var body = Body("1");
        var right = Sign(body, Now);
        var answer = await PostAsync(body, kind switch
        {
            "missing" => null,
            "empty" => " ",
            "other secret" => Sign(body, Now, "another"),
            "other body" => Sign(body + " ", Now),
            "other time" => right.Replace("t=", "t=0", StringComparison.Ordinal),
            "too late" => Sign(body, Now - TimeSpan.FromSeconds(310)),
            "too early" => Sign(body, Now + TimeSpan.FromSeconds(310)),
            "short" => right[..^2],
            "no time" => right[(right.IndexOf(',', StringComparison.Ordinal) + 1)..],
            "huge time" => $"t={new string('9', 18)},v1={new string('0', 64)}",
            _ => "signature",
        });

        Assert.Equal((HttpStatusCode.Unauthorized, await MissingAsync(body)), (answer.Status, Detail(answer.Body)));
        Assert.Equal(0, await PayloadsAsync());
    }

    [Fact]
    public async Task StoreWithoutASecret_401()
    {
        var body = Body("1");

        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(body, Sign(body, Now, ""), "public-beta")).Status);
    }

    [Fact]
    public async Task UnknownKey_404()
    {
        var body = Body("1");

        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(body, Sign(body, Now), "public-nobody")).Status);
    }

    [Fact]
    public async Task NotJson_400()
    {
        const string Bad = """{"Number":""";

        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(Bad, Sign(Bad, Now))).Status);
    }

    [Theory]
    [InlineData(5_000_000, false, HttpStatusCode.Accepted)]
    [InlineData(5_000_001, false, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData(5_000_001, true, HttpStatusCode.RequestEntityTooLarge)]
    public async Task Size_IsLimited(int size, bool isChunked, HttpStatusCode expected)
    {
        var body = Body("1").PadRight(size);

        Assert.Equal(expected, (await PostAsync(body, Sign(body, Now), isChunked: isChunked)).Status);
    }

    [Fact]
    public async Task DatabaseFails_503WithRetryAfter_AndTheNextPushIsTaken()
    {
        var body = Body("1");
        await ExecuteAsync("ALTER TABLE \"Payloads\" RENAME TO \"Gone\"");

        using var response = await SendAsync(body, Sign(body, Now));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        await ExecuteAsync("ALTER TABLE \"Gone\" RENAME TO \"Payloads\"");
        Assert.Equal("""{"accepted":1,"ignored":[],"rejected":[]}""", (await PostAsync(body, Sign(body, Now))).Body);
    }

    /// <summary>Anybody can make up a header that the signature's first check lets through.</summary>
    [Fact]
    public async Task SlowBodiesOfStrangers_LeaveTheOthers503_AndAreEnded()
    {
        using var strangers = new Disposables();
        for (var i = 0; i < PushReader.AtOnce; i++)
            strangers.Add(await BeginAsync());
        var body = Body("1");

        using (var response = await SendAsync(body, Sign(body, Now)))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.NotNull(response.Headers.RetryAfter);
        }

        _app.Time.Advance(PushReader.Patience);
        foreach (var stranger in strangers)
            Assert.StartsWith("HTTP/1.1 408 ", await stranger.ReadToEndAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync(body, Sign(body, Now))).Status);
    }

    /// <summary>A push whose body does not come.</summary>
    /// <returns>Once the application waits for the body, what it answers then.</returns>
    private async Task<StreamReader> BeginAsync()
    {
        var client = new TcpClient();
        await client.ConnectAsync(_app.Address.Host, _app.Address.Port, Cancel);
        var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"POST /feed/public-acme/orders HTTP/1.1\r\nHost: {_app.Address.Authority}\r\nContent-Length: 5000000\r\n"
                + $"Zoey-Signature: t={Now.ToUnixTimeSeconds()},v1={new string('0', 64)}\r\nExpect: 100-continue\r\n\r\n"),
            Cancel);
        var reader = new StreamReader(stream);
        Assert.Equal("HTTP/1.1 100 Continue", await reader.ReadLineAsync(Cancel));
        await reader.ReadLineAsync(Cancel);
        return reader;
    }

    private string Body(string number) => JsonSerializer.Serialize(new ZoeyOrder(
        null, number, "processing", Now, null, null, "jo@shop-demo.com", 1, "USD", 0, null, false, null, null, []));

    internal static string Sign(string body, DateTimeOffset at, string secret = Secret)
    {
        var time = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return $"t={time},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{time}.{body}")))}";
    }

    private static string? Detail(string problem)
    {
        using var json = JsonDocument.Parse(problem);
        return json.RootElement.GetProperty("detail").GetString();
    }

    private async Task<string?> MissingAsync(string body) => Detail((await PostAsync(body, null)).Body);

    private async Task<HttpResponseMessage> SendAsync(string body, string? signature, string key = "public-acme", bool isChunked = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/feed/{key}/orders") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TransferEncodingChunked = isChunked;
        if (signature is not null)
            request.Headers.TryAddWithoutValidation("Zoey-Signature", signature);
        return await _client.SendAsync(request, Cancel);
    }

    private async Task<(HttpStatusCode Status, string Body)> PostAsync(string body, string? signature, string key = "public-acme", bool isChunked = false)
    {
        using var response = await SendAsync(body, signature, key, isChunked);
        if (response.StatusCode != HttpStatusCode.Accepted)
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancel));
    }

    private Database Database => _app.Services.GetRequiredService<Database>();

    private Task<int> PayloadsAsync() => Database.ReadAsync(db => db.Payloads.CountAsync(Cancel), Cancel);

    private Task ExecuteAsync(string sql) => Database.WriteAsync(db => db.Database.ExecuteSqlRawAsync(sql, Cancel), Cancel);

    private sealed class Disposables : List<StreamReader>, IDisposable
    {
        public void Dispose() => ForEach(reader => reader.Dispose());
    }

    internal sealed class FeedFactory : AppFactory
    {
        public FakeTimeProvider Time { get; } = new(TimeProvider.System.GetUtcNow());

        private static readonly Person s_ana = new("ana", "Ana", false, true, new HashSet<string> { "acme" });

        public async Task ConnectAsync()
        {
            var store = (await Services.GetRequiredService<StoreAccess>().OpenAsync(s_ana, "acme", Cancel))!;
            var tokens = new TokenPair("access", "refresh", TimeSpan.FromHours(1), "events:write");
            await Services.GetRequiredService<ConnectionStore>().SaveAsync(store, new KlaviyoAccount("ABC123", "Acme"), tokens, Cancel);
            var editor = Services.GetRequiredService<SettingsEditor>();
            await editor.SetEverythingToYesAsync(store, await editor.ReadAsync(store, Cancel), Cancel);
        }

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureTestServices(services => services
                .Replace(ServiceDescriptor.Singleton<TimeProvider>(Time))
                .Replace(ServiceDescriptor.Singleton<IZoeyClient>(new FakeZoeyStore { IsSetUp = false })));
        }
    }
}
