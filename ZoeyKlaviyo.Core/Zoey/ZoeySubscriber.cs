namespace ZoeyKlaviyo.Core.Zoey;

/// <summary>Magento's numbers. Only <see cref="Subscribed"/> is a permission to mail.</summary>
public enum ZoeySubscriberStatus
{
    Subscribed = 1,

    /// <summary>Waits for the person to confirm.</summary>
    NotActive = 2,

    Unsubscribed = 3,
    Unconfirmed = 4,
}

/// <param name="Id">Null where the store does not tell it.</param>
/// <param name="Email">As the store has it: not normalized, may be no address at all.</param>
/// <param name="ChangedUtc">When the status changed last. Null is common, and it may lie in the future.</param>
public sealed record ZoeySubscriber(long? Id, string Email, ZoeySubscriberStatus Status, DateTimeOffset? ChangedUtc);
