using System.Text.Json.Nodes;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Sandbox.Faults;
using ZoeyKlaviyo.Tests.Fixtures;

namespace ZoeyKlaviyo.Tests.Crashes;

public sealed class SqliteFaultMatrixTests() : FaultMatrixTests(DatabaseProvider.Sqlite)
{
    public static TheoryData<string, string, string, bool> Cases => new(
        from fault in Faults.Keys
        from way in Ways
        select (fault, way.Cycle, way.Endpoint, way.IsLasting));

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Fault_LosesNothingAndRepeatsNothing(string fault, string cycle, string endpoint, bool isLasting) => ProveAsync(fault, cycle, endpoint, isLasting);
}

/// <summary>What the databases might do differently: everything under way at once, refused, in doubt and put off.</summary>
public sealed class PostgresFaultMatrixTests() : FaultMatrixTests(DatabaseProvider.Postgres)
{
    public static TheoryData<string, string> Cases => new(
        from fault in new[] { "throttle", "status 500", "lost-answer", "token-revoked", "refuse" }
        from cycle in new[] { "first", "after a refusal" }
        select (fault, cycle));

    [Theory]
    [MemberData(nameof(Cases))]
    public Task Fault_LosesNothingAndRepeatsNothing(string fault, string cycle) => ProveAsync(fault, cycle, "/api/", isLasting: true);
}

/// <summary>Everything that can go wrong on the way to Klaviyo, in both cycles: afterwards the outbox and Klaviyo's books agree, record by record.</summary>
public abstract class FaultMatrixTests(DatabaseProvider provider) : IAsyncLifetime
{
    private const string Bulk = "POST /api/event-bulk";
    private const string Single = "POST /api/events";
    private const string Everything = "/api/";
    private const string First = "first";
    private const string AfterRefusal = "after a refusal";
    private const string AfterOutage = "after an outage";

    private SandboxHost _host = default!;

    /// <summary>The last hits ten of the events, the others every call.</summary>
    protected static IReadOnlyDictionary<string, Fault> Faults { get; } = new Dictionary<string, Fault>
    {
        ["throttle"] = new("", FaultKind.Throttle, RetryAfter: 25),
        ["throttle for long"] = new("", FaultKind.Throttle, RetryAfter: 90),
        ["throttle-silent"] = new("", FaultKind.ThrottleSilent),
        ["status 400"] = new("", FaultKind.Status, Status: 400),
        ["status 413"] = new("", FaultKind.Status, Status: 413),
        ["status 500"] = new("", FaultKind.Status, Status: 500),
        ["status 503"] = new("", FaultKind.Status, Status: 503),
        ["html"] = new("", FaultKind.Html),
        ["html 200"] = new("", FaultKind.Html, Status: 200),
        ["garbage"] = new("", FaultKind.Garbage),
        ["garbage 502"] = new("", FaultKind.Garbage, Status: 502),
        ["slow"] = new("", FaultKind.Slow, RetryAfter: 20),
        ["too slow"] = new("", FaultKind.Slow, RetryAfter: 40),
        ["reset"] = new("", FaultKind.Reset),
        ["lost-answer"] = new("", FaultKind.LostAnswer),
        ["token-revoked"] = new("", FaultKind.TokenRevoked),
        ["refuse"] = new("", FaultKind.Refuse, Where: "event-00004"),
    };

    /// <summary>After an outage everything is in doubt, and nothing goes out in bulk.</summary>
    protected static IReadOnlyList<(string Cycle, string Endpoint, bool IsLasting)> Ways { get; } =
    [
        (First, Bulk, true), (First, Single, true), (First, Everything, true), (First, Everything, false),
        (AfterRefusal, Bulk, true), (AfterRefusal, Single, true), (AfterRefusal, Everything, true),
        (AfterOutage, Everything, true),
    ];

    public async ValueTask InitializeAsync() => _host = await SandboxHost.StartAsync(provider);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <param name="isLasting">False: it hits two calls, and is over.</param>
    protected async Task ProveAsync(string fault, string cycle, string endpoint, bool isLasting)
    {
        await _host.Core.FillOutboxAsync(120, shoppers: 40);
        await EndFirstCycleAsync(cycle);
        var before = _host.Sandbox.Requests.Count;
        // What is in doubt goes out singly.
        if (endpoint == Single && cycle != AfterOutage)
            _host.Sandbox.Faults.Add(new(Bulk, FaultKind.LostAnswer, Times: 1));
        _host.Sandbox.Faults.Add(Faults[fault] with { Match = endpoint, Times = isLasting ? null : 2 });
        await RunAsync(cycle == First ? SyncKind.Events : SyncKind.Retries);
        Assert.Contains(_host.Sandbox.Requests.Skip(before), request => request.Fault == Faults[fault].Kind);

        if (fault == "refuse" && isLasting)
        {
            await RunAllAsync();
            var failed = (await _host.Core.PayloadsAsync()).FindAll(payload => payload.State != PayloadState.Sent);
            Assert.Equal(10, failed.Count);
            Assert.All(failed, payload => Assert.Equal((PayloadState.Failed, 400), (payload.State, payload.HttpStatus)));
        }

        _host.Sandbox.Faults.Clear();
        if ((await _host.Core.ConnectionAsync()).Status == ConnectionStatus.NeedsAttention)
            await _host.ConnectAsync();
        // Klaviyo may have asked for a pause that is longer than a run waits.
        _host.Core.Time.Advance(TimeSpan.FromMinutes(2));
        await RunAllAsync();
        var payloads = await _host.Core.PayloadsAsync();
        Assert.All(payloads, payload => Assert.True(payload.State is PayloadState.Sent or PayloadState.Failed, $"{payload.UniqueId} is in {payload.State}."));
        foreach (var payload in payloads.Where(payload => payload.State == PayloadState.Failed))
            Assert.True(await _host.Core.Get<PayloadCommands>().RetryAsync(_host.Core.Store, payload.Id, TestContext.Current.CancellationToken));
        await RunAllAsync();
        Assert.All(await _host.Core.PayloadsAsync(), payload => Assert.Equal((PayloadState.Sent, false), (payload.State, payload.InDoubt)));
        AssertNothingSentTwiceWithoutNeed();
    }

    private async Task EndFirstCycleAsync(string cycle)
    {
        if (cycle == First)
            return;
        _host.Sandbox.Faults.Add(cycle == AfterRefusal ? new("/api/event", FaultKind.Refuse) : new(Everything, FaultKind.Html));
        await RunAsync(SyncKind.Events);
        Assert.All(await _host.Core.PayloadsAsync(), payload => Assert.Equal(
            (PayloadState.Retry, cycle == AfterOutage, cycle == AfterOutage), (payload.State, payload.Outage, payload.InDoubt)));
        _host.Sandbox.Faults.Clear();
    }

    /// <summary>Until nothing moves any more.</summary>
    private async Task RunAllAsync()
    {
        List<PayloadState> before;
        do
        {
            before = await StatesAsync();
            await RunAsync(SyncKind.Events);
            await RunAsync(SyncKind.Retries);
        }
        while (!before.SequenceEqual(await StatesAsync()));
    }

    private async Task<List<PayloadState>> StatesAsync() => (await _host.Core.PayloadsAsync()).ConvertAll(payload => payload.State);

    /// <summary>After each run: what is Sent has arrived as it was, and what has arrived all the same is known to be in doubt.</summary>
    private async Task RunAsync(SyncKind kind)
    {
        await _host.Core.RunAsync(kind);
        var arrived = _host.Sandbox.Events.ToDictionary(one => one.UniqueId);
        foreach (var payload in await _host.Core.PayloadsAsync())
        {
            var isThere = arrived.Remove(payload.UniqueId, out var one);
            Assert.NotEqual(PayloadState.Sending, payload.State);
            Assert.True(isThere || payload.State != PayloadState.Sent, $"{payload.UniqueId} is Sent and did not arrive.");
            Assert.True(!isThere || payload.State == PayloadState.Sent || payload.InDoubt, $"{payload.UniqueId} arrived and is in {payload.State} without a doubt.");
            Assert.True(payload.State is not (PayloadState.Retry or PayloadState.Failed) || !string.IsNullOrEmpty(payload.Error), $"{payload.UniqueId}: why?");
            if (one is null)
                continue;
            Assert.Equal(
                ("ABC123", payload.Metric, payload.Email, payload.OccurredUtc, payload.Value, payload.Currency),
                (one.Account, one.Metric, one.Email, one.Time, one.Value, one.ValueCurrency));
            Assert.Equal(payload.Properties, one.Properties.GetRawText());
        }

        Assert.Empty(arrived);
    }

    /// <summary>What may have arrived never goes out in bulk again, and what has arrived only goes out again where nobody told us.</summary>
    private void AssertNothingSentTwiceWithoutNeed()
    {
        var (inDoubt, accepted) = (new HashSet<string>(), new HashSet<string>());
        foreach (var request in _host.Sandbox.Requests.Where(request => request.Path.StartsWith("/api/event", StringComparison.Ordinal)).OrderBy(request => request.At))
        {
            var isBulk = request.Path == "/api/event-bulk-create-jobs";
            var seen = new SeenRequest(request.Method, request.Path, request.Body, null);
            var ids = isBulk ? BulkBodies.Read(seen).ConvertAll(entry => entry.UniqueId) : [JsonNode.Parse(request.Body)!["data"]!["attributes"]!["unique_id"]!.GetValue<string>()];
            Assert.All(ids, id => Assert.False(isBulk && inDoubt.Contains(id), $"{id} was in doubt and went out in bulk."));
            Assert.All(ids, id => Assert.False(accepted.Contains(id) && !inDoubt.Contains(id), $"{id} was accepted and went out again."));
            if (request.Status == 202)
                accepted.UnionWith(ids);
            if (request.Status is 0 or >= 500 || request.Fault is FaultKind.LostAnswer or FaultKind.Html or FaultKind.Garbage)
                inDoubt.UnionWith(ids);
        }
    }
}
