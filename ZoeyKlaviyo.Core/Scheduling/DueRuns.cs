using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Scheduling;

/// <summary>
/// Queues what is due, once a minute. Only the database says what ran last, so a restart, a sleeping machine, a second
/// instance and a clock that jumps all lead to one run.
/// </summary>
public sealed class DueRuns(Database database, RunQueue queue, SyncSchedules schedules, TimeProvider time)
{
    private readonly DateTimeOffset _startedUtc = time.GetUtcNow();

    /// <summary>When the clock last came by; readiness looks at it.</summary>
    public DateTimeOffset? LastCheckUtc { get; private set; }

    public async Task QueueAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var stores = await database.ReadAsync(
            db => db.KlaviyoConnections
                .Where(connection => connection.Status == ConnectionStatus.Connected
                    && db.SwitchStates.Any(state => state.StoreId == connection.StoreId && state.Switch == Switch.IsEnabled && state.IsOn))
                .Select(connection => connection.StoreId)
                .ToListAsync(cancellationToken),
            cancellationToken);
        foreach (var storeId in stores)
        {
            foreach (var kind in Enum.GetValues<SyncKind>().Where(SyncKinds.IsBuilt))
                await QueueIfDueAsync(storeId, kind, now, cancellationToken);
        }

        LastCheckUtc = now;
    }

    private async Task QueueIfDueAsync(int storeId, SyncKind kind, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var state = await database.ReadAsync(
            db => db.ScheduleStates.SingleOrDefaultAsync(row => row.StoreId == storeId && row.Kind == kind, cancellationToken),
            cancellationToken);
        if (state is null)
        {
            // The store is new: its first run is the next one on the schedule.
            await CountAsync(storeId, kind, now, cancellationToken);
            return;
        }

        // A last run in the future is left from before the clock was set back.
        var lastCounted = state.LastCountedUtc < now ? state.LastCountedUtc : now;
        var due = schedules.NextAfter(kind, lastCounted);
        if (due > now || state.NotBeforeUtc > now)
            return;
        if (!schedules.IsWorthCatchingUp(kind, due, now))
        {
            await CountAsync(storeId, kind, now, cancellationToken);
            return;
        }

        await queue.QueueAsync(storeId, kind, due < _startedUtc ? RunTrigger.CatchUp : RunTrigger.Schedule, null, cancellationToken);
    }

    private Task CountAsync(int storeId, SyncKind kind, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.WriteAsync(db => RunQueue.CountAsync(db, storeId, kind, now, cancellationToken), cancellationToken);
}
