using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Scheduling;

/// <summary>Writes how a run ended, gives its lane back, and folds runs that found nothing into one row.</summary>
public sealed class RunEnding(Database database, Interruptions interruptions, IEnumerable<ISyncRun> syncs, TimeProvider time)
{
    /// <summary>Klaviyo was not there, or a person cancelled: the retry cycle is tried again with the next Events run, not every minute.</summary>
    internal static readonly TimeSpan StoppedPause = TimeSpan.FromMinutes(10);

    internal static string CancelledBy(string person) => $"Cancelled by {person}. What was not sent yet stays waiting.";

    /// <param name="claimed">The run as it was claimed.</param>
    /// <param name="outcome">Null when the process ends before the run did.</param>
    /// <exception cref="LeaseLostException">Somebody else has the lane, and has already ended the run.</exception>
    internal Task EndAsync(Run claimed, RunOutcome? outcome, CancellationToken cancellationToken) => database.WriteAsync(
        async db =>
        {
            await LaneLeases.RequireAsync(db, claimed, cancellationToken);
            var run = await db.Runs.SingleAsync(row => row.Id == claimed.Id, cancellationToken);
            if (outcome is null)
                await interruptions.InterruptAsync(db, run, "The application was stopped.", mayGiveUp: false, cancellationToken);
            else
                await EndAsync(db, run, outcome, cancellationToken);
            await LaneLeases.ReleaseAsync(db, claimed, cancellationToken);
        },
        cancellationToken);

    private async Task EndAsync(AppDbContext db, Run run, RunOutcome outcome, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        // Nothing is left half-done by a run that ends in order; by one that fails, it may be.
        await syncs.Single(sync => sync.Kind == run.Kind).AbandonAsync(db, run, cancellationToken);
        run.Status = outcome.Status;
        run.Message = outcome.Status == RunStatus.Cancelled && run.CancelRequestedBy is { } who ? CancelledBy(who) : outcome.Message;
        run.FinishedUtc = now;
        run.IsIdle = outcome.IsIdle && run.RequestedBy is null;
        run.IdleChecks = run.IsIdle ? 1 : 0;
        if (run.Kind == SyncKind.Retries)
            await CountRetriesAsync(db, run, outcome, now, cancellationToken);
        if (run.IsIdle)
            await FoldAsync(db, run, now, cancellationToken);
    }

    private static async Task CountRetriesAsync(AppDbContext db, Run run, RunOutcome outcome, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!outcome.IsStopped)
            await RunQueue.CountAsync(db, run.StoreId, SyncKind.Retries, now, cancellationToken);
        else
            await RunQueue.HoldAsync(db, run.StoreId, SyncKind.Retries, now + StoppedPause, cancellationToken);
    }

    private static async Task FoldAsync(AppDbContext db, Run run, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var previous = await db.Runs
            .Where(row => row.StoreId == run.StoreId && row.Kind == run.Kind && row.Id < run.Id)
            .OrderByDescending(row => row.Id)
            .FirstOrDefaultAsync(cancellationToken);
        if (previous is not { IsIdle: true })
            return;
        previous.IdleChecks++;
        previous.FinishedUtc = now;
        db.Runs.Remove(run);
    }
}
