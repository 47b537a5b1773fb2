namespace ZoeyKlaviyo.Sandbox.Klaviyo.Limits;

/// <summary>Counts the calls since the clock last passed a multiple of the window's length.</summary>
internal sealed class FixedWindow(RateLimit limit)
{
    private long _number;
    private int _used;

    public int Remaining => limit.Calls - _used;

    public void MoveTo(DateTimeOffset now)
    {
        var number = now.UtcTicks / limit.Window.Ticks;
        if (number != _number)
            (_number, _used) = (number, 0);
    }

    public void Use() => _used++;

    /// <summary>Whole seconds until the next window begins, at least one.</summary>
    public int SecondsLeft(DateTimeOffset now) =>
        (int)Math.Ceiling(new TimeSpan(limit.Window.Ticks - now.UtcTicks % limit.Window.Ticks).TotalSeconds);
}
