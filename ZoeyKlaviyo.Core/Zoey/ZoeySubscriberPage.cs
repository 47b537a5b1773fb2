namespace ZoeyKlaviyo.Core.Zoey;

/// <param name="Id">The store's id of it, or its address where it has no id.</param>
/// <param name="Reason">What is missing or wrong, in words.</param>
public sealed record UnreadableSubscriber(string Id, string Reason);

/// <summary>What a look at the newest subscribers does not hold, so that it is left to the whole list.</summary>
public enum ZoeySubscriberGap
{
    None,

    /// <summary>The store can't sort its subscribers by their ids, so that nobody can say which are the newest.</summary>
    Newest,

    /// <summary>The store can't filter by <c>change_status_at</c>, so that changes of older subscribers do not show.</summary>
    Changes,

    /// <summary>There was more than is read at once; this time only.</summary>
    TooMany,
}

/// <param name="EndsList">
/// The whole list was read, to an empty or a repeated page; the last page of a listing alone has it. A listing that breaks off throws instead.
/// </param>
public sealed record ZoeySubscriberPage(
    IReadOnlyList<ZoeySubscriber> Subscribers,
    IReadOnlyList<UnreadableSubscriber> Unreadable,
    bool EndsList = false,
    ZoeySubscriberGap Gap = ZoeySubscriberGap.None);
