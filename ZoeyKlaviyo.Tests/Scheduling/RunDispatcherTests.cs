using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Tests.Fixtures;
using static ZoeyKlaviyo.Tests.Fixtures.KlaviyoStub;

namespace ZoeyKlaviyo.Tests.Scheduling;

public sealed class SqliteRunDispatcherTests() : RunDispatcherTests(DatabaseProvider.Sqlite);

public sealed class PostgresRunDispatcherTests() : RunDispatcherTests(DatabaseProvider.Postgres);

public abstract class RunDispatcherTests(DatabaseProvider provider) : IAsyncLifetime
{
    private CoreHost _host = default!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await CoreHost.StartAsync(provider);
        await _host.ConnectAsync();
        _host.Klaviyo.OnEvent(_ => Accepted());
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task SyncNow_Twice_IsOneRun()
    {
        var first = await _host.Get<SyncCommands>().SyncNowAsync(_host.Store, SyncKind.Events, Cancel);
        var second = await _host.Get<SyncCommands>().SyncNowAsync(_host.Store, SyncKind.Events, Cancel);

        Assert.Equal((first.RunId, true), (second.RunId, second.AlreadyActive));
    }

    [Fact]
    public async Task ManualRun_NothingToDo_SaysSoAndStands()
    {
        var run = await _host.RunAsync(SyncKind.Events);

        Assert.Equal((RunStatus.Succeeded, "No new events.", "Ana", false), (run.Status, run.Message, run.RequestedBy, run.IsIdle));
    }

    [Fact]
    public async Task ScheduledRuns_NothingToDo_ShareOneStretchingRow()
    {
        _host.StartDispatcher();
        for (var i = 0; i < 3; i++)
        {
            var queued = await _host.Get<RunQueue>().QueueAsync(_host.Store.Id, SyncKind.Events, RunTrigger.Schedule, null, Cancel);
            await WaitAsync(db => db.Runs.AllAsync(run => run.Id != queued.RunId || run.IsIdle, Cancel));
            _host.Time.Advance(TimeSpan.FromMinutes(10));
        }

        var row = Assert.Single(await RunsAsync());
        Assert.Equal((true, 3), (row.IsIdle, row.IdleChecks));
        Assert.True(row.FinishedUtc - row.QueuedUtc >= TimeSpan.FromMinutes(20));
    }

    [Fact]
    public async Task Disabled_RunIsSkippedAndTheQueueHeld()
    {
        await _host.AddEventsAsync(1);
        await _host.SetAsync(Switch.IsEnabled, false);

        var run = await _host.RunAsync(SyncKind.Events);

        Assert.Equal(RunStatus.Skipped, run.Status);
        Assert.Equal(PayloadState.New, Assert.Single(await _host.PayloadsAsync()).State);
        Assert.Empty(_host.Klaviyo.Events);
    }

    [Fact]
    public async Task Cancel_WhileRunning_StopsAndLeavesTheRestWaiting()
    {
        await _host.AddEventsAsync(50);
        _host.StartDispatcher();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var arrived = new SemaphoreSlim(0);
        // Refused without saying why: each goes out singly.
        _host.Klaviyo.OnBulk(_ => Error(400)).OnAsync("POST /api/events", async _ =>
        {
            arrived.Release();
            await gate.Task;
            return Accepted();
        });
        var queued = await _host.Get<SyncCommands>().SyncNowAsync(_host.Store, SyncKind.Events, Cancel);
        await arrived.WaitAsync(Cancel);

        Assert.True(await _host.Get<SyncCommands>().CancelAsync(_host.Store, queued.RunId, Cancel));
        gate.SetResult();

        var run = await _host.EndOfAsync(queued.RunId);
        Assert.Equal((RunStatus.Cancelled, "Cancelled by Ana. What was not sent yet stays waiting."), (run.Status, run.Message));
        var payloads = await _host.PayloadsAsync();
        Assert.Equal(run.Counts.Sent, payloads.Count(payload => payload.State == PayloadState.Sent));
        Assert.Equal(50 - run.Counts.Sent, payloads.Count(payload => payload is { State: PayloadState.New, InDoubt: false }));
        Assert.InRange(run.Counts.Sent, 1, 49);
    }

    [Fact]
    public async Task Cancel_WhileQueued_NeverStarts()
    {
        var queued = await _host.Get<SyncCommands>().SyncNowAsync(_host.Store, SyncKind.Events, Cancel);

        Assert.True(await _host.Get<SyncCommands>().CancelAsync(_host.Store, queued.RunId, Cancel));

        var run = await _host.EndOfAsync(queued.RunId);
        Assert.Equal((RunStatus.Cancelled, null), (run.Status, run.StartedUtc));
        Assert.False(await _host.Get<SyncCommands>().CancelAsync(_host.Store, queued.RunId, Cancel));
    }

    [Fact]
    public async Task UnexpectedErrorWithOneEvent_CostsThatEventOnly()
    {
        await _host.AddEventsAsync(2);
        _host.Klaviyo.OnEvent(request => request.Body.Contains("shopper1@", StringComparison.Ordinal) ? throw new NotSupportedException("a bug") : Accepted());

        var run = await _host.RunAsync(SyncKind.Events);

        Assert.Equal(RunStatus.Partial, run.Status);
        var payloads = await _host.PayloadsAsync();
        Assert.Equal([(PayloadState.Retry, true), (PayloadState.Sent, false)], payloads.Select(payload => (payload.State, payload.InDoubt)));
        Assert.DoesNotContain("a bug", payloads[0].Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnexpectedErrorOfTheRun_EndsAsARowThatCanBeRead()
    {
        await _host.AddEventsAsync(1);
        await _host.Database.WriteAsync(db => db.Database.ExecuteSqlAsync($"ALTER TABLE \"RunRecords\" RENAME TO \"Gone\"", Cancel), Cancel);

        var run = await _host.RunAsync(SyncKind.Events);

        Assert.Equal(RunStatus.Failed, run.Status);
        Assert.StartsWith("An unexpected error", run.Message, StringComparison.Ordinal);
        Assert.Equal((PayloadState.New, true), (await _host.PayloadsAsync()).Select(payload => (payload.State, payload.InDoubt)).Single());
    }

    [Fact]
    public async Task TwoProcessesFindTheSameLeftover_TheClaimMadeInBetweenStands()
    {
        await ClaimAndVanishAsync();
        _host.Time.Advance(LaneLeases.Length + TimeSpan.FromSeconds(1));
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => _host.Get<Interruptions>().EndLeftoversAsync(all: false, Cancel))));
        var claimed = await _host.Get<LaneLeases>().ClaimAsync(Lane.Delivery, Cancel);

        await _host.Get<Interruptions>().EndLeftoversAsync(all: false, Cancel);

        Assert.Equal([RunStatus.Interrupted, RunStatus.Running], (await RunsAsync()).Select(run => run.Status));
        Assert.Null(await _host.Get<LaneLeases>().RenewAsync(claimed!, Cancel));
    }

    [Fact]
    public async Task RunningWithoutAnOwner_IsInterrupted()
    {
        await ClaimAndVanishAsync();
        await _host.Database.WriteAsync(db => db.LaneLeases.ExecuteUpdateAsync(update => update.SetProperty(lease => lease.Owner, (string?)null), Cancel), Cancel);

        await _host.Get<Interruptions>().EndLeftoversAsync(all: false, Cancel);

        Assert.Equal([RunStatus.Interrupted, RunStatus.Queued], (await RunsAsync()).Select(run => run.Status));
    }

    [Fact]
    public async Task CancelledRetries_DoNotCountAndWaitTenMinutes()
    {
        await _host.Get<DueRuns>().QueueAsync(Cancel);
        var before = await StateAsync();
        var queued = await _host.Get<SyncCommands>().SyncNowAsync(_host.Store, SyncKind.Retries, Cancel);

        await _host.Get<SyncCommands>().CancelAsync(_host.Store, queued.RunId, Cancel);

        var after = await StateAsync();
        Assert.Equal((before.LastCountedUtc, _host.Time.GetUtcNow() + TimeSpan.FromMinutes(10)), (after.LastCountedUtc, after.NotBeforeUtc));
    }

    [Fact]
    public async Task LeftoverOfAnEndedProcess_InterruptedQueuedAgainAndSentInDoubt()
    {
        await _host.AddEventsAsync(2);
        await ClaimAndVanishAsync();
        _host.Time.Advance(LaneLeases.Length + TimeSpan.FromSeconds(1));

        _host.StartDispatcher();

        await WaitAsync(db => db.Runs.AnyAsync(run => run.Status == RunStatus.Succeeded, Cancel));
        Assert.Equal([RunStatus.Interrupted, RunStatus.Succeeded], (await RunsAsync()).Select(run => run.Status));
        Assert.Equal(RunTrigger.CatchUp, (await RunsAsync())[1].Trigger);
        Assert.All(await _host.PayloadsAsync(), payload => Assert.Equal((PayloadState.Sent, false), (payload.State, payload.InDoubt)));
    }

    [Fact]
    public async Task InterruptedThreeTimesInARow_FailedUntilNextDue()
    {
        for (var i = 0; i < 3; i++)
        {
            await ClaimAndVanishAsync(queue: i == 0);
            await _host.Get<Interruptions>().EndLeftoversAsync(all: true, Cancel);
        }

        Assert.Equal([RunStatus.Interrupted, RunStatus.Interrupted, RunStatus.Failed], (await RunsAsync()).Select(run => run.Status));
    }

    [Fact]
    public async Task ProcessThatSleptPastItsLease_CanWriteNothing()
    {
        await _host.AddEventsAsync(1);
        var run = await ClaimAndVanishAsync();
        await _host.Get<Interruptions>().EndLeftoversAsync(all: true, Cancel);
        var asleep = Context(run);

        await Assert.ThrowsAsync<LeaseLostException>(() => asleep.WriteAsync(
            async (db, row) =>
            {
                row.Message = "written by a ghost";
                return await db.Payloads.ExecuteDeleteAsync(Cancel);
            },
            Cancel));

        Assert.DoesNotContain(await RunsAsync(), row => row.Message == "written by a ghost");
        Assert.Single(await _host.PayloadsAsync());
    }

    [Fact]
    public async Task LaneInUse_TheNextRunOfTheLaneWaits()
    {
        await ClaimAndVanishAsync();
        await _host.Get<SyncCommands>().SyncNowAsync(_host.Store, SyncKind.Retries, Cancel);

        Assert.Null(await _host.Get<LaneLeases>().ClaimAsync(Lane.Delivery, Cancel));
    }

    [Fact]
    public async Task StoppedRetries_DoNotCountAndWaitTenMinutes()
    {
        await _host.Get<DueRuns>().QueueAsync(Cancel);
        await _host.AddEventsAsync(1);
        _host.Klaviyo.OnEvent(_ => Error(400));
        await _host.RunAsync(SyncKind.Events);
        _host.Klaviyo.OnEvent(_ => Throttled(90));
        var before = await StateAsync();

        await _host.RunAsync(SyncKind.Retries);

        var after = await StateAsync();
        Assert.Equal(before.LastCountedUtc, after.LastCountedUtc);
        Assert.True(after.NotBeforeUtc > _host.Time.GetUtcNow());
    }

    /// <summary>Claims a run and its payloads as a process does that is killed right after.</summary>
    private async Task<Run> ClaimAndVanishAsync(bool queue = true)
    {
        if (queue)
            await _host.Get<RunQueue>().QueueAsync(_host.Store.Id, SyncKind.Events, RunTrigger.Schedule, null, Cancel);
        var run = (await new LaneLeases(_host.Database, _host.Get<IEnumerable<ISyncRun>>(), _host.Time).ClaimAsync(Lane.Delivery, Cancel))!;
        await Core.Events.Delivery.PayloadClaims.ClaimAsync(Context(run), Core.Events.Delivery.PayloadPass.New, 0, Cancel);
        return run;
    }

    private RunContext Context(Run run) =>
        new(_host.Database, _host.Get<Core.Stores.StoreSignals>(), run, _host.Get<RunSlots>().Take(run.Lane));

    private async Task WaitAsync(Func<AppDbContext, Task<bool>> until)
    {
        while (!await _host.ReadAsync(until))
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Cancel);
    }

    private Task<ScheduleState> StateAsync() => _host.ReadAsync(db => db.ScheduleStates.SingleAsync(row => row.Kind == SyncKind.Retries, Cancel));

    private Task<List<Run>> RunsAsync() => _host.ReadAsync(db => db.Runs.OrderBy(run => run.Id).ToListAsync(Cancel));
}
