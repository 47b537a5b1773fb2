using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Sandbox.Klaviyo.Contract;
using ZoeyKlaviyo.Tests.Fixtures;
using static ZoeyKlaviyo.Tests.Fixtures.KlaviyoStub;

namespace ZoeyKlaviyo.Tests.Events;

public sealed class SqliteBulkDeliveryTests() : BulkDeliveryTests(DatabaseProvider.Sqlite);

public sealed class PostgresBulkDeliveryTests() : BulkDeliveryTests(DatabaseProvider.Postgres);

/// <summary>What goes out in bulk, how a refused call is repaired, and what goes out singly instead.</summary>
public abstract class BulkDeliveryTests(DatabaseProvider provider) : IAsyncLifetime
{
    private readonly Arrivals _arrivals = new();
    private CoreHost _host = default!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await CoreHost.StartAsync(provider);
        await _host.ConnectAsync();
        _host.Klaviyo.On("GET /api/metrics", _ => Json(200, """{"data":[]}"""));
        _host.Klaviyo.OnEvent(_arrivals.AcceptSingle).OnBulk(_arrivals.AcceptBulk);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task ManyEvents_ReachKlaviyoInThousands()
    {
        await _host.FillOutboxAsync(2500);

        var run = await _host.RunAsync(SyncKind.Events);

        Assert.Equal((RunStatus.Succeeded, "2,500 sent.", 2500), (run.Status, run.Message, run.Counts.Sent));
        Assert.Equal([500, 1000, 1000], _host.Klaviyo.BulkCalls.Select(call => BulkBodies.Read(call).Count).Order());
        Assert.Empty(_host.Klaviyo.Events);
        Assert.Equal(2500, _arrivals.Distinct);
        Assert.Equal(2500, await _host.ReadAsync(db => db.RunRecords.CountAsync(record => record.RunId == run.Id && record.Result == RecordResult.Sent && record.HttpStatus == 202)));
        Assert.All(await _host.PayloadsAsync(), payload => Assert.Equal((PayloadState.Sent, 1, null), (payload.State, payload.Attempts, payload.RunId)));
    }

    [Fact]
    public async Task EventsOfOneShopper_StandUnderOneProfile_AndTheBodyKeepsTheContract()
    {
        await _host.FillOutboxAsync(6, shoppers: 2);

        await _host.RunAsync(SyncKind.Events);

        var call = Assert.Single(_host.Klaviyo.BulkCalls);
        Assert.Empty(KlaviyoContract.Validate("POST", call.Path, call.Body));
        var profiles = JsonNode.Parse(call.Body)!["data"]!["attributes"]!["events-bulk-create"]!["data"]!.AsArray();
        Assert.Equal([3, 3], profiles.Select(profile => profile!["attributes"]!["events"]!["data"]!.AsArray().Count));
        Assert.Equal(6, BulkBodies.Read(call).Select(entry => entry.UniqueId).Distinct().Count());
    }

    [Fact]
    public async Task EventAlone_GoesSingly()
    {
        await _host.FillOutboxAsync(1);

        await _host.RunAsync(SyncKind.Events);

        Assert.Single(_host.Klaviyo.Events);
        Assert.Empty(_host.Klaviyo.BulkCalls);
    }

    [Fact]
    public async Task LargeEvents_KeepEachCallUnder5Mb()
    {
        await _host.FillOutboxAsync(200, propertyLength: 60_000);

        await _host.RunAsync(SyncKind.Events);

        Assert.Equal(200, _arrivals.Distinct);
        Assert.Equal(3, _host.Klaviyo.BulkCalls.Count());
        Assert.All(_host.Klaviyo.BulkCalls, call => Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(call.Body), 1, 5_000_000));
    }

    [Fact]
    public async Task LettersOfSeveralBytes_KeepEachCallUnder5Mb()
    {
        await _host.FillOutboxAsync(150, propertyLength: 30_000, letter: '界');

        await _host.RunAsync(SyncKind.Events);

        Assert.Equal(150, _arrivals.Distinct);
        Assert.All(_host.Klaviyo.BulkCalls, call => Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(call.Body), 1, 5_000_000));
    }

    [Fact]
    public async Task SameIdOfTwoShoppers_NeverInOneCall()
    {
        await _host.FillOutboxAsync(10);
        await _host.Database.WriteAsync(
            db => db.Payloads.Where(payload => payload.Id % 2 == 0).ExecuteUpdateAsync(update => update.SetProperty(payload => payload.UniqueId, "same")), Cancel);

        await _host.RunAsync(SyncKind.Events);

        Assert.All(_host.Klaviyo.BulkCalls, call => Assert.Distinct(BulkBodies.Read(call).Select(entry => entry.UniqueId)));
        Assert.All(await _host.PayloadsAsync(), payload => Assert.Equal(PayloadState.Sent, payload.State));
    }

    [Fact]
    public async Task LateBrowsing_StartsNoFlow_InBulkToo()
    {
        await _host.FillOutboxAsync(2, metric: "Viewed Product");
        _host.Time.Advance(TimeSpan.FromHours(25));
        await _host.FillOutboxAsync(2, metric: "Viewed Product", from: 3);
        _host.Klaviyo.On("POST /oauth/token", _ => Tokens("access-2"));

        await _host.RunAsync(SyncKind.Events);

        var late = BulkBodies.Read(Assert.Single(_host.Klaviyo.BulkCalls)).ToDictionary(
            entry => entry.UniqueId, entry => JsonNode.Parse(entry.Single.Body)!["data"]!["attributes"]!["backfill"]?.GetValue<bool>() == true);
        Assert.Equal([true, true, false, false], late.OrderBy(pair => pair.Key).Select(pair => pair.Value));
    }

    /// <summary>Klaviyo may report every fault of a call at once or one at a time; both are seen in the field.</summary>
    [Theory]
    [InlineData(int.MaxValue, false)]
    [InlineData(1, false)]
    [InlineData(100, false)]
    [InlineData(int.MaxValue, true)]
    [InlineData(1, true)]
    public async Task FourHundredBadOnesInAThousand_TheOthersArriveOnce_InAtMostThreeBulkCalls(int errorsPerAnswer, bool isRetryCycle)
    {
        await _host.FillOutboxAsync(1000);
        if (isRetryCycle)
            await _host.MoveToRetryAsync();
        _arrivals.IsBad = entry => int.Parse(entry.Email[7..entry.Email.IndexOf('@', StringComparison.Ordinal)], System.Globalization.CultureInfo.InvariantCulture) % 5 < 2;
        _arrivals.ErrorsPerAnswer = errorsPerAnswer;

        var run = await _host.RunAsync(isRetryCycle ? SyncKind.Retries : SyncKind.Events);

        Assert.Equal((RunStatus.Partial, "600 sent, 400 not sent.", 600, 400), (run.Status, run.Message, run.Counts.Sent, run.Counts.Failed));
        Assert.Equal((600, 600), (_arrivals.Distinct, _arrivals.Total));
        Assert.InRange(_host.Klaviyo.BulkCalls.Count(), 1, 3);
        var payloads = await _host.PayloadsAsync();
        Assert.Equal(600, payloads.Count(payload => payload.State == PayloadState.Sent));
        var refused = payloads.FindAll(payload => payload.State == (isRetryCycle ? PayloadState.Failed : PayloadState.Retry));
        Assert.Equal(400, refused.Count);
        Assert.All(refused, payload => Assert.Equal((400, $"{payload.Email} is bad.", false, false), (payload.HttpStatus, payload.Error, payload.InDoubt, payload.Outage)));
        var records = (await _host.RecordsAsync(run.Id)).FindAll(record => record.Result != RecordResult.Sent);
        Assert.Equal(400, records.Count);
        Assert.All(records, record =>
        {
            Assert.Equal($"{record.Record.Split(" · ")[1]} is bad.", record.Error);
            Assert.Single(JsonNode.Parse(record.Answer!)!["errors"]!.AsArray());
            Assert.NotNull(ErrorAdvice.For(record.ErrorCode));
        });
    }

    [Fact]
    public async Task RefusedForAProfile_CostsThatShoppersEventsOnly()
    {
        await _host.FillOutboxAsync(9, shoppers: 3);
        _host.Klaviyo.OnBulk(request => BulkBodies.Read(request).FirstOrDefault(entry => entry.Email == "shopper2@shop-demo.com") is { } bad
            ? Errors([(bad.ProfilePointer + "/attributes/profile/data/attributes/email", "Invalid email address")])
            : _arrivals.AcceptBulk(request));

        var run = await _host.RunAsync(SyncKind.Events);

        Assert.Equal((6, 3), (run.Counts.Sent, run.Counts.Failed));
        var payloads = await _host.PayloadsAsync();
        Assert.All(payloads, payload => Assert.Equal(payload.Email == "shopper2@shop-demo.com" ? PayloadState.Retry : PayloadState.Sent, payload.State));
        Assert.Contains((await _host.RecordsAsync(run.Id)), record => record.ErrorCode == "invalid_email");
        Assert.Equal(2, _host.Klaviyo.BulkCalls.Count());
    }

    [Theory]
    [InlineData(400, null)]
    [InlineData(400, "/data")]
    [InlineData(400, "/data/attributes/events-bulk-create/data/99999")]
    [InlineData(400, "/data/attributes/events-bulk-create/data/0/attributes/events/data/77")]
    [InlineData(400, "/data/attributes/events-bulk-create/data/99999999999999999999")]
    [InlineData(413, null)]
    [InlineData(409, null)]
    public async Task RefusalThatNamesNobody_EachGoesSingly(int status, string? pointer)
    {
        await _host.FillOutboxAsync(50);
        _host.Klaviyo.OnBulk(_ => Error(status, "No.", pointer));
        _arrivals.IsBad = entry => entry.Email == "shopper7@shop-demo.com";

        var run = await _host.RunAsync(SyncKind.Events);

        Assert.Equal((49, 1, 49), (run.Counts.Sent, run.Counts.Failed, _arrivals.Total));
        Assert.Single(_host.Klaviyo.BulkCalls);
        Assert.Equal(50, _host.Klaviyo.Events.Count());
        Assert.Equal("shopper7@shop-demo.com", Assert.Single(await _host.PayloadsAsync(), payload => payload.State == PayloadState.Retry).Email);
    }

    [Fact]
    public async Task AnswerLostAfterAcceptance_EachGoesSinglyAndNoneArrivesTwice()
    {
        await _host.FillOutboxAsync(300);
        _host.Klaviyo.OnBulk(request =>
        {
            _arrivals.AcceptBulk(request);
            throw new HttpRequestException(HttpRequestError.ResponseEnded, "The response ended prematurely.");
        });

        var run = await _host.RunAsync(SyncKind.Events);

        Assert.Equal((RunStatus.Succeeded, 300), (run.Status, run.Counts.Sent));
        Assert.Equal(300, _arrivals.Distinct);
        Assert.Single(_host.Klaviyo.BulkCalls);
        Assert.All(await _host.PayloadsAsync(), payload => Assert.Equal((PayloadState.Sent, false), (payload.State, payload.InDoubt)));
    }

    [Fact]
    public async Task InDoubt_NeverInBulk_TheOthersAre()
    {
        await _host.FillOutboxAsync(100);
        await _host.Database.WriteAsync(
            db => db.Payloads.Where(payload => payload.Id % 10 == 0).ExecuteUpdateAsync(update => update.SetProperty(payload => payload.InDoubt, true)), Cancel);
        var doubtful = (await _host.PayloadsAsync()).Where(payload => payload.InDoubt).Select(payload => payload.UniqueId).ToHashSet();

        await _host.RunAsync(SyncKind.Events);

        Assert.Equal(90, BulkBodies.Read(Assert.Single(_host.Klaviyo.BulkCalls)).Count(entry => !doubtful.Contains(entry.UniqueId)));
        Assert.Equal(10, _host.Klaviyo.Events.Count());
        Assert.Equal(100, _arrivals.Total);
        Assert.All(await _host.PayloadsAsync(), payload => Assert.Equal((PayloadState.Sent, false), (payload.State, payload.InDoubt)));
    }

    [Fact]
    public async Task CancelledAfterAnAnswerWasLost_TheRestStaysInDoubt()
    {
        await _host.FillOutboxAsync(100);
        _host.Klaviyo.OnBulk(_ => Error(503));
        _host.StartDispatcher();
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var isFirst = 1;
        long runId = 0;
        _host.Klaviyo.OnAsync("POST /api/events", async request =>
        {
            if (Interlocked.Exchange(ref isFirst, 0) == 1)
            {
                await _host.Get<SyncCommands>().CancelAsync(_host.Store, Interlocked.Read(ref runId), Cancel);
                cancelled.SetResult();
            }

            await cancelled.Task;
            return _arrivals.AcceptSingle(request);
        });
        await _host.Database.WriteAsync(_ => Task.CompletedTask, Cancel);
        var queued = await _host.Get<RunQueue>().QueueAsync(_host.Store.Id, SyncKind.Events, RunTrigger.Manual, "Ana", Cancel);
        Interlocked.Exchange(ref runId, queued.RunId);

        var run = await _host.EndOfAsync(queued.RunId);

        Assert.Equal(RunStatus.Cancelled, run.Status);
        var waiting = (await _host.PayloadsAsync()).FindAll(payload => payload.State == PayloadState.New);
        Assert.NotEmpty(waiting);
        Assert.All(waiting, payload => Assert.True(payload.InDoubt));
    }

    [Fact]
    public async Task PoisonBatch_AlwaysGetsA500_TheOthersGoOut()
    {
        await _host.FillOutboxAsync(3000);
        _arrivals.IsPoison = entry => entry.Email is "shopper5@shop-demo.com" or "shopper1500@shop-demo.com";

        var run = await _host.RunAsync(SyncKind.Events);

        Assert.Equal((RunStatus.Partial, 2998, 2), (run.Status, run.Counts.Sent, run.Counts.Failed));
        Assert.Equal(2998, _arrivals.Distinct);
        var poison = (await _host.PayloadsAsync()).FindAll(payload => payload.State != PayloadState.Sent);
        Assert.Equal(2, poison.Count);
        Assert.All(poison, payload => Assert.Equal((PayloadState.Retry, false, true), (payload.State, payload.Outage, payload.InDoubt)));

        await _host.FillOutboxAsync(10, from: 5000);
        await _host.RunAsync(SyncKind.Retries);
        var next = await _host.RunAsync(SyncKind.Events);

        Assert.Equal(10, next.Counts.Sent);
        Assert.Equal(2, (await _host.PayloadsAsync()).Count(payload => payload is { State: PayloadState.Failed, InDoubt: true }));
    }

    [Fact]
    public async Task OutageHalfway_WhatWasNotAttemptedStaysNew_AndAllGoesOutWhenItIsOver()
    {
        await _host.FillOutboxAsync(9000);
        var left = 2;
        _host.Klaviyo.OnBulk(request => Interlocked.Decrement(ref left) >= 0 ? _arrivals.AcceptBulk(request) : Html(503));
        _host.Klaviyo.On("GET /api/metrics", _ => Html(503));

        var run = await _host.RunAsync(SyncKind.Events);

        Assert.Equal((RunStatus.Partial, 2000), (run.Status, run.Counts.Sent));
        var payloads = await _host.PayloadsAsync();
        Assert.Equal(2000, payloads.Count(payload => payload.State == PayloadState.Sent));
        var attempted = payloads.FindAll(payload => payload.State == PayloadState.Retry);
        Assert.NotEmpty(attempted);
        Assert.All(attempted, payload => Assert.Equal((true, true, 1), (payload.Outage, payload.InDoubt, payload.Attempts)));
        var untouched = payloads.FindAll(payload => payload.State == PayloadState.New);
        Assert.NotEmpty(untouched);
        Assert.All(untouched, payload => Assert.Equal((false, false, 0), (payload.Outage, payload.InDoubt, payload.Attempts)));
        Assert.Equal(7000, attempted.Count + untouched.Count);

        _host.Klaviyo.OnBulk(_arrivals.AcceptBulk);
        await _host.RunAsync(SyncKind.Events);

        Assert.Equal((9000, 9000), (_arrivals.Distinct, _arrivals.Total));
        Assert.All(await _host.PayloadsAsync(), payload => Assert.Equal(PayloadState.Sent, payload.State));
    }

    [Fact]
    public async Task DisabledHalfway_WhatIsNotUnderWayIsHeld()
    {
        await _host.FillOutboxAsync(9000);
        var isFirst = 1;
        _host.Klaviyo.OnAsync("POST /api/event-bulk-create-jobs", async request =>
        {
            if (Interlocked.Exchange(ref isFirst, 0) == 1)
                await _host.SetAsync(Switch.IsEnabled, false);
            return _arrivals.AcceptBulk(request);
        });

        var run = await _host.RunAsync(SyncKind.Events);

        Assert.StartsWith("Is Enabled is No", run.Message, StringComparison.Ordinal);
        var payloads = await _host.PayloadsAsync();
        Assert.Equal(_arrivals.Total, payloads.Count(payload => payload.State == PayloadState.Sent));
        Assert.Contains(payloads, payload => payload is { State: PayloadState.New, InDoubt: false });
        Assert.All(payloads, payload => Assert.True(payload.State is PayloadState.Sent or PayloadState.New));
    }

    [Fact]
    public async Task Unauthorized_TokenRefreshed_TheSameCallGoesThrough()
    {
        await _host.FillOutboxAsync(10);
        _host.Klaviyo.OnBulk(request => request.Authorization == "Bearer access-1" ? Error(401) : _arrivals.AcceptBulk(request));
        _host.Klaviyo.On("POST /oauth/token", _ => Tokens("access-2"));

        var run = await _host.RunAsync(SyncKind.Events);

        Assert.Equal((RunStatus.Succeeded, 10, 10), (run.Status, run.Counts.Sent, _arrivals.Total));
    }

    [Fact]
    public async Task Throttled_TheWholeCallWaitsAndGoesThrough()
    {
        await _host.FillOutboxAsync(10);
        var throttled = 3;
        _host.Klaviyo.OnBulk(request => Interlocked.Decrement(ref throttled) >= 0 ? Throttled(15) : _arrivals.AcceptBulk(request));
        var before = _host.Time.GetUtcNow();

        var run = await _host.RunAsync(SyncKind.Events);

        Assert.Equal((RunStatus.Succeeded, 10, 10), (run.Status, run.Counts.Sent, _arrivals.Total));
        Assert.True(_host.Time.GetUtcNow() - before >= TimeSpan.FromSeconds(45));
    }

    /// <summary>What Klaviyo has, by metric, profile and unique id; a bulk call is all or nothing, as there.</summary>
    private sealed class Arrivals
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<string, int> _counts = [];

        public Func<BulkEntry, bool> IsBad { get; set; } = _ => false;

        public Func<BulkEntry, bool> IsPoison { get; set; } = _ => false;

        public int ErrorsPerAnswer { get; set; } = int.MaxValue;

        public int Distinct => _counts.Count;

        public int Total => _counts.Values.Sum();

        public HttpResponseMessage AcceptSingle(SeenRequest request)
        {
            var entry = new BulkEntry("/data", "/data", request);
            if (IsPoison(entry))
                return Error(500);
            if (IsBad(entry))
                return Error(400, $"{entry.Email} is bad.", "/data/attributes/properties");
            Keep([entry]);
            return Accepted();
        }

        public HttpResponseMessage AcceptBulk(SeenRequest request)
        {
            var entries = BulkBodies.Read(request);
            if (entries.Any(IsPoison))
                return Error(500);
            var bad = entries.Where(IsBad).Take(ErrorsPerAnswer).Select(entry => ((string?)$"{entry.Pointer}/attributes/properties", $"{entry.Email} is bad.")).ToList();
            if (bad.Count > 0)
                return Errors(bad);
            Keep(entries);
            return Accepted();
        }

        private void Keep(IEnumerable<BulkEntry> entries)
        {
            lock (_lock)
            {
                foreach (var entry in entries)
                    _counts[entry.Email + "|" + entry.UniqueId] = _counts.GetValueOrDefault(entry.Email + "|" + entry.UniqueId) + 1;
            }
        }
    }
}
