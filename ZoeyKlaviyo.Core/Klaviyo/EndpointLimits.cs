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
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMinutes(15);
    private readonly ConcurrentDictionary<(string Account, string Endpoint), Places> _places = new();

    /// <summary>Returns when a call may be made; to be disposed once its answer is there. Null when Klaviyo asked for a pause meanwhile.</summary>
    internal async ValueTask<IDisposable?> EnterAsync(string accountId, EndpointLimit limit, CancellationToken cancellationToken)
    {
        var places = Of(accountId, limit);
        if (options.Value.Limits.Enabled)
            await places.EnterAsync(cancellationToken);
        var isPaused = PauseOf(accountId, limit) > TimeSpan.Zero;
        if (!options.Value.Limits.Enabled)
            return isPaused ? null : places;
        if (!isPaused)
            return new Call(places, time);
        // Nothing was sent, so the places are free again at once.
        places.Leave();
        return null;
    }

    /// <summary>
    /// Klaviyo has answered 429: nobody calls this endpoint before <paramref name="wait"/> is over, or a quarter of an hour: a
    /// header gone wrong must not silence a store for good.
    /// </summary>
    internal void Pause(string accountId, EndpointLimit limit, TimeSpan wait) =>
        Of(accountId, limit).PauseUntil(time.GetUtcNow() + (wait < s_longestPause ? wait : s_longestPause));

    /// <summary>How long Klaviyo still wants no call; zero mostly.</summary>
    internal TimeSpan PauseOf(string accountId, EndpointLimit limit)
    {
        var left = Of(accountId, limit).PausedUntilUtc - time.GetUtcNow();
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private Places Of(string accountId, EndpointLimit limit) => _places.GetOrAdd((accountId, limit.Endpoint), _ => new Places(limit));

    /// <summary>
    /// A call holds a place in each window until the window's length after its answer. Klaviyo counts it somewhere between our
    /// sending and its answer, so whatever the network does to the calls on their way, and wherever its windows begin, none
    /// gets more than its number.
    /// </summary>
    private sealed class Places(EndpointLimit limit) : IDisposable
    {
        private readonly SemaphoreSlim _minute = new(limit.PerMinute);
        private readonly SemaphoreSlim _second = new(limit.PerSecond);
        private readonly Lock _lock = new();

        public DateTimeOffset PausedUntilUtc { get; private set; }

        public async Task EnterAsync(CancellationToken cancellationToken)
        {
            await _minute.WaitAsync(cancellationToken);
            try
            {
                await _second.WaitAsync(cancellationToken);
            }
            catch
            {
                _minute.Release();
                throw;
            }
        }

        public void Leave()
        {
            _second.Release();
            _minute.Release();
        }

        public async Task LeaveAsync(TimeProvider time)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), time);
            _second.Release();
            await Task.Delay(TimeSpan.FromSeconds(59), time);
            _minute.Release();
        }

        public void PauseUntil(DateTimeOffset until)
        {
            lock (_lock)
                PausedUntilUtc = until > PausedUntilUtc ? until : PausedUntilUtc;
        }

        /// <summary>With the limits off nobody holds a place.</summary>
        public void Dispose()
        {
        }
    }

    private sealed class Call(Places places, TimeProvider time) : IDisposable
    {
        public void Dispose() => _ = places.LeaveAsync(time);
    }
}
