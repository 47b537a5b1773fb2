using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Stores;

namespace ZoeyKlaviyo.Core.Scheduling;

/// <summary>Runs what is queued: one run a lane, lanes and stores side by side, until it is told to stop.</summary>
public sealed partial class RunDispatcher(
    Database database,
    LaneLeases leases,
    Interruptions interruptions,
    RunSlots slots,
    RunWakeup wakeup,
    RunEnding ending,
    IEnumerable<ISyncRun> syncs,
    StoreSignals signals,
    TimeProvider time,
    ILogger<RunDispatcher> logger)
{
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<long, CancellationTokenSource> _cancels = new();

    /// <summary>When queued runs were last looked for; readiness looks at it.</summary>
    public DateTimeOffset? LastLookUtc { get; private set; }

    private readonly Dictionary<SyncKind, ISyncRun> _syncs = syncs.ToDictionary(sync => sync.Kind);

    /// <summary>Returns after <paramref name="stop"/>, once every run has ended.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var running = new List<Task>();
        var isFirstSweep = true;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                isFirstSweep &= !await interruptions.EndLeftoversAsync(all: isFirstSweep && database.Provider == DatabaseProvider.Sqlite, stop);
                running.RemoveAll(task => task.IsCompleted);
                await StartAsync(Lane.Delivery, running, stop);
                await StartAsync(Lane.Bulk, running, stop);
                await StartAsync(Lane.Files, running, stop);
                LastLookUtc = time.GetUtcNow();
                await wakeup.WaitAsync(s_lookEvery, time, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                break;
            }
#pragma warning disable CA1031 // without this loop nothing runs any more, whatever went wrong in it
            catch (Exception exception)
#pragma warning restore CA1031
            {
                // The database may come back; the runs under way are not touched.
                Log.LookFailed(logger, exception);
                await Task.Delay(s_lookEvery, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await Task.WhenAll(running);
    }

    private async Task StartAsync(Lane lane, List<Task> running, CancellationToken stop)
    {
        slots.TakeBack(lane);
        while (slots.HasRoom(lane) && await leases.ClaimAsync(lane, stop) is { } run)
            running.Add(ExecuteAsync(run, slots.Take(lane), stop));
    }

    /// <summary>Stops a run of this process at once; one of another process stops with its next heartbeat.</summary>
    internal void Cancel(long runId)
    {
        try
        {
            if (_cancels.TryGetValue(runId, out var cancel))
                cancel.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended in this moment.
            return;
        }
    }

    private async Task ExecuteAsync(Run run, RunSlot slot, CancellationToken stop)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _cancels[run.Id] = cancel;
        await Task.Yield();
        try
        {
            signals.RunsChanged(run.StoreId);
            Log.Started(logger, run.Id, run.Kind, run.StoreId);
            await using var heartbeat = RunHeartbeat.Start(run, cancel, leases, time, logger);
            var outcome = await OutcomeAsync(run, slot, cancel.Token, stop);
            await ending.EndAsync(run, outcome, CancellationToken.None);
            Log.Ended(logger, run.Id, run.Kind, outcome?.Status ?? RunStatus.Interrupted);
        }
        catch (LeaseLostException)
        {
            Log.LeaseLost(logger, run.Id);
        }
#pragma warning disable CA1031 // the lease ends on its own, and another process ends the run
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.EndFailed(logger, exception, run.Id);
        }
        finally
        {
            _cancels.TryRemove(run.Id, out _);
            leases.LetGo(run);
            slot.Dispose();
            signals.RunsChanged(run.StoreId);
        }
    }

    /// <summary>Null when the process ends: the run is interrupted and goes on after the next start.</summary>
    private async Task<RunOutcome?> OutcomeAsync(Run run, RunSlot slot, CancellationToken cancel, CancellationToken stop)
    {
        try
        {
            return await _syncs[run.Kind].ExecuteAsync(new RunContext(database, signals, run, slot), cancel);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return new RunOutcome(RunStatus.Cancelled, "Cancelled. What was not sent yet stays waiting.", IsStopped: true);
        }
        catch (LeaseLostException)
        {
            throw;
        }
#pragma warning disable CA1031 // a run's fault must end as a row that people can read
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.RunFailed(logger, exception, run.Id, run.Kind);
            return new RunOutcome(RunStatus.Failed, "An unexpected error stopped this run; the server's log has the details. What was not sent stays waiting.", IsStopped: true);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(400, LogLevel.Information, "Run {RunId} ({Kind}) of store {StoreId} started")]
        public static partial void Started(ILogger logger, long runId, SyncKind kind, int storeId);

        [LoggerMessage(401, LogLevel.Information, "Run {RunId} ({Kind}) ended: {Status}")]
        public static partial void Ended(ILogger logger, long runId, SyncKind kind, RunStatus status);

        [LoggerMessage(402, LogLevel.Warning, "Run {RunId} lost its lease; another process has taken over")]
        public static partial void LeaseLost(ILogger logger, long runId);

        [LoggerMessage(403, LogLevel.Error, "Run {RunId} ({Kind}) failed")]
        public static partial void RunFailed(ILogger logger, Exception exception, long runId, SyncKind kind);

        [LoggerMessage(404, LogLevel.Error, "The end of run {RunId} could not be written; its lease will run out and it will be queued again")]
        public static partial void EndFailed(ILogger logger, Exception exception, long runId);

        [LoggerMessage(405, LogLevel.Error, "The database could not be asked for queued runs")]
        public static partial void LookFailed(ILogger logger, Exception exception);
    }
}
