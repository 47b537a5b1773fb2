namespace ZoeyKlaviyo.Core.Scheduling;

/// <summary>Wakes the dispatcher when there is something to run, so that Sync now starts at once.</summary>
public sealed class RunWakeup : IDisposable
{
    private readonly SemaphoreSlim _signal = new(0, 1);

    internal void Signal()
    {
        try
        {
            _signal.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is already awake.
            return;
        }
    }

    public void Dispose() => _signal.Dispose();

    internal async Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            await _signal.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return;
        }
    }
}
