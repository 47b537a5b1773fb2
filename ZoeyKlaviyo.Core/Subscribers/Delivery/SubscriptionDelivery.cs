using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Events.Delivery;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Subscribers.Delivery;

/// <summary>Sends the subscribes and unsubscribes that wait in the outbox: who left first.</summary>
internal sealed class SubscriptionDelivery(SubscriptionJob job, TimeProvider time) : IPayloadDelivery
{
    /// <summary>Time for an answer that was lost to show in the profile, so that nobody is asked for a confirmation twice.</summary>
    private static readonly TimeSpan s_doubt = TimeSpan.FromMinutes(3);

    public async Task SendAsync(RunContext context, PayloadPass pass, DeliveryProgress progress, CancellationToken stop)
    {
        if (pass == PayloadPass.New && !progress.IsEnded)
            await QueueOpenUnsubscribesAsync(context, stop);
        await SendAsync(context, pass, Metrics.Unsubscribe, KlaviyoSubscriptionClient.MaxUnsubscribes, progress, stop);
        await SendAsync(context, pass, Metrics.Subscribe, KlaviyoSubscriptionClient.MaxSubscribes, progress, stop);
    }

    private async Task SendAsync(RunContext context, PayloadPass pass, string metric, int most, DeliveryProgress progress, CancellationToken stop)
    {
        for (long lastId = 0; !progress.IsEnded;)
        {
            stop.ThrowIfCancellationRequested();
            var claim = await context.WriteContestedAsync((db, run) => ClaimAsync(db, run, pass, metric, most, lastId));
            if (claim.ListGone is { } gone)
                progress.MissFor(gone);
            if (claim.LastId is not { } last)
                return;
            lastId = last;
            if (claim.Items.Count == 0)
                continue;
            if (metric == Metrics.Unsubscribe)
                await job.UnsubscribeAsync(context, claim.Situation, claim.Items, progress);
            else
                await job.SubscribeAsync(context, claim.Situation, claim.Items, Task.FromResult, progress);
        }
    }

    private async Task<Claim> ClaimAsync(AppDbContext db, Run run, PayloadPass pass, string metric, int most, long lastId)
    {
        var situation = await SubscriptionSituation.ReadAsync(db, run.StoreId, CancellationToken.None);
        var waiting = Waiting(db, run.StoreId, situation.AccountId, pass).Where(payload => payload.Metric == metric && payload.Id > lastId);
        if (situation.Held is not null || (metric == Metrics.Subscribe && situation.ListGone is not null))
        {
            // What is held is no news of this run's; a list that is gone needs somebody, as soon as anybody waits for it.
            return new Claim(situation, [], null, situation.Held is null && await waiting.AnyAsync() ? situation.ListGone : null);
        }

        var payloads = await waiting
            // What another run is just sending of the same person must have been answered first.
            .Where(payload => !db.Payloads.Any(other => other.StoreId == payload.StoreId && other.AccountId == payload.AccountId
                && (other.Metric == Metrics.Subscribe || other.Metric == Metrics.Unsubscribe) && other.Email == payload.Email && other.State == PayloadState.Sending))
            .AsTracking().OrderBy(payload => payload.Id).Take(most).ToListAsync();
        var emails = payloads.ConvertAll(payload => payload.Email);
        var rows = await db.Subscribers.AsTracking()
            .Where(row => row.StoreId == run.StoreId && row.AccountId == situation.AccountId && EF.Parameter(emails).Contains(row.Email))
            .ToDictionaryAsync(row => row.Email);
        var now = time.GetUtcNow();
        var items = new List<SubscriptionItem>();
        foreach (var payload in payloads)
        {
            if (!rows.TryGetValue(payload.Email, out var row) || SubscriptionPayload.MetricOf(row.Status) != payload.Metric || items.Exists(item => item.Row == row))
                (payload.State, payload.NextTryUtc) = (PayloadState.Superseded, null);
            else if (metric == Metrics.Subscribe && payload.ReceivedUtc < now - SubscriptionTiming.StoreIsGood)
                // They may have left the store since: the next Subscribers run reads all of its list, and decides.
                (payload.State, payload.NextTryUtc, row.Outcome) = (PayloadState.Superseded, null, SubscriberOutcome.Open);
            else if (!IsStillInDoubt(payload, row, now))
                items.Add(Take(payload, row, situation, run.Id, now));
        }

        run.ProgressTotal = (run.ProgressTotal ?? run.ProgressDone) + items.Count;
        return new Claim(situation, items, payloads.Count == 0 ? null : payloads[^1].Id, null);
    }

    private static SubscriptionItem Take(Payload payload, Subscriber row, SubscriptionSituation situation, long runId, DateTimeOffset now)
    {
        (payload.State, payload.RunId) = (PayloadState.Sending, runId);
        row.Outcome = SubscriberOutcome.Queued;
        if (payload.Metric == Metrics.Subscribe)
        {
            payload.Properties = SubscriptionPayload.Properties(new SubscribeRow(row.Email, situation.ConsentedUtc(row, now)), situation.ListId);
            row.SubscribeSentUtc = now;
        }

        return new SubscriptionItem(row, payload);
    }

    /// <summary>Sent without an answer a moment ago; a repeat is harmless only where no confirmation is asked for.</summary>
    private static bool IsStillInDoubt(Payload payload, Subscriber row, DateTimeOffset now) =>
        payload.InDoubt && payload.Metric == Metrics.Subscribe && !row.IsHistorical && now - row.SubscribeSentUtc < s_doubt;

    private static IQueryable<Payload> Waiting(AppDbContext db, int storeId, string accountId, PayloadPass pass)
    {
        var own = db.Payloads.Where(payload => payload.StoreId == storeId && payload.AccountId == accountId);
        return pass switch
        {
            PayloadPass.New => own.Where(payload => payload.State == PayloadState.New),
            PayloadPass.AfterOutage => own.Where(payload => payload.State == PayloadState.Retry && payload.Outage),
            _ => own.Where(payload => payload.State == PayloadState.Retry),
        };
    }

    /// <summary>Who left goes out with the next run, whatever kept it back: what was held, or has to be told once more.</summary>
    private async Task QueueOpenUnsubscribesAsync(RunContext context, CancellationToken stop)
    {
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            var queued = await context.WriteContestedAsync(async (db, run) =>
            {
                var situation = await SubscriptionSituation.ReadAsync(db, run.StoreId, CancellationToken.None);
                if (situation.Store is null || situation.Held is not null)
                    return 0;
                var now = time.GetUtcNow();
                var before = now - SubscriptionTiming.UntilEffect;
                var rows = await db.Subscribers.AsTracking()
                    .Where(row => row.StoreId == run.StoreId && row.AccountId == situation.AccountId
                        && row.Outcome == SubscriberOutcome.Open && row.Status == SubscriberStatus.Unsubscribed
                        && (row.UnsubscribeSentUtc == null || row.UnsubscribeSentUtc < before))
                    .OrderBy(row => row.Email).Take(KlaviyoSubscriptionClient.MaxSubscribes).ToListAsync();
                if (rows.Count > 0)
                    await SubscriptionQueue.AddAsync(db, run.StoreId, rows, now, null, CancellationToken.None);
                return rows.Count;
            });
            if (queued == 0)
                return;
        }
    }

    private sealed record Claim(SubscriptionSituation Situation, IReadOnlyList<SubscriptionItem> Items, long? LastId, string? ListGone);
}
