using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Events.Delivery;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Subscribers.Delivery;

/// <summary>Tells Klaviyo of everybody whose last change it was not told of yet, in the order of their addresses: who left first.</summary>
public sealed class OpenSubscribers(SubscriptionJob job, TimeProvider time)
{
    /// <param name="notBefore">Who has waited since before it is not subscribed; null: everybody is.</param>
    internal async Task SendAsync(RunContext context, DateTimeOffset? notBefore, DeliveryProgress progress, CancellationToken stop)
    {
        await PrepareAsync(context);
        await SendAsync(context, SubscriberStatus.Unsubscribed, KlaviyoSubscriptionClient.MaxUnsubscribes, null, progress, stop);
        await SendAsync(context, SubscriberStatus.Subscribed, KlaviyoSubscriptionClient.MaxSubscribes, notBefore, progress, stop);
    }

    /// <summary>Those kept back by Enable Historical Subscribers Sync are looked at again once it is Yes.</summary>
    private static Task PrepareAsync(RunContext context) => context.WriteContestedAsync(async (db, run) =>
    {
        var situation = await SubscriptionSituation.ReadAsync(db, run.StoreId, CancellationToken.None);
        if (situation.Store is null)
            return false;
        var own = db.Subscribers.Where(row => row.StoreId == run.StoreId && row.AccountId == situation.AccountId);
        if (situation.IsHistoricalOn)
        {
            await own.Where(row => row.Outcome == SubscriberOutcome.HistoricalOff)
                .ExecuteUpdateAsync(update => update.SetProperty(row => row.Outcome, SubscriberOutcome.Open));
        }

        run.ProgressDone = 0;
        run.ProgressTotal = await own.CountAsync(row => row.Outcome == SubscriberOutcome.Open);
        return true;
    });

    private async Task SendAsync(
        RunContext context, SubscriberStatus status, int most, DateTimeOffset? notBefore, DeliveryProgress progress, CancellationToken stop)
    {
        for (var lastEmail = ""; !progress.IsEnded;)
        {
            stop.ThrowIfCancellationRequested();
            var (situation, rows) = await context.ReadAsync(db => NextAsync(db, context.StoreId, status, most, notBefore, lastEmail), stop);
            if (situation.Held is { } held)
                progress.HoldFor(held);
            if (rows.Count == 0 || progress.IsEnded)
                return;
            if (status == SubscriberStatus.Subscribed && situation.ListGone is { } gone)
            {
                progress.MissFor(gone);
                return;
            }

            lastEmail = rows[^1].Email;
            await SendAsync(context, situation, status, rows, progress);
        }
    }

    private async Task SendAsync(
        RunContext context, SubscriptionSituation situation, SubscriberStatus status, List<Subscriber> rows, DeliveryProgress progress)
    {
        var items = rows.ConvertAll(row => new SubscriptionItem(row, null));
        if (status == SubscriberStatus.Subscribed)
            await job.SubscribeAsync(context, situation, items, willing => ClaimAsync(context, situation, willing), progress);
        else if (await ClaimAsync(context, situation, items) is { Count: > 0 } claimed)
            await job.UnsubscribeAsync(context, situation, claimed, progress);
    }

    private static async Task<(SubscriptionSituation, List<Subscriber>)> NextAsync(
        AppDbContext db, int storeId, SubscriberStatus status, int most, DateTimeOffset? notBefore, string lastEmail)
    {
        var situation = await SubscriptionSituation.ReadAsync(db, storeId, CancellationToken.None);
        if (situation.Store is null || situation.Held is not null)
            return (situation, []);
#pragma warning disable CA1309 // it is the database that compares
        var rows = await db.Subscribers
            .Where(row => row.StoreId == storeId && row.AccountId == situation.AccountId && row.Outcome == SubscriberOutcome.Open && row.Status == status
                && (notBefore == null || row.OutcomeUtc >= notBefore) && string.Compare(row.Email, lastEmail) > 0)
            .OrderBy(row => row.Email).Take(most).ToListAsync();
#pragma warning restore CA1309
        return (situation, rows);
    }

    /// <summary>Puts them in the outbox as being sent by this run: those that have not changed since, and that no other run is just sending.</summary>
    private Task<IReadOnlyList<SubscriptionItem>> ClaimAsync(RunContext context, SubscriptionSituation situation, IReadOnlyList<SubscriptionItem> items) =>
        context.WriteContestedAsync<IReadOnlyList<SubscriptionItem>>(async (db, run) =>
        {
            // A switch, or the connection, may have changed while Klaviyo was asked.
            var now = await SubscriptionSituation.ReadAsync(db, run.StoreId, CancellationToken.None);
            if (now.Held is not null || now.AccountId != situation.AccountId)
                return [];
            var emails = items.Select(item => item.Row.Email).ToList();
            var own = db.Subscribers.AsTracking().Where(row => row.StoreId == run.StoreId && row.AccountId == situation.AccountId && EF.Parameter(emails).Contains(row.Email));
            var busy = await db.Payloads
                .Where(payload => payload.StoreId == run.StoreId && payload.AccountId == situation.AccountId && payload.State == PayloadState.Sending
                    && (payload.Metric == Metrics.Subscribe || payload.Metric == Metrics.Unsubscribe) && EF.Parameter(emails).Contains(payload.Email))
                .Select(payload => payload.Email).ToHashSetAsync();
            var seen = items.ToDictionary(item => item.Row.Email, item => item.Row);
            var rows = (await own.ToListAsync()).FindAll(row => row.Outcome == SubscriberOutcome.Open && row.Status == seen[row.Email].Status
                && row.OutcomeUtc == seen[row.Email].OutcomeUtc && !busy.Contains(row.Email));
            var payloads = await SubscriptionQueue.AddAsync(db, run.StoreId, rows, time.GetUtcNow(), run.Id, CancellationToken.None);
            foreach (var (row, payload) in rows.Zip(payloads).Where(pair => pair.First.Status == SubscriberStatus.Subscribed))
            {
                payload.Properties = SubscriptionPayload.Properties(new SubscribeRow(row.Email, situation.ConsentedUtc(row, time.GetUtcNow())), situation.ListId);
                row.SubscribeSentUtc = time.GetUtcNow();
            }

            await db.SaveChangesAsync();
            return [.. rows.Zip(payloads, (row, payload) => new SubscriptionItem(row, payload))];
        });
}
