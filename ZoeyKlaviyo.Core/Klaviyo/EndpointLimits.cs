using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace ZoeyKlaviyo.Core.Klaviyo;

/// <param name="PerSecond">Burst window.</param>
/// <param name="PerMinute">Steady window.</param>
public sealed record EndpointLimit(string Endpoint, int PerSecond, int PerMinute);

/// <summary>
/// Keeps our calls within Klaviyo's two fixed windows an account and endpoint, so that 429 is rare
/// (developers.klaviyo.com/en/docs/rate_limits_and_error_handling).
/// </summary>
public sealed class EndpointLimits(IOptions<KlaviyoOptions> options, TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Account, string Endpoint), Window> _windows = new();

    /// <summary>Returns when the call may be made.</summary>
    public async ValueTask WaitAsync(string accountId, EndpointLimit limit, CancellationToken cancellationToken)
    {
        if (!options.Value.Limits.Enabled)
            return;
        var window = _windows.GetOrAdd((accountId, limit.Endpoint), _ => new Window(limit));
        while (window.TryTake(time.GetUtcNow()) is { } wait && wait > TimeSpan.Zero)
            await Task.Delay(wait, time, cancellationToken);
    }

    /// <summary>
    /// Sliding windows are stricter than Klaviyo's fixed ones, whose borders we can't see: whatever they are, we stay inside.
    /// </summary>
    private sealed class Window(EndpointLimit limit)
    {
        private readonly Lock _lock = new();
        private readonly Queue<DateTimeOffset> _lastSecond = new();
        private readonly Queue<DateTimeOffset> _lastMinute = new();

        /// <summary>Null when the call may be made now; else how long to wait before asking again.</summary>
        public TimeSpan? TryTake(DateTimeOffset now)
        {
            lock (_lock)
            {
                var wait = Wait(_lastMinute, limit.PerMinute, TimeSpan.FromMinutes(1), now) ?? Wait(_lastSecond, limit.PerSecond, TimeSpan.FromSeconds(1), now);
                if (wait is not null)
                    return wait;
                _lastMinute.Enqueue(now);
                _lastSecond.Enqueue(now);
                return null;
            }
        }

        private static TimeSpan? Wait(Queue<DateTimeOffset> calls, int most, TimeSpan span, DateTimeOffset now)
        {
            // A call from the future is left from before the clock was set back.
            while (calls.TryPeek(out var oldest) && (oldest <= now - span || oldest > now))
                calls.Dequeue();
            return calls.Count >= most ? calls.Peek() + span - now : null;
        }
    }
}
