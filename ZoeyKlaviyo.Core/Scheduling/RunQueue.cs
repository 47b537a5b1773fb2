using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Stores;

namespace ZoeyKlaviyo.Core.Scheduling;

/// <param name="AlreadyActive">An equal run was queued or running, and is this one.</param>
public sealed record QueuedRun(long RunId, bool AlreadyActive);

/// <summary>Queues runs: the only way any work starts, from the clock and from the button alike.</summary>
public sealed class RunQueue(Database database, StoreSignals signals, RunWakeup wakeup, TimeProvider time)
{
    internal async Task<QueuedRun> QueueAsync(
        int storeId, SyncKind kind, RunTrigger trigger, string? requestedBy, CancellationToken cancellationToken)
    {
        var queued = await database.WriteContestedAsync(
            db => AddAsync(db, storeId, kind, trigger, requestedBy, cancellationToken), cancellationToken);
        wakeup.Signal();
        signals.RunsChanged(storeId);
        return queued;
    }

    private async Task<QueuedRun> AddAsync(
        AppDbContext db, int storeId, SyncKind kind, RunTrigger trigger, string? requestedBy, CancellationToken cancellationToken)
    {
        var active = await db.Runs.SingleOrDefaultAsync(
            run => run.StoreId == storeId && run.Kind == kind && (run.Status == RunStatus.Queued || run.Status == RunStatus.Running),
            cancellationToken);
        if (active is not null)
        {
            active.RequestedBy ??= requestedBy;
            return new QueuedRun(active.Id, AlreadyActive: true);
        }

        var now = time.GetUtcNow();
        var added = Create(storeId, kind, trigger, now);
        added.RequestedBy = requestedBy;
        db.Runs.Add(added);
        if (kind != SyncKind.Retries && SyncKinds.Scheduled.Contains(kind))
            await CountAsync(db, storeId, kind, now, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        return new QueuedRun(added.Id, AlreadyActive: false);
    }

    internal static Run Create(int storeId, SyncKind kind, RunTrigger trigger, DateTimeOffset now) => new()
    {
        StoreId = storeId,
        Kind = kind,
        Lane = SyncKinds.LaneOf(kind),
        Trigger = trigger,
        Status = RunStatus.Queued,
        QueuedUtc = now,
    };

    /// <summary>Not again before then, without counting.</summary>
    internal static async Task HoldAsync(AppDbContext db, int storeId, SyncKind kind, DateTimeOffset untilUtc, CancellationToken cancellationToken) =>
        await db.ScheduleStates.Where(row => row.StoreId == storeId && row.Kind == kind)
            .ExecuteUpdateAsync(update => update.SetProperty(row => row.NotBeforeUtc, (DateTimeOffset?)untilUtc), cancellationToken);

    /// <summary>From now on the next due time follows from this run.</summary>
    internal static async Task CountAsync(AppDbContext db, int storeId, SyncKind kind, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var state = await db.ScheduleStates.SingleOrDefaultAsync(row => row.StoreId == storeId && row.Kind == kind, cancellationToken);
        if (state is null)
        {
            state = new ScheduleState { StoreId = storeId, Kind = kind };
            db.ScheduleStates.Add(state);
        }

        state.LastCountedUtc = now;
        state.NotBeforeUtc = null;
    }
}
