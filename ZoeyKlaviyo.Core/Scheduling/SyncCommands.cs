using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Stores;

namespace ZoeyKlaviyo.Core.Scheduling;

/// <summary>What people do with runs: start one now, cancel one.</summary>
public sealed class SyncCommands(Database database, RunQueue queue, RunDispatcher dispatcher, StoreSignals signals, TimeProvider time)
{
    /// <summary>Queues a run, or returns the equal one that is queued or running.</summary>
    public Task<QueuedRun> SyncNowAsync(AuthorizedStore store, SyncKind kind, CancellationToken cancellationToken) =>
        queue.QueueAsync(store.Id, kind, RunTrigger.Manual, store.Person.Name, cancellationToken);

    /// <returns>False when the run had already ended.</returns>
    public async Task<bool> CancelAsync(AuthorizedStore store, long runId, CancellationToken cancellationToken)
    {
        var isActive = await database.WriteContestedAsync(
            async db =>
            {
                var run = await db.Runs.SingleOrDefaultAsync(row => row.Id == runId && row.StoreId == store.Id, cancellationToken);
                if (run is not { IsActive: true })
                    return false;
                run.CancelRequestedBy = store.Person.Name;
                if (run.Status == RunStatus.Queued)
                {
                    run.Status = RunStatus.Cancelled;
                    run.FinishedUtc = time.GetUtcNow();
                    run.Message = $"Cancelled by {store.Person.Name} before it started.";
                    await RunQueue.HoldAsync(db, store.Id, run.Kind, time.GetUtcNow() + RunEnding.StoppedPause, cancellationToken);
                }

                return true;
            },
            cancellationToken);
        if (isActive)
            dispatcher.Cancel(runId);
        signals.RunsChanged(store.Id);
        return isActive;
    }
}
