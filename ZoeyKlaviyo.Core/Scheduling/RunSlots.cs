using Microsoft.Extensions.Options;

namespace ZoeyKlaviyo.Core.Scheduling;

/// <summary>
/// How many runs of this process work at once. A run that waits for something far away gives its slot back meanwhile, and all
/// other runs leave one to delivery, so that events are on time however many catalogs are under way. Only the dispatcher hands slots
/// out: new runs and those that go on are served in one order, delivery first.
/// </summary>
public sealed class RunSlots(IOptions<SyncOptions> options, RunWakeup wakeup, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly List<RunSlot> _taken = [];
    private readonly List<(RunSlot Slot, TaskCompletionSource IsBack)> _returning = [];

    private int Size => options.Value.MaxParallelRuns;

    internal bool HasRoom(Lane lane)
    {
        lock (_lock)
            return _taken.Count < Size && (lane == Lane.Delivery || _taken.Count(slot => slot.Lane != Lane.Delivery) < Math.Max(1, Size - 1));
    }

    internal RunSlot Take(Lane lane)
    {
        var slot = new RunSlot(this, lane);
        lock (_lock)
            _taken.Add(slot);
        return slot;
    }

    /// <summary>Lets runs that have waited go on, as far as there is room.</summary>
    internal void TakeBack(Lane lane)
    {
        lock (_lock)
        {
            foreach (var (slot, isBack) in _returning.Where(waiting => waiting.Slot.Lane == lane).ToList())
            {
                if (!HasRoom(lane))
                    return;
                _returning.Remove((slot, isBack));
                _taken.Add(slot);
                isBack.SetResult();
            }
        }
    }

    internal void Release(RunSlot slot)
    {
        lock (_lock)
            _taken.Remove(slot);
        wakeup.Signal();
    }

    internal async Task WaitAsync(RunSlot slot, TimeSpan duration, CancellationToken cancellationToken)
    {
        Release(slot);
        await Task.Delay(duration, time, cancellationToken);
        var isBack = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
            _returning.Add((slot, isBack));
        wakeup.Signal();
        using var registration = cancellationToken.Register(() => GiveUp(slot, isBack, cancellationToken));
        await isBack.Task;
    }

    private void GiveUp(RunSlot slot, TaskCompletionSource isBack, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_returning.Remove((slot, isBack)))
                isBack.SetCanceled(cancellationToken);
        }
    }
}

/// <summary>A run's place among those that work; disposed when the run has ended.</summary>
internal sealed class RunSlot(RunSlots slots, Lane lane) : IDisposable
{
    public Lane Lane => lane;

    public Task WaitAsync(TimeSpan duration, CancellationToken cancellationToken) => slots.WaitAsync(this, duration, cancellationToken);

    public void Dispose() => slots.Release(this);
}
