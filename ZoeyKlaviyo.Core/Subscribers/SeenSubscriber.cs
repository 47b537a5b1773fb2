namespace ZoeyKlaviyo.Core.Subscribers;

/// <summary>Where a subscriber was seen: it decides what a row without a date proves.</summary>
internal enum SubscriberOrigin
{
    /// <summary>The store's whole list.</summary>
    Listing,

    /// <summary>The newest rows of the store's list.</summary>
    Newest,

    /// <summary>The store told of a change at the moment it happened.</summary>
    Push,

    /// <summary>An uploaded file, which may be old.</summary>
    File,
}

/// <param name="AskedUtc">The store had it so at this time at the earliest: when it was asked, or signed its push. Of a file that is not known.</param>
/// <param name="BeganUtc">When the reading of a list began; null where rows do not come from one.</param>
internal sealed record SubscriberSight(SubscriberOrigin Origin, DateTimeOffset AskedUtc, DateTimeOffset? BeganUtc = null)
{
    public static SubscriberSight File { get; } = new(SubscriberOrigin.File, DateTimeOffset.UnixEpoch);
}

/// <param name="Email">Normalized; of an invalid address what the store has.</param>
/// <param name="ChangedUtc">The store's time of the change; one in the future proves nothing and is taken as none.</param>
internal sealed record SeenSubscriber(string Email, bool IsValid, long? StoreSubscriberId, SubscriberStatus Status, DateTimeOffset? ChangedUtc);
