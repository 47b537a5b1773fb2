namespace ZoeyKlaviyo.Core.Subscribers;

/// <param name="ConnectedFromUtc">When the store was first connected to the account.</param>
internal sealed record SubscriberView(SubscriberReading Reading, DateTimeOffset ConnectedFromUtc, SubscriberSight Sight, DateTimeOffset Now);

/// <summary>
/// What a row of the store changes: nothing, or a subscriber's status with what is known of its time. Absence from a list changes nothing, ever.
/// </summary>
internal static class SubscriberRules
{
    /// <summary>By as much may the store's clock be ahead of ours: its date is then the same when its time has come.</summary>
    private static readonly TimeSpan s_ahead = TimeSpan.FromMinutes(5);

    public static Subscriber New(int storeId, string accountId, SeenSubscriber seen, SubscriberView view)
    {
        var row = new Subscriber
        {
            StoreId = storeId,
            AccountId = accountId,
            Email = seen.Email,
            StoreSubscriberId = seen.StoreSubscriberId,
            Status = seen.Status,
            ChangedUtc = Credible(seen.ChangedUtc, view.Now),
            SeenUtc = view.Sight.AskedUtc,
            OutcomeUtc = view.Now,
        };
        row.IsHistorical = row.ChangedUtc is { } changed ? changed < view.ConnectedFromUtc : view.Sight.Origin != SubscriberOrigin.Push && !IsAfterAnchor(row, view);
        // That a row is new proves no consent: the store may have imported it.
        row.ConsentFromUtc = Proved(row.ChangedUtc, view.Now);
        row.Outcome = !seen.IsValid ? SubscriberOutcome.Invalid
            : row.Status == SubscriberStatus.Subscribed ? SubscriberOutcome.Open
            // Klaviyo may have them from before; that they left since the connection is known, so it is told.
            : row.Status == SubscriberStatus.Unsubscribed && (row.ChangedUtc is { } left ? left >= view.ConnectedFromUtc : view.Sight.Origin == SubscriberOrigin.Push) ? SubscriberOutcome.Open
            : SubscriberOutcome.Nothing;
        return row;
    }

    /// <returns>False when it tells nothing new, and the row is as it was.</returns>
    public static bool Change(Subscriber row, SeenSubscriber seen, SubscriberView view)
    {
        if (!seen.IsValid)
            return false;
        var changed = Credible(seen.ChangedUtc, view.Now);
        var (before, isOther) = (row.Status, IsOther(row, seen, view));
        // Whatever brings it: older than what is known.
        if (changed < row.ChangedUtc || (isOther && !Wins(row, seen, changed)) || IsDoubtfulReturn(row, seen, changed, view))
            return false;
        var isNewStatus = row.Status != seen.Status;
        var isNewTime = changed is not null && changed != row.ChangedUtc;
        // A store may show an id, or a time, that another of its sources lacks.
        if (!isNewStatus && !isNewTime)
        {
            row.StoreSubscriberId ??= seen.StoreSubscriberId;
            return SeeAgain(row, changed, view);
        }

        row.IsHistorical = changed is { } at ? at < view.ConnectedFromUtc : view.Sight.Origin == SubscriberOrigin.File;
        row.ConsentFromUtc = Proved(changed, view.Now) ?? (isNewStatus ? ProvedBy(row, view) : row.ConsentFromUtc);
        if (isNewStatus)
            (row.Status, row.SeenUtc) = (seen.Status, view.Sight.AskedUtc);

        row.StoreSubscriberId = seen.StoreSubscriberId ?? row.StoreSubscriberId;
        row.ChangedUtc = changed ?? (isNewStatus ? null : row.ChangedUtc);
        if (OutcomeOf(row, before, isNewStatus, isOther, view) is { } outcome)
        {
            row.Outcome = outcome;
            row.OutcomeUtc = view.Now;
        }

        return true;
    }

    /// <summary>Null leaves it as it is.</summary>
    private static SubscriberOutcome? OutcomeOf(Subscriber row, SubscriberStatus before, bool isNewStatus, bool isOther, SubscriberView view) => row.Status switch
    {
        SubscriberStatus.Subscribed => SubscriberOutcome.Open,
        // Two rows that disagree from the first look on are no change that was seen.
        SubscriberStatus.Unsubscribed when isOther && row is { Outcome: SubscriberOutcome.Open, SubscribeSentUtc: null } && view.Sight.Origin != SubscriberOrigin.Push
            && !(row.ChangedUtc >= view.ConnectedFromUtc) => SubscriberOutcome.Nothing,
        SubscriberStatus.Unsubscribed when isNewStatus && (before == SubscriberStatus.Subscribed || view.Sight.Origin == SubscriberOrigin.Push) => SubscriberOutcome.Open,
        // No consent any more, but nobody left either.
        _ when isNewStatus => SubscriberOutcome.Nothing,
        _ => null,
    };

    /// <summary>Nothing new, but it may prove more of what is known.</summary>
    /// <returns>Whether that changes what becomes of them.</returns>
    private static bool SeeAgain(Subscriber row, DateTimeOffset? changed, SubscriberView view)
    {
        // Who subscribes later has consented since.
        if (row.Status != SubscriberStatus.Subscribed && changed is null && row.ChangedUtc is null && view.Sight.AskedUtc > row.SeenUtc)
            row.SeenUtc = view.Sight.AskedUtc;
        if (row.ConsentFromUtc is not null || Proved(changed, view.Now) is not { } proved)
            return false;
        row.ConsentFromUtc = proved;
        if (row is not { Status: SubscriberStatus.Subscribed, Outcome: SubscriberOutcome.OptedOut })
            return false;
        (row.Outcome, row.OutcomeUtc) = (SubscriberOutcome.Open, view.Now);
        return true;
    }

    /// <summary>The store has several rows of one address, as one a store view; without ids, one reading of its list shows both.</summary>
    private static bool IsOther(Subscriber row, SeenSubscriber seen, SubscriberView view) =>
        row.StoreSubscriberId is { } own && seen.StoreSubscriberId is { } id ? own != id : row.Status != seen.Status && row.SeenUtc >= view.Sight.BeganUtc;

    /// <summary>It says that they are subscribed, and may be older than what says that they are not: where that is not known, they are not.</summary>
    private static bool IsDoubtfulReturn(Subscriber row, SeenSubscriber seen, DateTimeOffset? changed, SubscriberView view)
    {
        if (row.Status == SubscriberStatus.Subscribed || seen.Status != SubscriberStatus.Subscribed)
            return false;
        if (view.Sight.Origin != SubscriberOrigin.File)
            return changed is null && view.Sight.AskedUtc < row.SeenUtc;
        return changed is not null ? changed <= row.SeenUtc || changed <= row.ChangedUtc
            : row.Status == SubscriberStatus.Unsubscribed || row.SeenUtc > DateTimeOffset.UnixEpoch;
    }

    /// <summary>Of several rows the newer one counts; where that is not known, the one that says that they left.</summary>
    private static bool Wins(Subscriber row, SeenSubscriber seen, DateTimeOffset? changed) =>
        changed is not null && row.ChangedUtc is not null && changed != row.ChangedUtc
            ? changed > row.ChangedUtc
            : seen.Status == SubscriberStatus.Unsubscribed && row.Status != SubscriberStatus.Unsubscribed;

    /// <summary>A time in the future is a wrong clock or time zone, and proves nothing.</summary>
    private static DateTimeOffset? Credible(DateTimeOffset? changed, DateTimeOffset now) => changed <= now + s_ahead ? changed : null;

    private static DateTimeOffset? Proved(DateTimeOffset? changed, DateTimeOffset now) => changed <= now ? changed : null;

    /// <summary>When the store was last seen to have the status before, for a change that comes without a date.</summary>
    private static DateTimeOffset? ProvedBy(Subscriber row, SubscriberView view) =>
        view.Sight.Origin != SubscriberOrigin.File && row.SeenUtc > DateTimeOffset.UnixEpoch ? row.SeenUtc : null;

    private static bool IsAfterAnchor(Subscriber row, SubscriberView view) => row.StoreSubscriberId > view.Reading.AnchorId;
}
