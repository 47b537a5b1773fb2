using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Events.Delivery;

/// <summary>
/// Does another endpoint answer, or is it an outage? Asked anew each time, as the answer may change within a batch; whoever
/// asks while a question is under way shares the next one, which is put after their own call failed.
/// </summary>
internal sealed class OutageCheck(KlaviyoClient klaviyo, KlaviyoCalls calls, int storeId, string accountId)
{
    private readonly Lock _lock = new();
    private Task<bool> _asked = Task.FromResult(true);
    private Task<bool>? _next;

    public Task<bool> IsKlaviyoUpAsync()
    {
        lock (_lock)
            return _next ??= AskAfterAsync(_asked);
    }

    private async Task<bool> AskAfterAsync(Task<bool> before)
    {
        await ((Task)before).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        lock (_lock)
            (_asked, _next) = (_next!, null);
        try
        {
            var answer = await calls.SendAsync(storeId, accountId, klaviyo.GetMetricsAsync, CancellationToken.None);
            return answer.IsSent && answer.Verdict != Verdict.NoVerdict;
        }
#pragma warning disable CA1031 // whatever broke, it is no sign of life
        catch (Exception exception) when (!exception.IsDatabaseFailure())
#pragma warning restore CA1031
        {
            return false;
        }
    }
}
