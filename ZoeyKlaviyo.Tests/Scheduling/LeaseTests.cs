using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Tests.Fixtures;

namespace ZoeyKlaviyo.Tests.Scheduling;

public sealed class SqliteLeaseTests() : LeaseTests(DatabaseProvider.Sqlite);

public sealed class PostgresLeaseTests() : LeaseTests(DatabaseProvider.Postgres)
{
    [Fact]
    public async Task LaneOfANewStore_ClaimedByTwoAtOnce_OneGetsIt()
    {
        await QueueAsync(SyncKind.Products);
        await using var inBetween = await WriteInBetween.BeginAsync(Host, db => db.Database.ExecuteSqlAsync(
            $"""INSERT INTO "LaneLeases" ("StoreId", "Lane", "Owner", "Fence") VALUES ({Host.Store.Id}, 'Bulk', 'the other', 1)""", Cancel));
        var claim = Host.Get<LaneLeases>().ClaimAsync(Lane.Bulk, Cancel);

        await inBetween.CommitOnceSomebodyWaitsAsync();

        Assert.Null(await claim);
    }

    [Fact]
    public async Task Claim_OfARunThatAPersonCancelsAtThatMoment_IsNotMade()
    {
        var runId = await QueueAsync(SyncKind.Products);
        await using var inBetween = await WriteInBetween.BeginAsync(Host, db => db.Database.ExecuteSqlAsync(
            $"""UPDATE "Runs" SET "Status" = 'Cancelled' WHERE "Id" = {runId}""", Cancel));
        var claim = Host.Get<LaneLeases>().ClaimAsync(Lane.Bulk, Cancel);

        await inBetween.CommitOnceSomebodyWaitsAsync();

        Assert.Null(await claim);
        Assert.Null((await Host.ReadAsync(db => db.LaneLeases.SingleOrDefaultAsync(Cancel)))?.Owner);
    }

    [Fact]
    public async Task Cancel_OfARunThatIsClaimedAtThatMoment_AsksTheRunToStop()
    {
        var runId = await QueueAsync(SyncKind.Products);
        await using var inBetween = await WriteInBetween.BeginAsync(Host, db => db.Database.ExecuteSqlAsync(
            $"""UPDATE "Runs" SET "Status" = 'Running' WHERE "Id" = {runId}""", Cancel));
        var cancel = Host.Get<SyncCommands>().CancelAsync(Host.Store, runId, Cancel);

        await inBetween.CommitOnceSomebodyWaitsAsync();

        Assert.True(await cancel);
        var run = await RunAsync(runId);
        Assert.Equal((RunStatus.Running, "Ana"), (run.Status, run.CancelRequestedBy));
    }

    [Fact]
    public async Task ManyClaimsOfTwoProcesses_EachRunIsClaimedOnce()
    {
        await using var other = await Host.StartAnotherAsync();
        var leases = new[] { Another(Host), Another(other) };
        for (var round = 0; round < 20; round++)
        {
            await QueueAsync(SyncKind.Events);
            var claims = await Task.WhenAll(leases.SelectMany(one => Enumerable.Range(0, 3).Select(_ => Task.Run(() => one.ClaimAsync(Lane.Delivery, Cancel)))));
            var claimed = Assert.Single(claims, claim => claim is not null)!;
            await Host.Get<RunEnding>().EndAsync(claimed, new RunOutcome(RunStatus.Succeeded, "Done."), Cancel);
        }
    }

    /// <summary>A transaction of another process that is under way when this one comes to the same row.</summary>
    private sealed class WriteInBetween(AppDbContext db, CoreHost host) : IAsyncDisposable
    {
        public static async Task<WriteInBetween> BeginAsync(CoreHost host, Func<AppDbContext, Task> write)
        {
            var db = await host.Get<IDbContextFactory<AppDbContext>>().CreateDbContextAsync(Cancel);
            await db.Database.BeginTransactionAsync(Cancel);
            await write(db);
            return new WriteInBetween(db, host);
        }

        public async Task CommitOnceSomebodyWaitsAsync()
        {
            await ConnectedAdmin.UntilAsync(
                async () => await host.ReadAsync(other => other.Database.SqlQuery<int>(
                    $"""SELECT COUNT(*)::int AS "Value" FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'""").SingleAsync(Cancel)) > 0,
                "somebody waits for the row");
            await db.Database.CommitTransactionAsync(Cancel);
        }

        public ValueTask DisposeAsync() => db.DisposeAsync();
    }
}

/// <summary>Who may run and write, whatever happens to processes, clocks and the database meanwhile.</summary>
public abstract class LeaseTests(DatabaseProvider provider) : IAsyncLifetime
{
    private static readonly TimeSpan s_wait = TimeSpan.FromMinutes(10);
    private Func<Task> _afterwards = () => Task.CompletedTask;

    protected CoreHost Host { get; private set; } = default!;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Host = await CoreHost.StartAsync(provider, [], services =>
        {
            WaitingRun.Of(SyncKind.Products, s_wait, () => _afterwards())(services);
            services.AddLogging(logging => logging.AddFakeLogging());
        });
        await Host.ConnectAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task LateLease_RenewedBetweenReadAndTakeOver_StaysWithItsRun()
    {
        var run = await ClaimedElsewhereAsync();
        Host.Time.Advance(LaneLeases.Length + TimeSpan.FromSeconds(1));
        var leftover = Assert.Single(await Host.Get<Interruptions>().LeftoversAsync(all: false, Cancel));
        await Host.Get<LaneLeases>().RenewAsync(run, Cancel);

        await Host.Get<Interruptions>().TakeOverAsync(leftover, all: false, Cancel);

        Assert.Equal(RunStatus.Running, (await RunAsync(run.Id)).Status);
        Assert.Null(await Host.Get<LaneLeases>().RenewAsync(run, Cancel));
    }

    [Fact]
    public async Task LateLease_EndedAndClaimedAgainBetweenReadAndTakeOver_StaysWithTheNextRun()
    {
        var run = await ClaimedElsewhereAsync();
        Host.Time.Advance(LaneLeases.Length + TimeSpan.FromSeconds(1));
        var leftover = Assert.Single(await Host.Get<Interruptions>().LeftoversAsync(all: false, Cancel));
        await Host.Get<RunEnding>().EndAsync(run, new RunOutcome(RunStatus.Succeeded, "Done."), Cancel);
        var next = await ClaimedElsewhereAsync();

        await Host.Get<Interruptions>().TakeOverAsync(leftover, all: false, Cancel);

        Assert.Equal([RunStatus.Succeeded, RunStatus.Running], [(await RunAsync(run.Id)).Status, (await RunAsync(next.Id)).Status]);
    }

    [Fact]
    public async Task LateLeaseOfARunningRunOfThisProcess_IsNotTakenFromIt()
    {
        await QueueAsync(SyncKind.Products);
        var run = (await Host.Get<LaneLeases>().ClaimAsync(Lane.Bulk, Cancel))!;
        Host.Time.Advance(TimeSpan.FromHours(2));

        await Host.Get<Interruptions>().EndLeftoversAsync(all: false, Cancel);

        Assert.Equal(RunStatus.Running, (await RunAsync(run.Id)).Status);
    }

    [Fact]
    public async Task LeftoverFromBeforeTheClockWasSetBack_DoesNotBlockItsLane()
    {
        var run = await ClaimedElsewhereAsync();
        Host.Time.AdjustTime(Host.Time.GetUtcNow() - TimeSpan.FromHours(1));

        await Host.Get<Interruptions>().EndLeftoversAsync(all: false, Cancel);

        Assert.Equal(RunStatus.Interrupted, (await RunAsync(run.Id)).Status);
        Assert.NotNull(await Host.Get<LaneLeases>().ClaimAsync(Lane.Bulk, Cancel));
    }

    [Fact]
    public async Task LeaseOfAProcessWhoseClockIsAhead_IsBelieved()
    {
        var run = await ClaimedElsewhereAsync();
        Host.Time.AdjustTime(Host.Time.GetUtcNow() - TimeSpan.FromSeconds(30));

        await Host.Get<Interruptions>().EndLeftoversAsync(all: false, Cancel);

        Assert.Equal(RunStatus.Running, (await RunAsync(run.Id)).Status);
    }

    [Fact]
    public async Task LeftoverThatAPersonHadCancelled_IsNotQueuedAgain()
    {
        var run = await ClaimedElsewhereAsync();
        Assert.True(await Host.Get<SyncCommands>().CancelAsync(Host.Store, run.Id, Cancel));
        Host.Time.Advance(LaneLeases.Length + TimeSpan.FromSeconds(1));

        await Host.Get<Interruptions>().EndLeftoversAsync(all: false, Cancel);

        var only = Assert.Single(await Host.ReadAsync(db => db.Runs.ToListAsync(Cancel)));
        Assert.Equal((RunStatus.Cancelled, "Cancelled by Ana. What was not sent yet stays waiting."), (only.Status, only.Message));
    }

    [Fact]
    public async Task CancelledByAnotherProcess_StopsWithTheNextHeartbeat()
    {
        var runId = await StartAsync();
        await Host.Database.WriteAsync(
            db => db.Runs.ExecuteUpdateAsync(update => update.SetProperty(run => run.CancelRequestedBy, "Sam"), Cancel), Cancel);

        await AdvanceAsync(LaneLeases.Heartbeat);

        await UntilAsync(runId, RunStatus.Cancelled);
        Assert.StartsWith("Cancelled by Sam.", (await RunAsync(runId)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TakenOverWhileItWaited_WritesNothingAndSaysSo()
    {
        var runId = await StartAsync();
        var run = await RunAsync(runId);
        var stolen = await Host.ReadAsync(db => db.LaneLeases.SingleAsync(Cancel));
        await Host.Get<Interruptions>().TakeOverAsync(stolen, all: true, Cancel);

        await AdvanceAsync(LaneLeases.Heartbeat);

        await SaysAsync($"Run {runId} lost its lease");
        var ended = await RunAsync(runId);
        Assert.Equal((RunStatus.Interrupted, 0), (ended.Status, ended.ProgressDone));
        Assert.Equal(run.Fence, ended.Fence);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(300)]
    public async Task DatabaseAwayForAWhile_TheRunGoesOn(int seconds)
    {
        var runId = await StartAsync();
        await BreakAsync();
        await AdvanceAsync(TimeSpan.FromSeconds(seconds));
        await SaysAsync($"The lease of run {runId} could not be renewed");
        await MendAsync();

        await AdvanceAsync(s_wait);

        await UntilAsync(runId, RunStatus.Succeeded);
        Assert.Single(await Host.ReadAsync(db => db.Runs.ToListAsync(Cancel)));
    }

    [Fact]
    public async Task DatabaseLostWhileTheRunEnds_InterruptedAndQueuedAgainOnceItIsBack()
    {
        _afterwards = BreakAsync;
        var runId = await StartAsync();
        await AdvanceAsync(s_wait);
        await SaysAsync($"The end of run {runId} could not be written");
        _afterwards = () => Task.CompletedTask;
        await MendAsync();

        await AdvanceAsync(2 * LaneLeases.Length);

        await UntilAsync(runId, RunStatus.Interrupted);
        await UntilAsync(runId + 1, RunStatus.Running);
        await AdvanceAsync(s_wait);
        await UntilAsync(runId + 1, RunStatus.Succeeded);
    }

    [Fact]
    public async Task ClockJumps_NeitherForwardNorBackDisturbARun()
    {
        var runId = await StartAsync();
        Host.Time.AdjustTime(Host.Time.GetUtcNow() + TimeSpan.FromHours(3));
        await AdvanceAsync(TimeSpan.FromMinutes(1));
        Host.Time.AdjustTime(Host.Time.GetUtcNow() - TimeSpan.FromHours(5));

        await AdvanceAsync(s_wait);

        await UntilAsync(runId, RunStatus.Succeeded);
        Assert.Single(await Host.ReadAsync(db => db.Runs.ToListAsync(Cancel)));
    }

    [Fact]
    public async Task ApplicationStopsWhileTheDatabaseIsAway_ItEndsAtOnce()
    {
        await BreakAsync();
        Host.StartDispatcher();
        await SaysAsync("could not be asked for queued runs");

        await Host.DisposeAsync();
        Host = await CoreHost.StartAsync(provider);
    }

    protected static LaneLeases Another(CoreHost host) => new(host.Database, host.Get<IEnumerable<ISyncRun>>(), host.Time);

    protected async Task<long> QueueAsync(SyncKind kind) =>
        (await Host.Get<RunQueue>().QueueAsync(Host.Store.Id, kind, RunTrigger.Schedule, null, Cancel)).RunId;

    protected Task<Run> RunAsync(long runId) => Host.ReadAsync(db => db.Runs.SingleAsync(run => run.Id == runId, Cancel));

    private async Task<Run> ClaimedElsewhereAsync()
    {
        await QueueAsync(SyncKind.Products);
        return (await Another(Host).ClaimAsync(Lane.Bulk, Cancel))!;
    }

    private async Task<long> StartAsync()
    {
        var runId = await QueueAsync(SyncKind.Products);
        Host.StartDispatcher();
        await UntilAsync(runId, RunStatus.Running);
        return runId;
    }

    private Task UntilAsync(long runId, RunStatus status) =>
        ConnectedAdmin.UntilAsync(async () => await Host.ReadAsync(db => db.Runs.AnyAsync(run => run.Id == runId && run.Status == status, Cancel)), $"{runId} is {status}");

    /// <summary>In small steps, between which timers get real time to do their work.</summary>
    private async Task AdvanceAsync(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(5))
        {
            Host.Time.Advance(TimeSpan.FromSeconds(5));
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Cancel);
        }
    }

    private Task SaysAsync(string text) => ConnectedAdmin.UntilAsync(
        () => Task.FromResult(Host.Get<FakeLogCollector>().GetSnapshot().Any(record => record.Message.Contains(text, StringComparison.Ordinal))), text);

    private Task BreakAsync() => Host.Database.WriteAsync(db => db.Database.ExecuteSqlAsync($"""ALTER TABLE "LaneLeases" RENAME TO "Away" """, Cancel), Cancel);

    private Task MendAsync() => Host.Database.WriteAsync(db => db.Database.ExecuteSqlAsync($"""ALTER TABLE "Away" RENAME TO "LaneLeases" """, Cancel), Cancel);
}
