using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Subscribers.Delivery;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Subscribers;

/// <summary>What a run reads of the store's subscribers, written a batch at a time.</summary>
internal static class SubscriberIntake
{
    /// <summary>In the caller's transaction.</summary>
    /// <param name="isQueued">What is new goes out at once; else the next Subscribers run decides.</param>
    /// <returns>How many are new or changed.</returns>
    public static async Task<int> TakeAsync(
        AppDbContext db, Run run, StoreSituation situation, IReadOnlyList<SeenSubscriber> seen, SubscriberSight sight, bool isQueued, DateTimeOffset now)
    {
        var changes = await SubscriberBook.TakeAsync(db, run.StoreId, situation, seen, sight, now, CancellationToken.None);
        foreach (var invalid in changes.Changed.Where(row => row.Outcome == SubscriberOutcome.Invalid))
            AddFailed(db, run, invalid.Email, SubscriptionReasons.InvalidAddress, "The store has this in the place of an e-mail address.", now);
        var urgent = changes.Changed.Where(IsUrgent).ToList();
        if (isQueued && urgent.Count > 0)
            await SubscriptionQueue.AddAsync(db, run.StoreId, urgent, now, null, CancellationToken.None);
        return changes.Changed.Count;
    }

    public static void AddUnreadable(AppDbContext db, Run run, IEnumerable<UnreadableSubscriber> unreadable, DateTimeOffset now)
    {
        foreach (var row in unreadable)
            AddFailed(db, run, row.Id, SubscriptionReasons.UnreadableRow, row.Reason, now);
    }

    /// <summary>Who subscribed before the connection waits for the daily run.</summary>
    public static bool IsUrgent(Subscriber row) =>
        row.Outcome == SubscriberOutcome.Open && (row.Status == SubscriberStatus.Unsubscribed || !row.IsHistorical);

    public static void AddFailed(AppDbContext db, Run run, string record, string code, string error, DateTimeOffset now)
    {
        db.RunRecords.Add(new RunRecord
        {
            RunId = run.Id,
            StoreId = run.StoreId,
            Record = SubscriptionSettlement.NameOf(Metrics.Subscribe, record.Length <= 300 ? record : record[..300]),
            Operation = SubscriberRecords.Read,
            Result = RecordResult.Failed,
            Error = error,
            ErrorCode = code,
            AtUtc = now,
        });
        run.Counts.Failed++;
    }
}
