using Microsoft.Extensions.Logging;

namespace ZoeyKlaviyo.Core.Scheduling;

/// <summary>Renews a run's lease until it is disposed of, and cancels the run when a person asks for it or the lease is lost.</summary>
internal sealed partial class RunHeartbeat : IAsyncDisposable
{
    private readonly Run _run;
    private readonly CancellationTokenSource _cancel;
    private readonly LaneLeases _leases;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _beating;

    private RunHeartbeat(Run run, CancellationTokenSource cancel, LaneLeases leases, TimeProvider time, ILogger logger)
    {
        (_run, _cancel, _leases, _logger) = (run, cancel, leases, logger);
        _beating = BeatAsync(time, _end.Token);
    }

    public static RunHeartbeat Start(Run run, CancellationTokenSource cancel, LaneLeases leases, TimeProvider time, ILogger logger) =>
        new(run, cancel, leases, time, logger);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _beating;
        _end.Dispose();
    }

    private async Task BeatAsync(TimeProvider time, CancellationToken end)
    {
        using var timer = new PeriodicTimer(LaneLeases.Heartbeat, time);
        var isHeld = true;
        while (isHeld && !end.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(end);
                isHeld = await BeatAsync(end);
            }
            catch (OperationCanceledException) when (end.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // a run without a heartbeat is lost, whatever went wrong with one beat
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Log.BeatFailed(_logger, exception, _run.Id, LaneLeases.Heartbeat.TotalSeconds);
            }
        }
    }

    /// <returns>False when the lease is lost: there is nothing to renew any more.</returns>
    private async Task<bool> BeatAsync(CancellationToken end)
    {
        var isHeld = true;
        string? canceller = null;
        try
        {
            canceller = await _leases.RenewAsync(_run, end);
        }
        catch (LeaseLostException)
        {
            isHeld = false;
        }

        if (canceller is not null || !isHeld)
            await _cancel.CancelAsync();
        return isHeld;
    }

    private static partial class Log
    {
        [LoggerMessage(406, LogLevel.Error, "The lease of run {RunId} could not be renewed; it is tried again in {Seconds} seconds")]
        public static partial void BeatFailed(ILogger logger, Exception exception, long runId, double seconds);
    }
}
