using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Subscribers.Delivery;

/// <summary>Puts subscribes and unsubscribes in the outbox: of an address only the latest.</summary>
internal static class SubscriptionQueue
{
    /// <summary>In the caller's transaction.</summary>
    /// <param name="rows">Tracked, with something to tell.</param>
    /// <param name="runId">A run that sends them at once.</param>
    public static async Task<List<Payload>> AddAsync(
        AppDbContext db, int storeId, IReadOnlyList<Subscriber> rows, DateTimeOffset now, long? runId, CancellationToken cancellationToken)
    {
        await SupersedeAsync(db, storeId, [.. rows.Select(row => row.Email)], cancellationToken);
        var payloads = new List<Payload>(rows.Count);
        foreach (var row in rows)
        {
            row.Outcome = SubscriberOutcome.Queued;
            var payload = SubscriptionPayload.Of(row, now);
            if (runId is not null)
                (payload.State, payload.RunId) = (PayloadState.Sending, runId);
            payloads.Add(payload);
        }

        db.Payloads.AddRange(payloads);
        return payloads;
    }

    private static Task SupersedeAsync(AppDbContext db, int storeId, List<string> emails, CancellationToken cancellationToken) => db.Payloads
        .Where(payload => payload.StoreId == storeId && (payload.Metric == Metrics.Subscribe || payload.Metric == Metrics.Unsubscribe)
            && EF.Parameter(emails).Contains(payload.Email)
            && (payload.State == PayloadState.New || payload.State == PayloadState.Retry || payload.State == PayloadState.Failed))
        .ExecuteUpdateAsync(
            update => update.SetProperty(payload => payload.State, PayloadState.Superseded).SetProperty(payload => payload.NextTryUtc, (DateTimeOffset?)null),
            cancellationToken);
}
