using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Tests.Fixtures;

namespace ZoeyKlaviyo.Tests.Scheduling;

public sealed class SqliteRunDispatcherFaultTests() : RunDispatcherFaultTests(DatabaseProvider.Sqlite);

public sealed class PostgresRunDispatcherFaultTests() : RunDispatcherFaultTests(DatabaseProvider.Postgres);

/// <summary>What a faulty kind of sync costs the others: nothing.</summary>
public abstract class RunDispatcherFaultTests(DatabaseProvider provider) : IAsyncLifetime
{
    private readonly FaultySync _faulty = new();
    private CoreHost _host = default!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await CoreHost.StartAsync(provider, new() { ["Sync:MaxParallelRuns"] = "1" }, WaitingRun.InPlaceOfItsKind(_faulty));
        await _host.ConnectAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task LeaseLostAndTheRunThrowsWhenItIsCancelled_ItsSlotIsFreeForTheNext()
    {
        _faulty.ThrowsWhenCancelled = true;
        var runId = await QueueAsync(SyncKind.Products);
        _host.StartDispatcher();
        await UntilAsync(runId, RunStatus.Running);
        await _faulty.IsWaiting.Task;
        await _host.Get<Interruptions>().TakeOverAsync(await _host.ReadAsync(db => db.LaneLeases.SingleAsync(Cancel)), all: true, Cancel);

        _host.Time.Advance(LaneLeases.Heartbeat);

        await UntilAsync(runId + 1, RunStatus.Running);
        _faulty.ThrowsWhenCancelled = false;
    }

    [Fact]
    public async Task LeftoverThatCanNotBeEnded_TheOtherLanesGoOn()
    {
        _faulty.CanBeAbandoned = false;
        var leftover = await QueueAsync(SyncKind.Products);
        await new LaneLeases(_host.Database, _host.Get<IEnumerable<ISyncRun>>(), _host.Time).ClaimAsync(Lane.Bulk, Cancel);
        _host.Time.Advance(LaneLeases.Length + TimeSpan.FromSeconds(1));
        var events = await QueueAsync(SyncKind.Events);

        _host.StartDispatcher();

        await UntilAsync(events, RunStatus.Succeeded);
        Assert.Equal(RunStatus.Running, (await _host.ReadAsync(db => db.Runs.SingleAsync(run => run.Id == leftover, Cancel))).Status);

        _faulty.CanBeAbandoned = true;
        _host.Time.Advance(TimeSpan.FromSeconds(5));
        await UntilAsync(leftover, RunStatus.Interrupted);
    }

    private async Task<long> QueueAsync(SyncKind kind) =>
        (await _host.Get<RunQueue>().QueueAsync(_host.Store.Id, kind, RunTrigger.Manual, "Ana", Cancel)).RunId;

    /// <summary>The dispatcher looks every five seconds of a clock that otherwise stands still.</summary>
    private Task UntilAsync(long runId, RunStatus status) => ConnectedAdmin.UntilAsync(
        async () =>
        {
            _host.Time.Advance(TimeSpan.FromMilliseconds(500));
            return await _host.ReadAsync(db => db.Runs.AnyAsync(run => run.Id == runId && run.Status == status, Cancel));
        },
        $"{runId} is {status}");

    private sealed class FaultySync : ISyncRun
    {
        public SyncKind Kind => SyncKind.Products;

        public TaskCompletionSource IsWaiting { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool ThrowsWhenCancelled { get; set; }

        public bool CanBeAbandoned { get; set; } = true;

        public async Task<RunOutcome> ExecuteAsync(RunContext context, CancellationToken stop)
        {
            var isCancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = stop.Register(() =>
            {
                isCancelled.SetCanceled(stop);
                if (ThrowsWhenCancelled)
                    throw new NotSupportedException("a bug");
            });
            IsWaiting.TrySetResult();
            await isCancelled.Task;
            return new RunOutcome(RunStatus.Succeeded, "Done.");
        }

        public Task AbandonAsync(AppDbContext db, Run run, CancellationToken cancellationToken) =>
            CanBeAbandoned ? Task.CompletedTask : throw new NotSupportedException("a bug");
    }
}
