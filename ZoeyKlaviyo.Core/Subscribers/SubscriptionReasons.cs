namespace ZoeyKlaviyo.Core.Subscribers;

/// <summary>Why a change of a subscriber was not sent, as records keep it.</summary>
internal static class SubscriptionReasons
{
    public const string AlreadySubscribed = "already_subscribed";

    /// <summary>Klaviyo's refusal says so: they are subscribed since before the consent.</summary>
    public const string AlreadyBackdated = "already_subscribed_since";
    public const string OptedOut = "opted_out";

    /// <summary>Klaviyo's refusal says so.</summary>
    public const string OptedOutBackdated = "opted_out_since";
    public const string Suppressed = "suppressed";
    public const string HistoricalOff = "historical_off";
    public const string InvalidAddress = "invalid_address";
    public const string Unreadable = "consent_unreadable";

    /// <summary>A line of a file, or a row of the store, that can't be read.</summary>
    public const string UnreadableRow = "unreadable_subscriber";
}
