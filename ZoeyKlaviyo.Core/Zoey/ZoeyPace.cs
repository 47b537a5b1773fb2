using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace ZoeyKlaviyo.Core.Zoey;

/// <summary>Keeps the process's requests to a store apart: so many a second, evenly, and two at once.</summary>
public sealed class ZoeyPace(IOptions<ZoeyOptions> options, TimeProvider time)
{
    private const int AtOnce = 2;
    private readonly ConcurrentDictionary<int, Lane> _lanes = new();

    /// <summary>A place among those that may have a request under way; to be disposed once its answer is read.</summary>
    internal async Task<Place> EnterAsync(int storeId, CancellationToken cancellationToken)
    {
        var lane = _lanes.GetOrAdd(storeId, _ => new Lane());
        await lane.Places.WaitAsync(cancellationToken);
        return new Place(lane, TimeSpan.FromSeconds(1 / options.Value.MaxRequestsPerSecond), time);
    }

    internal sealed class Place(Lane lane, TimeSpan interval, TimeProvider time) : IDisposable
    {
        private int _isLeft;

        /// <summary>Returns when the request may start; by a clock that nobody sets back.</summary>
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            await lane.Turn.WaitAsync(cancellationToken);
            try
            {
                while (lane.LastStart is { } last && interval - time.GetElapsedTime(last) is { Ticks: > 0 } wait)
                {
                    // Timers have milliseconds.
                    await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), time, cancellationToken);
                }

                lane.LastStart = time.GetTimestamp();
            }
            finally
            {
                lane.Turn.Release();
            }
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isLeft, 1) == 0)
                lane.Places.Release();
        }
    }

    internal sealed class Lane
    {
        public SemaphoreSlim Places { get; } = new(AtOnce, AtOnce);

        /// <summary>Held by whose turn it is to start.</summary>
        public SemaphoreSlim Turn { get; } = new(1, 1);

        public long? LastStart { get; set; }
    }
}
