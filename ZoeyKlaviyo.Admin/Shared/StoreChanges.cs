using System.Threading.Channels;
using ZoeyKlaviyo.Core.Stores;

namespace ZoeyKlaviyo.Admin.Shared;

/// <summary>
/// Follows what changes in a store: at most twice a second, however much happens, and every ten seconds in any case, since
/// signals do not reach from one instance to another.
/// </summary>
internal static class StoreChanges
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_anyway = TimeSpan.FromSeconds(10);

    /// <summary>Ends when <paramref name="stopping"/> is cancelled, without an exception.</summary>
    public static async Task FollowAsync(StoreSignals signals, TimeProvider time, int storeId, Func<Task> onChange, CancellationToken stopping)
    {
        var changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        using var runs = signals.OnRunsChanged(Tell);
        using var settings = signals.OnSettingsChanged(Tell);
        await using var timer = time.CreateTimer(_ => changed.Writer.TryWrite(true), null, s_anyway, s_anyway);
        try
        {
            await foreach (var _ in changed.Reader.ReadAllAsync(stopping))
            {
                await onChange();
                await Task.Delay(s_pause, time, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The page was left.
        }

        void Tell(int changedId)
        {
            if (changedId == storeId)
                changed.Writer.TryWrite(true);
        }
    }
}
