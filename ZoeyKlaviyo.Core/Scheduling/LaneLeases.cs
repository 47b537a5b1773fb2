using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Scheduling;

/// <summary>Claims queued runs for this process, keeps the claims alive, and ends runs whose process is gone.</summary>
public sealed class LaneLeases(Database database, IEnumerable<ISyncRun> syncs, TimeProvider time)
{
    internal static readonly TimeSpan Length = TimeSpan.FromSeconds(60);
    internal static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);
    private const int MaxInterruptions = 3;
    // A newer version may queue kinds that this one does not know.
    private readonly List<SyncKind> _kinds = syncs.Select(sync => sync.Kind).ToList();
    private readonly string _owner = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}";

    /// <summary>The next queued run whose lane is free, delivery before bulk; null when there is none.</summary>
    internal Task<Run?> ClaimAsync(CancellationToken cancellationToken) => database.WriteAsync(
        async db =>
        {
            var queued = await db.Runs
                .Where(run => run.Status == RunStatus.Queued && _kinds.Contains(run.Kind)
                    && !db.LaneLeases.Any(lease => lease.StoreId == run.StoreId && lease.Lane == run.Lane && lease.Owner != null))
                .OrderBy(run => run.Lane == Lane.Delivery ? 0 : 1).ThenBy(run => run.Id)
                .Take(20)
                .ToListAsync(cancellationToken);
            foreach (var run in queued)
            {
                if (await TakeAsync(db, run, cancellationToken))
                    return run;
            }

            return null;
        },
        cancellationToken);

    /// <summary>Renews the claim.</summary>
    /// <returns>Who asked to cancel the run, or null.</returns>
    /// <exception cref="LeaseLostException">Somebody else has the lane.</exception>
    internal Task<string?> RenewAsync(Run run, CancellationToken cancellationToken) => database.WriteAsync(
        async db =>
        {
            await RunContext.RequireLeaseAsync(db, run, cancellationToken);
            await db.LaneLeases.Where(lease => lease.StoreId == run.StoreId && lease.Lane == run.Lane)
                .ExecuteUpdateAsync(update => update.SetProperty(lease => lease.UntilUtc, time.GetUtcNow() + Length), cancellationToken);
            return await db.Runs.Where(row => row.Id == run.Id).Select(row => row.CancelRequestedBy).SingleAsync(cancellationToken);
        },
        cancellationToken);

    internal static Task ReleaseAsync(AppDbContext db, Run run, CancellationToken cancellationToken) =>
        db.LaneLeases.Where(lease => lease.StoreId == run.StoreId && lease.Lane == run.Lane && lease.Fence == run.Fence)
            .ExecuteUpdateAsync(
                update => update.SetProperty(lease => lease.Owner, (string?)null).SetProperty(lease => lease.UntilUtc, (DateTimeOffset?)null),
                cancellationToken);

    /// <summary>Ends the runs of processes that are gone.</summary>
    /// <param name="all">Also those whose lease still runs: on SQLite no other process can be alive.</param>
    internal async Task InterruptLeftoversAsync(bool all, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var leftovers = await database.ReadAsync(
            db => db.LaneLeases
                .Where(lease => lease.Owner != null
                    ? all || lease.UntilUtc < now
                    : db.Runs.Any(run => run.StoreId == lease.StoreId && run.Lane == lease.Lane && run.Status == RunStatus.Running))
                .ToListAsync(cancellationToken),
            cancellationToken);
        foreach (var lease in leftovers)
            await database.WriteAsync(db => InterruptAsync(db, lease, all, now, cancellationToken), cancellationToken);
    }

    private async Task InterruptAsync(AppDbContext db, LaneLease leftover, bool all, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Whoever held it may only be asleep: with a new number it can write nothing when it wakes up. And whoever renewed it,
        // or ended it, since it was read keeps it.
        var taken = await db.LaneLeases
            .Where(lease => lease.StoreId == leftover.StoreId && lease.Lane == leftover.Lane && lease.Fence == leftover.Fence
                && lease.Owner == leftover.Owner && (all || lease.Owner == null || lease.UntilUtc < now))
            .ExecuteUpdateAsync(
                update => update
                    .SetProperty(lease => lease.Owner, (string?)null)
                    .SetProperty(lease => lease.UntilUtc, (DateTimeOffset?)null)
                    .SetProperty(lease => lease.Fence, lease => lease.Fence + 1),
                cancellationToken);
        if (taken == 0)
            return;
        var runs = await db.Runs
            .Where(run => run.StoreId == leftover.StoreId && run.Lane == leftover.Lane && run.Status == RunStatus.Running && _kinds.Contains(run.Kind))
            .ToListAsync(cancellationToken);
        foreach (var run in runs)
            await InterruptAsync(db, run, "The process that ran this ended before it was done.", mayGiveUp: true, cancellationToken);
    }

    /// <summary>Ends a run as interrupted and queues its kind again, but not for ever.</summary>
    /// <param name="mayGiveUp">False when the interruption is nobody's fault, such as a deployment.</param>
    internal async Task InterruptAsync(AppDbContext db, Run run, string reason, bool mayGiveUp, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await syncs.Single(sync => sync.Kind == run.Kind).AbandonAsync(db, run, cancellationToken);
        var before = await db.Runs
            .Where(row => row.StoreId == run.StoreId && row.Kind == run.Kind && row.Id < run.Id)
            .OrderByDescending(row => row.Id).Take(MaxInterruptions - 1).Select(row => row.Status).ToListAsync(cancellationToken);
        var isGivenUp = mayGiveUp && before.Count == MaxInterruptions - 1 && before.All(status => status == RunStatus.Interrupted);
        run.Status = isGivenUp ? RunStatus.Failed : RunStatus.Interrupted;
        run.Message = isGivenUp
            ? $"{reason} It was interrupted {MaxInterruptions} times in a row and waits for its next time."
            : $"{reason} What it had not sent goes out in the next run, which is queued.";
        run.FinishedUtc = now;
        await db.SaveChangesAsync(cancellationToken);
        if (isGivenUp)
            await RunQueue.CountAsync(db, run.StoreId, run.Kind, now, cancellationToken);
        else
            db.Runs.Add(RunQueue.Create(run.StoreId, run.Kind, RunTrigger.CatchUp, now));
    }

    private async Task<bool> TakeAsync(AppDbContext db, Run run, CancellationToken cancellationToken)
    {
        var lease = await db.LaneLeases.AsNoTracking()
            .SingleOrDefaultAsync(row => row.StoreId == run.StoreId && row.Lane == run.Lane, cancellationToken);
        if (lease is null)
        {
            lease = new LaneLease { StoreId = run.StoreId, Lane = run.Lane };
            db.LaneLeases.Add(lease);
            await db.SaveChangesAsync(cancellationToken);
            db.Entry(lease).State = EntityState.Detached;
        }

        var now = time.GetUtcNow();
        var taken = await db.LaneLeases
            .Where(row => row.StoreId == run.StoreId && row.Lane == run.Lane && row.Fence == lease.Fence && row.Owner == null)
            .ExecuteUpdateAsync(
                update => update
                    .SetProperty(row => row.Owner, _owner)
                    .SetProperty(row => row.UntilUtc, now + Length)
                    .SetProperty(row => row.Fence, row => row.Fence + 1),
                cancellationToken);
        if (taken == 0)
            return false;
        run.Fence = lease.Fence + 1;
        run.Status = RunStatus.Running;
        run.StartedUtc = now;
        return true;
    }
}
