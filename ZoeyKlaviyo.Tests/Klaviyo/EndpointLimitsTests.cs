using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Tests.Fixtures;
using static ZoeyKlaviyo.Tests.Fixtures.KlaviyoStub;

namespace ZoeyKlaviyo.Tests.Klaviyo;

/// <summary>Our calls against Klaviyo's limits: a burst window of a second and a steady window of a minute.</summary>
public sealed class EndpointLimitsTests : IDisposable
{
    private static readonly KlaviyoCredential s_credential = new("ABC123", "access-1");
    private readonly FakeTimeProvider _time = new(CoreHost.Start);
    private readonly KlaviyoStub _klaviyo = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _klaviyo.Dispose();

    /// <summary>The stand-in counts a call anywhere between its sending and its answer; no second and no minute may have more than its number.</summary>
    [Fact]
    public async Task ManyCalls_NoSecondAndNoMinuteHasMoreThanItsNumber_WhereverItBegins()
    {
        var arrived = new List<DateTimeOffset>();
        _klaviyo.OnAsync("GET /api/metrics", async _ =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(0, 400)), _time, Cancel);
            lock (arrived)
                arrived.Add(_time.GetUtcNow());
            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(0, 400)), _time, Cancel);
            return Json(200, "{}");
        });
        var client = Client();
        var start = _time.GetUtcNow();

        var calls = Enumerable.Range(0, 320).Select(_ => Task.Run(() => client.GetMetricsAsync(s_credential, Cancel), Cancel)).ToList();
        await AdvanceUntilAsync(() => calls.TrueForAll(call => call.IsCompleted), TimeSpan.FromMilliseconds(50));

        Assert.Equal(320, arrived.Count);
        foreach (var from in arrived)
        {
            Assert.InRange(arrived.Count(at => at >= from && at < from.AddSeconds(1)), 1, 10);
            Assert.InRange(arrived.Count(at => at >= from && at < from.AddMinutes(1)), 1, 150);
        }

        // Not slower than need be either: 150 a minute, and what the answers take.
        Assert.InRange(_time.GetUtcNow() - start, TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(2.4));
    }

    [Fact]
    public async Task AnotherAccountAndAnotherEndpoint_HaveLimitsOfTheirOwn()
    {
        _klaviyo.On("GET /api/accounts", _ => Json(200, "{}")).On("GET /api/metrics", _ => Json(200, "{}"));
        var client = Client();

        await client.GetAccountAsync(s_credential, Cancel);
        await client.GetAccountAsync(s_credential with { AccountId = "XYZ789" }, Cancel);
        await client.GetMetricsAsync(s_credential, Cancel);
        var second = client.GetAccountAsync(s_credential, Cancel);

        Assert.Equal(3, _klaviyo.Requests.Count);
        await AdvanceUntilAsync(() => second.IsCompleted, TimeSpan.FromMilliseconds(100));
        Assert.Equal(4, _klaviyo.Requests.Count);
    }

    [Fact]
    public async Task RetryAfter_HoldsForCallsThatAlreadyWaitForTheirPlace()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var throttledUtc = DateTimeOffset.MaxValue;
        var calledUtc = new List<DateTimeOffset>();
        _klaviyo.OnAsync("GET /api/accounts", async _ =>
        {
            lock (calledUtc)
                calledUtc.Add(_time.GetUtcNow());
            if (calledUtc.Count > 1)
                return Json(200, "{}");
            await release.Task;
            throttledUtc = _time.GetUtcNow();
            return Throttled(30);
        });
        var client = Client();
        var calls = new[] { client.GetAccountAsync(s_credential, Cancel), client.GetAccountAsync(s_credential, Cancel) };
        Assert.Single(_klaviyo.Requests);

        release.SetResult();
        await AdvanceUntilAsync(() => calls.All(call => call.IsCompleted), TimeSpan.FromMilliseconds(500));

        Assert.Equal(3, calledUtc.Count);
        Assert.All(calledUtc[1..], at => Assert.True(at >= throttledUtc.AddSeconds(30)));
    }

    [Fact]
    public async Task Throttled_AgainAndAgain_WaitsLongerEachTime()
    {
        var calledUtc = new List<DateTimeOffset>();
        _klaviyo.On("GET /api/metrics", _ =>
        {
            calledUtc.Add(_time.GetUtcNow());
            return Throttled(1);
        });

        var call = Client().GetMetricsAsync(s_credential, Cancel);
        await AdvanceUntilAsync(() => call.IsCompleted, TimeSpan.FromMilliseconds(100));

        Assert.Equal(Verdict.Throttled, (await call).Verdict);
        var waits = calledUtc.Zip(calledUtc.Skip(1), (one, next) => (next - one).TotalSeconds).ToList();
        Assert.Equal([1, 2, 4, 8, 16], waits.Select(wait => Math.Floor(wait)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(2_000_000_000)]
    public async Task Throttled_ForAges_SomebodyAsksAgainInAQuarterOfAnHour(int? retryAfter)
    {
        _klaviyo.On("GET /api/metrics", _ => Throttled(retryAfter));
        var client = Client();
        var call = client.GetMetricsAsync(s_credential, Cancel);
        await AdvanceUntilAsync(() => call.IsCompleted, TimeSpan.FromSeconds(1));
        Assert.Equal(Verdict.Throttled, (await call).Verdict);

        _klaviyo.On("GET /api/metrics", _ => Json(200, "{}"));
        _time.Advance(TimeSpan.FromMinutes(15));

        Assert.Equal(Verdict.Accepted, (await client.GetMetricsAsync(s_credential, Cancel)).Verdict);
    }

    private KlaviyoClient Client()
    {
        var options = Options.Create(new KlaviyoOptions { ApiBaseUrl = "http://klaviyo.test" });
        return new KlaviyoClient(new KlaviyoHttp(new HttpClient(_klaviyo) { Timeout = Timeout.InfiniteTimeSpan }, options, new EndpointLimits(options, _time), _time));
    }

    private async Task AdvanceUntilAsync(Func<bool> isSo, TimeSpan step)
    {
        while (!isSo())
        {
            Cancel.ThrowIfCancellationRequested();
            _time.Advance(step);
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, Cancel);
        }
    }
}
