namespace ZoeyKlaviyo.Core.Events.Intake;

/// <summary>
/// A visit ends after 30 minutes without a sign of life. Klaviyo takes one Active on Site for one session of the site
/// (help.klaviyo.com, article 41008338238875), so it counts once a visit.
/// </summary>
internal sealed class VisitState
{
    public static readonly TimeSpan Timeout = TimeSpan.FromMinutes(30);

    private DateTimeOffset? _startedUtc;

    public DateTimeOffset StartedUtc => _startedUtc ?? DateTimeOffset.UnixEpoch;

    public DateTimeOffset LastSeenUtc { get; private set; }

    public bool IsCounted { get; private set; }

    public static VisitState None() => new();

    public static VisitState Of(DateTimeOffset startedUtc, DateTimeOffset lastSeenUtc, bool isCounted) =>
        new() { _startedUtc = startedUtc, LastSeenUtc = lastSeenUtc, IsCounted = isCounted };

    /// <summary>Whether it is of an earlier visit: kept back by the browser since before this one.</summary>
    public bool IsBefore(DateTimeOffset at) => _startedUtc - at >= Timeout;

    /// <summary>Notes that the shopper was there.</summary>
    /// <returns>Whether an Active on Site of that moment counts.</returns>
    public bool See(DateTimeOffset at, bool isActiveOnSite)
    {
        if (_startedUtc is null || at - LastSeenUtc >= Timeout)
        {
            (_startedUtc, LastSeenUtc, IsCounted) = (at, at, isActiveOnSite);
            return true;
        }

        // Of that one nothing else is known.
        if (IsBefore(at))
            return true;
        _startedUtc = at < _startedUtc ? at : _startedUtc;
        LastSeenUtc = at > LastSeenUtc ? at : LastSeenUtc;
        var counts = !IsCounted;
        IsCounted |= isActiveOnSite;
        return counts;
    }
}
