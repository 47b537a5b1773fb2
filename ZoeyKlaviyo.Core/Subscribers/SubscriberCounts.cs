using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Subscribers;

/// <summary>What the records of a run come to, beyond its counts.</summary>
internal sealed record SubscriberCounts(int Subscribed, int Unsubscribed, int OptedOut, int Historical, int Total)
{
    public static async Task<SubscriberCounts> ReadAsync(AppDbContext db, long runId)
    {
        var groups = await db.RunRecords.Where(record => record.RunId == runId)
            .GroupBy(record => new { record.Result, record.Operation, record.ErrorCode })
            .Select(group => new { group.Key.Result, group.Key.Operation, group.Key.ErrorCode, Count = group.Count() }).ToListAsync();
        int Count(RecordResult result, string operation) => groups.Where(group => group.Result == result && group.Operation == operation).Sum(group => group.Count);
        return new SubscriberCounts(
            Count(RecordResult.Sent, Metrics.Subscribe),
            Count(RecordResult.Sent, Metrics.Unsubscribe),
            groups.Where(group => group.ErrorCode is SubscriptionReasons.OptedOut or SubscriptionReasons.OptedOutBackdated or SubscriptionReasons.Suppressed).Sum(group => group.Count),
            groups.Where(group => group.ErrorCode == SubscriptionReasons.HistoricalOff).Sum(group => group.Count),
            groups.Sum(group => group.Count));
    }
}
