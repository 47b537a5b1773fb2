using Microsoft.Extensions.Logging;

namespace ZoeyKlaviyo.Core.Stores;

/// <summary>
/// Tells the rest of the process that something about a store has changed, so that pages and caches look again. Carries no
/// data: whoever listens reads the database. Other instances are not reached; they look again on their own within seconds.
/// </summary>
public sealed partial class StoreSignals(ILogger<StoreSignals> logger)
{
    private event Action<int>? Settings;

    private event Action<int>? Runs;

    /// <summary>Calls <paramref name="handler"/> with the store's id after its settings or its connection changed.</summary>
    public IDisposable OnSettingsChanged(Action<int> handler)
    {
        Settings += handler;
        return new Subscription(() => Settings -= handler);
    }

    /// <summary>Calls <paramref name="handler"/> with the store's id when a run was queued, moved on or ended, or a payload arrived.</summary>
    public IDisposable OnRunsChanged(Action<int> handler)
    {
        Runs += handler;
        return new Subscription(() => Runs -= handler);
    }

    internal void SettingsChanged(int storeId) => Raise(Settings, storeId);

    internal void RunsChanged(int storeId) => Raise(Runs, storeId);

    /// <summary>A listener's failure is its own: it never reaches the work that raised the signal.</summary>
    private void Raise(Action<int>? handlers, int storeId)
    {
        foreach (var handler in (handlers?.GetInvocationList() ?? []).Cast<Action<int>>())
        {
            try
            {
                handler(storeId);
            }
#pragma warning disable CA1031 // whatever a listener throws
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Log.ListenerFailed(logger, exception);
            }
        }
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }

    private static partial class Log
    {
        [LoggerMessage(200, LogLevel.Error, "A listener to a store's changes failed")]
        public static partial void ListenerFailed(ILogger logger, Exception exception);
    }
}
