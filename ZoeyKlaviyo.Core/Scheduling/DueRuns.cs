using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Scheduling;

/// <summary>
/// Queues what is due, once a minute. Only the database says what ran last, so a restart, a sleeping machine, a second
/// instance and a clock that jumps all lead to one run.
/// </summary>
public sealed class DueRuns(Database database, RunQueue queue, SyncSchedules schedules, IEnumerable<ISyncRun> syncs, TimeProvider time)
{
    /// <summary>The clock comes by every minute; after a longer silence the machine slept, or its clock was set.</summary>
    private static readonly TimeSpan s_asleep = TimeSpan.FromMinutes(3);

    private readonly List<SyncKind> _kinds = syncs.Select(sync => sync.Kind).Intersect(SyncKinds.Scheduled).ToList();
    private DateTimeOffset _awakeSinceUtc = time.GetUtcNow();

    /// <summary>When the clock last came by; readiness looks at it.</summary>
    public DateTimeOffset? LastCheckUtc { get; private set; }

    public async Task QueueAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (now - (LastCheckUtc ?? now) > s_asleep || now < _awakeSinceUtc)
            _awakeSinceUtc = now;
        var stores = await database.ReadAsync(
            db => db.KlaviyoConnections
                .Where(connection => connection.Status == ConnectionStatus.Connected
                    && db.SwitchStates.Any(state => state.StoreId == connection.StoreId && state.Switch == Switch.IsEnabled && state.IsOn))
                .Select(connection => connection.StoreId)
                .ToListAsync(cancellationToken),
            cancellationToken);
        foreach (var storeId in stores)
        {
            foreach (var kind in _kinds)
                await QueueIfDueAsync(storeId, kind, now, cancellationToken);
        }

        LastCheckUtc = now;
    }

    private async Task QueueIfDueAsync(int storeId, SyncKind kind, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var state = await database.ReadAsync(
            db => db.ScheduleStates.SingleOrDefaultAsync(row => row.StoreId == storeId && row.Kind == kind, cancellationToken),
            cancellationToken);
        if (state is null || schedules.IsOfAnotherClock(kind, state.LastCountedUtc, now))
        {
            // The store is new, or the clock was set back: the next run is the next one on the schedule.
            await CountAsync(storeId, kind, now, cancellationToken);
            return;
        }

        var due = schedules.NextAfter(kind, state.LastCountedUtc);
        if (due > now || state.NotBeforeUtc > now)
            return;
        if (!schedules.IsWorthCatchingUp(kind, due, now))
        {
            await CountAsync(storeId, kind, now, cancellationToken);
            return;
        }

        await queue.QueueAsync(storeId, kind, due < _awakeSinceUtc ? RunTrigger.CatchUp : RunTrigger.Schedule, null, cancellationToken);
    }

    private Task CountAsync(int storeId, SyncKind kind, DateTimeOffset now, CancellationToken cancellationToken) =>
        database.WriteContestedAsync(
            async db =>
            {
                await RunQueue.CountAsync(db, storeId, kind, now, cancellationToken);
                return true;
            },
            cancellationToken);
}
