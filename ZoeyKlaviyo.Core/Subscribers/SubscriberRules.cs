namespace ZoeyKlaviyo.Core.Subscribers;

/// <param name="ConnectedFromUtc">When the store was first connected to the account.</param>
internal sealed record SubscriberView(SubscriberReading Reading, DateTimeOffset ConnectedFromUtc, SubscriberOrigin Origin, DateTimeOffset Now);

/// <summary>
/// What a row of the store changes: nothing, or a subscriber's status with what is known of its time. Absence from a list changes nothing, ever.
/// </summary>
internal static class SubscriberRules
{
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
            SeenUtc = view.Now,
            OutcomeUtc = view.Now,
        };
        row.IsHistorical = row.ChangedUtc is { } changed ? changed < view.ConnectedFromUtc : view.Origin != SubscriberOrigin.Push && !IsAfterAnchor(row, view);
        // That a row is new proves no consent: the store may have imported it.
        row.ConsentFromUtc = row.ChangedUtc;
        row.Outcome = !seen.IsValid ? SubscriberOutcome.Invalid
            : row.Status == SubscriberStatus.Subscribed ? SubscriberOutcome.Open
            // Klaviyo may have them from before; that they left since the connection is known, so it is told.
            : row.Status == SubscriberStatus.Unsubscribed && (row.ChangedUtc is { } left ? left >= view.ConnectedFromUtc : view.Origin == SubscriberOrigin.Push) ? SubscriberOutcome.Open
            : SubscriberOutcome.Nothing;
        return row;
    }

    /// <returns>False when it tells nothing new, and the row is as it was.</returns>
    public static bool Change(Subscriber row, SeenSubscriber seen, SubscriberView view)
    {
        if (!seen.IsValid)
            return false;
        var changed = Credible(seen.ChangedUtc, view.Now);
        // Whatever brings it: older than what is known.
        if (changed < row.ChangedUtc || (IsOther(row, seen) && !Wins(row, seen, changed)))
            return false;
        var isNewStatus = row.Status != seen.Status;
        var isNewTime = changed is not null && changed != row.ChangedUtc;
        // A store may show an id, or a time, that another of its sources lacks.
        if (!isNewStatus && !isNewTime)
        {
            row.StoreSubscriberId ??= seen.StoreSubscriberId;
            return false;
        }

        var (before, isOther) = (row.Status, IsOther(row, seen));
        if (isNewStatus)
        {
            row.ConsentFromUtc = changed ?? ProvedBy(row, view);
            row.IsHistorical = changed < view.ConnectedFromUtc;
            row.Status = seen.Status;
            row.SeenUtc = view.Now;
        }
        else
        {
            row.ConsentFromUtc = changed;
            row.IsHistorical = changed < view.ConnectedFromUtc;
        }

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
        SubscriberStatus.Unsubscribed when isOther && row is { Outcome: SubscriberOutcome.Open, SubscribeSentUtc: null } && view.Origin != SubscriberOrigin.Push
            && !(row.ChangedUtc >= view.ConnectedFromUtc) => SubscriberOutcome.Nothing,
        SubscriberStatus.Unsubscribed when isNewStatus && (before == SubscriberStatus.Subscribed || view.Origin == SubscriberOrigin.Push) => SubscriberOutcome.Open,
        // No consent any more, but nobody left either.
        _ when isNewStatus => SubscriberOutcome.Nothing,
        _ => null,
    };

    /// <summary>The store has several rows of one address, as one a store view.</summary>
    private static bool IsOther(Subscriber row, SeenSubscriber seen) =>
        row.StoreSubscriberId is not null && seen.StoreSubscriberId is not null && row.StoreSubscriberId != seen.StoreSubscriberId;

    /// <summary>Of several rows the newer one counts; where that is not known, the one that says that they left.</summary>
    private static bool Wins(Subscriber row, SeenSubscriber seen, DateTimeOffset? changed) =>
        changed is not null && row.ChangedUtc is not null && changed != row.ChangedUtc
            ? changed > row.ChangedUtc
            : seen.Status == SubscriberStatus.Unsubscribed && row.Status != SubscriberStatus.Unsubscribed;

    /// <summary>A time in the future is a wrong clock or time zone, and proves nothing.</summary>
    private static DateTimeOffset? Credible(DateTimeOffset? changed, DateTimeOffset now) => changed <= now ? changed : null;

    /// <summary>Since when the status can be what it is, for one that comes without a date.</summary>
    private static DateTimeOffset? ProvedBy(Subscriber row, SubscriberView view) => view.Origin switch
    {
        SubscriberOrigin.Push => view.Now,
        SubscriberOrigin.File => null,
        _ => view.Reading.WholeListingUtc is { } listed && listed > row.SeenUtc ? listed : row.SeenUtc,
    };

    private static bool IsAfterAnchor(Subscriber row, SubscriberView view) => row.StoreSubscriberId > view.Reading.AnchorId;
}
