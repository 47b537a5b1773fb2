namespace ZoeyKlaviyo.Core.Subscribers;

internal static class SubscriptionTiming
{
    /// <summary>A subscribe or unsubscribe shows in the profile seconds to minutes after Klaviyo has taken it; nothing tells when.</summary>
    public static readonly TimeSpan UntilEffect = TimeSpan.FromMinutes(15);
}
