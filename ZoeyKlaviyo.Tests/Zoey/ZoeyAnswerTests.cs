using System.IO.Compression;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Zoey;
using ZoeyKlaviyo.Tests.Fixtures;
using static ZoeyKlaviyo.Tests.Zoey.ZoeyStub;

namespace ZoeyKlaviyo.Tests.Zoey;

/// <summary>What becomes of each answer a store can give.</summary>
public sealed class ZoeyAnswerTests : IAsyncLifetime
{
    private const string Path = "products/7/categories";
    private readonly FakeLogCollector _logs = new();
    private CoreHost _host = default!;
    private ZoeyStub _store = default!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => (_host, _store) = await StartAsync(
        DatabaseProvider.Sqlite,
        OAuth1,
        services => services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new FakeLoggerProvider(_logs))));

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Request_SaysWhoAsksAndWhatItTakes()
    {
        _store.On(Path, _ => Json("""[{"category_id":"5"},{"category_id":6}]"""));

        Assert.Equal(["5", "6"], await CallAsync());

        var request = Assert.Single(_store.Requests);
        Assert.Equal(("application/json", "ZoeyKlaviyo/1.0"), (request.Accept, request.UserAgent));
        Assert.Matches("^OAuth oauth_consumer_key=\"consumer-key-1\", oauth_nonce=\"[0-9a-f]{32}\", .*oauth_version=\"1.0\", oauth_signature=\"[^\"]+%3D\"$", request.Authorization);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(522)]
    public async Task NoAnswer_FourTriesEachSignedAnew(int status)
    {
        _store.On(Path, _ => Html(status));

        var exception = await _store.FailAsync();

        Assert.Equal((ZoeyProblem.Unavailable, status, true), (exception.Problem, exception.HttpStatus, exception.IsTransient));
        Assert.Equal(4, _store.Requests.Select(request => request.Nonce).Distinct().Count());
        // 1, 2 and 4 seconds, and a little more each.
        var times = _store.Requests.Select(request => request.At).ToList();
        Assert.All(times.Zip(times.Skip(1), (a, b) => b - a).Select((pause, i) => pause.TotalSeconds - (1 << i)), over => Assert.InRange(over, 0, 3));
    }

    [Fact]
    public async Task StoreIsBackAtTheLastTry_NothingIsLost()
    {
        _store.On(Path, _ => _store.Requests.Count < 4 ? throw new HttpRequestException("reset") : Json("[]"));

        Assert.Empty(await CallAsync());
    }

    [Fact]
    public async Task RetryAfter_IsWaitedFor()
    {
        _store.On(Path, _ => _store.Requests.Count == 1 ? RetryAfter(20) : Json("[]"));

        await CallAsync();

        Assert.True(_store.Requests.Last().At - _store.Requests.First().At >= TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task RetryAfter_BeyondAMinuteInAll_IsNotWaitedFor()
    {
        _store.On(Path, _ => RetryAfter(40));
        var start = _host.Time.GetUtcNow();

        Assert.Equal(ZoeyProblem.Unavailable, (await _store.FailAsync()).Problem);

        Assert.Equal(2, _store.Requests.Count);
        Assert.True(_host.Time.GetUtcNow() - start < TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task NoAnswerForThirtySeconds_IsATry()
    {
        _store.OnAsync(Path, async _ =>
        {
            if (_store.Requests.Count == 1)
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, Cancel);
            return Json("[]");
        });

        await _store.PumpAsync(Task.Run(() => _host.Get<IZoeyClient>().ReadCategoryIdsAsync(_host.Store.Id, "7", Cancel)), stepMilliseconds: 500);

        Assert.True(_store.Requests.Last().At - _store.Requests.First().At >= TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task NonceUsed_OnceMore()
    {
        _store.On(Path, _ => _store.Requests.Count == 1 ? Error(401, "oauth_problem=nonce_used") : Json("[]"));
        Assert.Empty(await CallAsync());
        Assert.Equal(2, _store.Requests.Select(request => request.Nonce).Distinct().Count());

        _store.On(Path, _ => Error(401, "oauth_problem=nonce_used"));
        Assert.Equal(ZoeyProblem.Credentials, (await _store.FailAsync()).Problem);
        Assert.Equal(4, _store.Requests.Count);
    }

    [Theory]
    [InlineData(400, "Resource collection filtering error.", ZoeyProblem.Refused, "Resource collection filtering error.")]
    [InlineData(406, "No such type.", ZoeyProblem.Refused, "does not understand")]
    [InlineData(401, "oauth_problem=signature_invalid", ZoeyProblem.Credentials, "consumer secret or the token secret is wrong")]
    [InlineData(401, "oauth_problem=timestamp_refused", ZoeyProblem.Clock, "clock")]
    [InlineData(401, "oauth_problem=token_rejected", ZoeyProblem.Credentials, "access token")]
    [InlineData(401, "oauth_problem=consumer_key_rejected", ZoeyProblem.Credentials, "consumer key")]
    [InlineData(401, "oauth_problem=parameter_absent&oauth_parameters_absent=oauth_token", ZoeyProblem.Credentials, "Authorization header")]
    [InlineData(401, "No.", ZoeyProblem.Credentials, "does not accept the credentials")]
    [InlineData(403, "Access denied", ZoeyProblem.Forbidden, "give the API role Read access to Catalog → Products. If it has that, something between here and the store takes the Authorization header away")]
    [InlineData(404, "Request does not match any route.", ZoeyProblem.NoSuchEndpoint, "no resource for reading products at \"products\"")]
    [InlineData(405, "Resource does not support method.", ZoeyProblem.NoSuchEndpoint, "does not offer it")]
    public async Task Refusal_IsTriedOnceAndSaidInWords(int status, string message, ZoeyProblem problem, string words)
    {
        _store.On(Path, _ => Error(status, message));

        var exception = await _store.FailAsync();

        Assert.Equal((problem, status), (exception.Problem, exception.HttpStatus));
        Assert.Contains(words, exception.Message, StringComparison.Ordinal);
        Assert.Single(_store.Requests);
    }

    [Fact]
    public async Task ResourceNotFound_IsNoFailure()
    {
        _store.On(Path, _ => Error(404, "Resource not found."));

        Assert.Empty(await CallAsync());
    }

    [Theory]
    [InlineData(403, "text/html", "<html>", ZoeyProblem.Blocked)]
    [InlineData(404, "text/html", "<html>", ZoeyProblem.NoSuchEndpoint)]
    [InlineData(404, "application/json", "{}", ZoeyProblem.NoSuchEndpoint)]
    [InlineData(200, "text/html", "[]", ZoeyProblem.Unreadable)]
    [InlineData(200, "application/json", "[{\"category_id\":", ZoeyProblem.Unreadable)]
    [InlineData(204, "application/json", "", ZoeyProblem.Unreadable)]
    [InlineData(207, "application/json", "{}", ZoeyProblem.Unreadable)]
    public async Task AnswerOfSomebodyElse_IsNeverTakenForTheStores(int status, string mediaType, string body, ZoeyProblem problem)
    {
        _store.On(Path, _ => Json(body, status, mediaType));

        Assert.Equal(problem, (await _store.FailAsync()).Problem);
    }

    [Fact]
    public async Task Redirect_NamesWhereToWithoutItsSecrets()
    {
        _store.On(Path, _ =>
        {
            var response = Json("", 301);
            response.Headers.Location = new Uri("https://user:pw@www.acme.test/api/rest/products?oauth_token=access-token-1");
            return response;
        });

        var exception = await _store.FailAsync();

        Assert.Equal(ZoeyProblem.Redirect, exception.Problem);
        Assert.Contains("to https://www.acme.test/api/rest/products.", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("pw@", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EndlessAnswer_IsGivenUp()
    {
        _store.On(Path, _ => new HttpResponseMessage { Content = new StreamContent(new Endless()) { Headers = { ContentType = new("application/json") } } });

        Assert.Contains("larger than 50 MB", (await _store.FailAsync()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BrokenCompression_IsTriedAgainAndSaid()
    {
        _store.On(Path, _ => _store.Requests.Count == 1 ? Broken(true) : _store.Requests.Count == 2 ? Broken(false) : Json("[]"));
        Assert.Empty(await CallAsync());
        Assert.Equal(3, _store.Requests.Count);

        _store.On(Path, _ => Broken(true));
        var exception = await _store.FailAsync();
        Assert.Equal((ZoeyProblem.Unreadable, 200, true), (exception.Problem, exception.HttpStatus, exception.IsTransient));

        static HttpResponseMessage Broken(bool isGzip)
        {
            var garbage = new MemoryStream([.. Enumerable.Repeat((byte)0xa7, 100)]);
            Stream stream = isGzip ? new GZipStream(garbage, CompressionMode.Decompress) : new BrotliStream(garbage, CompressionMode.Decompress);
            return new HttpResponseMessage { Content = new StreamContent(stream) { Headers = { ContentType = new("application/json") } } };
        }
    }

    [Theory]
    [InlineData("""{"messages":{"error":{"\ud800":{"message":"No."}}}}""")]
    [InlineData("""{"messages":{"erro\ud800":1,"error":[{"message":"No.","messag\ud800":1}]}}""")]
    [InlineData("""{"messages":{"error":[{"message":"\ud800"}]}}""")]
    public async Task ErrorThatHoldsNoText_IsStillARefusal(string body)
    {
        _store.On(Path, _ => Json(body, 400));

        Assert.Equal(ZoeyProblem.Refused, (await _store.FailAsync()).Problem);
    }

    [Fact]
    public async Task NotSetUp_SaysWhereToSetItUp()
    {
        var (host, store) = await StartAsync(DatabaseProvider.Sqlite, []);
        await using var _ = host;

        Assert.False(await host.Get<IZoeyClient>().IsSetUpAsync(host.Store.Id, Cancel));
        Assert.True(await _host.Get<IZoeyClient>().IsSetUpAsync(_host.Store.Id, Cancel));
        Assert.Equal(ZoeyProblem.NotSetUp, (await store.FailAsync()).Problem);
    }

    [Fact]
    public async Task Secrets_AreInNoExceptionAndNoLog()
    {
        _store.On(Path, request => Error(400, $"Bad header {request.Authorization!.Replace("\"", "\\\"", StringComparison.Ordinal)}"));
        var echoed = await _store.FailAsync();
        _store.On(Path, _ => Html(503));
        var unavailable = await _store.FailAsync();

        var texts = _logs.GetSnapshot().Select(record => record.ToString()).Append(echoed.ToString()).Append(unavailable.ToString()).ToList();
        Assert.NotEmpty(_logs.GetSnapshot());
        Assert.All(texts, text => Assert.DoesNotMatch("consumer-secret-1|token-secret-1|oauth_signature=", text));
        Assert.DoesNotContain("secret", new ZoeyCredentials { ConsumerSecret = "secret" }.ToString(), StringComparison.Ordinal);
    }

    private Task<IReadOnlyList<string>> CallAsync() => _store.PumpAsync((client, store) => client.ReadCategoryIdsAsync(store, "7", Cancel));

    private sealed class Endless : MemoryStream
    {
        public override int Read(Span<byte> buffer)
        {
            buffer.Fill((byte)' ');
            return buffer.Length;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));
    }
}
