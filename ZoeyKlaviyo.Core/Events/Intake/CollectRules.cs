using ZoeyKlaviyo.Core.Settings;

namespace ZoeyKlaviyo.Core.Events.Intake;

/// <summary>Why an event that is well-formed does not count.</summary>
internal static class IgnoredReasons
{
    public const string NotConnected = "not_connected";
    public const string Disabled = "disabled";
    public const string FunctionOff = "function_off";
    public const string ActingAdmin = "acting_admin";
    public const string TrackingBlocked = "tracking_blocked";
    public const string NoIdentity = "no_identity";
    public const string BeforeConnection = "before_connection";
    public const string SameVisit = "same_visit";
    public const string InCart = "in_cart";
    public const string Duplicate = "duplicate";
}

/// <summary>Which events count, and for whom. Visits and duplicates are decided where the event is written.</summary>
internal static class CollectRules
{
    /// <summary>Null when the event counts.</summary>
    public static string? Ignore(IntakeStore store, Visitor visitor, CollectedEvent collected, DateTimeOffset receivedUtc)
    {
        if (store.AccountId is null || !store.Periods.IsConnected)
            return IgnoredReasons.NotConnected;
        var wasConnected = store.Periods.WasConnected(collected.OccurredUtc);
        // What was switched on is asked of the moment the event happened; before the connection that question has no answer.
        var at = wasConnected ? collected.OccurredUtc : receivedUtc;
        if (!store.Periods.WasOn(Switch.IsEnabled, at))
            return IgnoredReasons.Disabled;
        if (!store.Periods.WasOn(Metrics.SwitchOf(collected.Metric), at))
            return IgnoredReasons.FunctionOff;
        if (visitor.ActingAdmin && !store.Periods.WasOn(Switch.AdminTracking, at))
            return IgnoredReasons.ActingAdmin;
        if (visitor.TrackingBlocked && Metrics.IsBrowsing(collected.Metric))
            return IgnoredReasons.TrackingBlocked;
        if (visitor.Email is null)
            return IgnoredReasons.NoIdentity;
        if (!wasConnected)
            return IgnoredReasons.BeforeConnection;
        return collected.Metric == Metrics.ViewedProduct && collected.InCart ? IgnoredReasons.InCart : null;
    }

    /// <summary>Whether a change of settings or of the connection may have made the event count by now.</summary>
    public static bool IsOfSettings(string? ignored) =>
        ignored is IgnoredReasons.NotConnected or IgnoredReasons.Disabled or IgnoredReasons.FunctionOff;

    /// <summary>Whether an ignored event still shows that the shopper is there, which keeps the visit going.</summary>
    public static bool IsSignOfLife(Visitor visitor, string ignored) =>
        visitor is { Email: not null, TrackingBlocked: false, ActingAdmin: false } && (ignored is IgnoredReasons.FunctionOff or IgnoredReasons.InCart);
}
