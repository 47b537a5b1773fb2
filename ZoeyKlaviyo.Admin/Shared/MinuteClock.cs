namespace ZoeyKlaviyo.Admin.Shared;

/// <summary>One timer a circuit, for all texts that age, such as <i>5 min ago</i>. Ticks every half minute.</summary>
public sealed class MinuteClock(TimeProvider time) : IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(30);
    private ITimer? _timer;

    private event Action? Ticked;

    public IDisposable OnTick(Action handler)
    {
        _timer ??= time.CreateTimer(_ => Ticked?.Invoke(), null, s_interval, s_interval);
        Ticked += handler;
        return new Subscription(() => Ticked -= handler);
    }

    public void Dispose() => _timer?.Dispose();

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
