using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Scheduling;

/// <summary>Ends runs whose process is gone, or goes, and queues their work again.</summary>
public sealed partial class Interruptions(
    Database database, LaneLeases leases, IEnumerable<ISyncRun> syncs, TimeProvider time, ILogger<Interruptions> logger)
{
    private const int MaxInterruptions = 3;
    private readonly Dictionary<SyncKind, ISyncRun> _syncs = syncs.ToDictionary(sync => sync.Kind);

    /// <summary>Ends the runs of processes that are gone.</summary>
    /// <param name="all">Also those whose lease still runs: on SQLite no other process can be alive.</param>
    /// <returns>False when some could not be ended: their lanes stay held.</returns>
    internal async Task<bool> EndLeftoversAsync(bool all, CancellationToken cancellationToken)
    {
        var isClean = true;
        foreach (var lease in await LeftoversAsync(all, cancellationToken))
        {
            try
            {
                await TakeOverAsync(lease, all, cancellationToken);
            }
#pragma warning disable CA1031 // one lane that can't be freed must not hold up all others
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                isClean = false;
                Log.NotEnded(logger, exception, lease.StoreId, lease.Lane);
            }
        }

        return isClean;
    }

    internal async Task<List<LaneLease>> LeftoversAsync(bool all, CancellationToken cancellationToken)
    {
        var leftovers = await database.ReadAsync(
            db => db.LaneLeases.Where(IsOver(all)).Union(db.LaneLeases.Where(lease => lease.Owner == null
                && db.Runs.Any(run => run.StoreId == lease.StoreId && run.Lane == lease.Lane && run.Status == RunStatus.Running))).ToListAsync(cancellationToken),
            cancellationToken);
        return leftovers.FindAll(lease => !leases.IsHeld(lease));
    }

    /// <summary>Does nothing when whoever has the lane has renewed or ended it since <paramref name="leftover"/> was read.</summary>
    internal Task TakeOverAsync(LaneLease leftover, bool all, CancellationToken cancellationToken) => database.WriteAsync(
        async db =>
        {
            // Whoever held it may only be asleep: with a new number it can write nothing when it wakes up.
            var taken = await db.LaneLeases
                .Where(lease => lease.StoreId == leftover.StoreId && lease.Lane == leftover.Lane
                    && lease.Fence == leftover.Fence && lease.Owner == leftover.Owner)
                .Where(leftover.Owner is null ? lease => true : IsOver(all))
                .ExecuteUpdateAsync(
                    update => update
                        .SetProperty(lease => lease.Owner, (string?)null)
                        .SetProperty(lease => lease.UntilUtc, (DateTimeOffset?)null)
                        .SetProperty(lease => lease.Fence, lease => lease.Fence + 1),
                    cancellationToken);
            if (taken == 0)
                return;
            var runs = await db.Runs
                .Where(run => run.StoreId == leftover.StoreId && run.Lane == leftover.Lane && run.Status == RunStatus.Running && _syncs.Keys.Contains(run.Kind))
                .ToListAsync(cancellationToken);
            foreach (var run in runs)
                await InterruptAsync(db, run, "The process that ran this ended before it was done.", mayGiveUp: true, cancellationToken);
        },
        cancellationToken);

    /// <summary>Ends a run as interrupted and queues its kind again, but not for ever.</summary>
    /// <param name="mayGiveUp">False when the interruption is nobody's fault, such as a deployment.</param>
    internal async Task InterruptAsync(AppDbContext db, Run run, string reason, bool mayGiveUp, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await _syncs[run.Kind].AbandonAsync(db, run, cancellationToken);
        run.FinishedUtc = now;
        if (run.CancelRequestedBy is { } person)
        {
            run.Status = RunStatus.Cancelled;
            run.Message = RunEnding.CancelledBy(person);
            if (run.Kind == SyncKind.Retries)
                await RunQueue.HoldAsync(db, run.StoreId, run.Kind, now + RunEnding.StoppedPause, cancellationToken);
            return;
        }

        var isGivenUp = mayGiveUp && await IsOneTooManyAsync(db, run, cancellationToken);
        run.Status = isGivenUp ? RunStatus.Failed : RunStatus.Interrupted;
        run.Message = isGivenUp
            ? $"{reason} It was interrupted {MaxInterruptions} times in a row and waits for its next time."
            : $"{reason} What it had not sent goes out in the next run, which is queued.";
        await db.SaveChangesAsync(cancellationToken);
        if (isGivenUp)
            await RunQueue.CountAsync(db, run.StoreId, run.Kind, now, cancellationToken);
        else
            db.Runs.Add(RunQueue.Create(run.StoreId, run.Kind, RunTrigger.CatchUp, now));
    }

    private static async Task<bool> IsOneTooManyAsync(AppDbContext db, Run run, CancellationToken cancellationToken)
    {
        var before = await db.Runs
            .Where(row => row.StoreId == run.StoreId && row.Kind == run.Kind && row.Id < run.Id)
            .OrderByDescending(row => row.Id).Take(MaxInterruptions - 1).Select(row => row.Status).ToListAsync(cancellationToken);
        return before.Count == MaxInterruptions - 1 && before.All(status => status == RunStatus.Interrupted);
    }

    /// <summary>Run out; or further ahead than any renewal reaches, which is left from before the clock was set back.</summary>
    private System.Linq.Expressions.Expression<Func<LaneLease, bool>> IsOver(bool all)
    {
        var now = time.GetUtcNow();
        var tooFar = now + (2 * LaneLeases.Length);
        return lease => lease.Owner != null && (all || lease.UntilUtc < now || lease.UntilUtc > tooFar);
    }

    private static partial class Log
    {
        [LoggerMessage(407, LogLevel.Error, "What an ended process left of store {StoreId}'s {Lane} lane could not be ended; the lane stays held and it is tried again")]
        public static partial void NotEnded(ILogger logger, Exception exception, int storeId, Lane lane);
    }
}
