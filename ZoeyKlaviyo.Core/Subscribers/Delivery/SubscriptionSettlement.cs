using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Events.Delivery;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Subscribers.Delivery;

/// <summary>Writes what became of changes: their payloads, the subscribers' rows, the run's records and counts.</summary>
public sealed class SubscriptionSettlement(PayloadSettlement payloads, TimeProvider time)
{
    /// <param name="fates">By address; what has none was not attempted, and stays as it was.</param>
    /// <param name="goneListId">The list that Klaviyo says it no longer has; null when it does not say so.</param>
    internal Task SettleAsync(
        RunContext context, IReadOnlyList<SubscriptionItem> items, IReadOnlyDictionary<string, SubscriptionFate> fates, string? goneListId) =>
        context.WriteContestedAsync(async (db, run) =>
        {
            await SettleRowsAsync(db, items, fates);
            await SettlePayloadsAsync(db, run, items, fates);
            if (goneListId is not null)
                await NoteListGoneAsync(db, run.StoreId, goneListId, time.GetUtcNow());
            foreach (var fate in fates.Values)
                Count(run.Counts, fate.Result);
            run.ProgressDone += fates.Count;
            return true;
        });

    public static string NameOf(string metric, string email) => $"{metric} · {email}";

    /// <summary>A change that came meanwhile has its own outcome.</summary>
    private static async Task SettleRowsAsync(AppDbContext db, IReadOnlyList<SubscriptionItem> items, IReadOnlyDictionary<string, SubscriptionFate> fates)
    {
        if (fates.Count == 0)
            return;
        var (storeId, accountId) = (items[0].Row.StoreId, items[0].Row.AccountId);
        var emails = fates.Keys.ToList();
        var rows = await db.Subscribers.AsTracking()
            .Where(row => row.StoreId == storeId && row.AccountId == accountId && EF.Parameter(emails).Contains(row.Email)).ToDictionaryAsync(row => row.Email);
        foreach (var item in items)
        {
            if (!fates.TryGetValue(item.Row.Email, out var fate) || !rows.TryGetValue(item.Row.Email, out var row))
                continue;
            if (fate.IsSent && item.Row.Status == SubscriberStatus.Unsubscribed)
                row.UnsubscribeSentUtc = fate.AtUtc;
            if (!HasChangedSince(row, item))
                row.Outcome = fate.Outcome;
        }
    }

    private async Task SettlePayloadsAsync(
        AppDbContext db, Run run, IReadOnlyList<SubscriptionItem> items, IReadOnlyDictionary<string, SubscriptionFate> fates)
    {
        var sent = items.Where(item => item.Payload is not null && fates.TryGetValue(item.Row.Email, out var fate) && fate.Result == RecordResult.Sent).ToList();
        foreach (var alike in sent.GroupBy(item => (fates[item.Row.Email].AtUtc, Status: fates[item.Row.Email].Answer?.Status ?? 0, item.Payload!.Metric)))
            await SentPayloads.SettleAsync(db, run, alike.Key.Metric, alike.Key.AtUtc, alike.Key.Status, alike.Select(item => item.Payload!.Id), CancellationToken.None);
        var others = items.Except(sent).ToList();
        var ids = others.Where(item => item.Payload is not null).Select(item => item.Payload!.Id).ToList();
        var rows = ids.Count == 0 ? [] : await db.Payloads.AsTracking()
            .Where(payload => EF.Parameter(ids).Contains(payload.Id) && payload.State == PayloadState.Sending && payload.RunId == run.Id).ToDictionaryAsync(payload => payload.Id);
        var nextTry = ids.Count == 0 ? default : await payloads.NextRetryAsync(db, run.StoreId, CancellationToken.None);
        foreach (var item in others)
        {
            var fate = fates.GetValueOrDefault(item.Row.Email);
            if (item.Payload is not null && rows.TryGetValue(item.Payload.Id, out var payload))
            {
                Settle(payload, item.Payload, fate, nextTry);
                if (payload.State is PayloadState.New or PayloadState.Retry or PayloadState.Failed && await IsReplacedAsync(db, payload))
                    (payload.State, payload.NextTryUtc) = (PayloadState.Superseded, null);
            }

            if (fate is not null)
                db.RunRecords.Add(Record(run, item, fate));
        }
    }

    private static Task<bool> IsReplacedAsync(AppDbContext db, Payload payload) => db.Payloads.AnyAsync(other =>
        other.StoreId == payload.StoreId && other.AccountId == payload.AccountId && other.Email == payload.Email && other.Id > payload.Id
        && (other.Metric == Metrics.Subscribe || other.Metric == Metrics.Unsubscribe));

    internal static bool HasChangedSince(Subscriber row, SubscriptionItem item) => row.Status != item.Row.Status || row.OutcomeUtc != item.Row.OutcomeUtc;

    private static void Settle(Payload row, Payload claimed, SubscriptionFate? fate, DateTimeOffset nextTryUtc)
    {
        row.RunId = null;
        if (fate is null)
        {
            row.State = row.IsRetry ? PayloadState.Retry : PayloadState.New;
            row.InDoubt |= claimed.InDoubt;
            return;
        }

        row.State = fate.State;
        row.IsRetry |= fate.State is PayloadState.Retry or PayloadState.Failed;
        row.Outage = fate.Outage;
        row.InDoubt = fate.InDoubt;
        row.Attempts += fate.Answer is null ? 0 : 1;
        row.HttpStatus = fate.Answer?.Status;
        row.Error = fate.Error;
        row.NextTryUtc = fate.State == PayloadState.Retry ? nextTryUtc : null;
    }

    private static async Task NoteListGoneAsync(AppDbContext db, int storeId, string listId, DateTimeOffset atUtc) => await db.SubscriberSettings
        .Where(settings => settings.StoreId == storeId && settings.ListId == listId)
        .ExecuteUpdateAsync(update => update.SetProperty(settings => settings.ListGoneUtc, (DateTimeOffset?)atUtc));

    private static RunRecord Record(Run run, SubscriptionItem item, SubscriptionFate fate)
    {
        var metric = SubscriptionPayload.MetricOf(item.Row.Status);
        return new RunRecord
        {
            RunId = run.Id,
            StoreId = run.StoreId,
            PayloadId = item.Payload?.Id,
            Record = NameOf(metric, item.Row.Email),
            Operation = metric,
            Result = fate.Result,
            HttpStatus = fate.Answer?.Status,
            Error = fate.Error,
            Answer = fate.Answer?.Body,
            ErrorCode = fate.Code,
            AtUtc = fate.AtUtc,
        };
    }

    private static void Count(RunCounts counts, RecordResult result)
    {
        switch (result)
        {
            case RecordResult.Sent:
                counts.Sent++;
                break;
            case RecordResult.Unchanged:
                counts.Unchanged++;
                break;
            case RecordResult.Skipped:
                counts.Skipped++;
                break;
            default:
                counts.Failed++;
                break;
        }
    }
}
