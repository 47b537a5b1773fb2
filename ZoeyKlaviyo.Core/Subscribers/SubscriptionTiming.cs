namespace ZoeyKlaviyo.Core.Subscribers;

internal static class SubscriptionTiming
{
    /// <summary>
    /// How old Klaviyo's word of somebody's consent may be when the call leaves: long enough for its rate limits, and not for somebody to leave unnoticed.
    /// </summary>
    public static readonly TimeSpan ConsentIsGood = TimeSpan.FromSeconds(90);

    /// <summary>How old the store's own word may be when somebody is subscribed on it: longer than from one daily run to the next, which reads all of its list.</summary>
    public static readonly TimeSpan StoreIsGood = TimeSpan.FromHours(25);

    /// <summary>Klaviyo dates an unsubscribe by our call.</summary>
    public static readonly TimeSpan UntilDated = TimeSpan.FromMinutes(2);

    /// <summary>A subscribe or unsubscribe shows in the profile seconds to minutes after Klaviyo has taken it; nothing tells when.</summary>
    public static readonly TimeSpan UntilEffect = TimeSpan.FromMinutes(15);
}
