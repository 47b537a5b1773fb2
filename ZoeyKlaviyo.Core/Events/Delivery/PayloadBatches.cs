using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Events.Delivery;

/// <param name="Held">Why nothing may be sent now, in words; null when something may.</param>
internal sealed record PayloadBatch(IReadOnlyList<Payload> Payloads, string IdPrefix, string? Held);

internal sealed record PayloadAttempt(Payload Payload, KlaviyoAnswer Answer, Fate Fate, DateTimeOffset AtUtc);

/// <summary>Takes payloads out of the outbox and puts them back with what became of them.</summary>
public sealed class PayloadBatches(SyncSchedules schedules, TimeProvider time)
{
    internal static Task<PayloadBatch> ClaimAsync(RunContext context, PayloadPass pass, long afterId, int size, CancellationToken cancellationToken) =>
        context.WriteAsync(
            async (db, run) =>
            {
                var (accountId, held) = await MaySendAsync(db, context.StoreId, cancellationToken);
                if (held is not null)
                    return new PayloadBatch([], "", held);
                if (afterId == 0)
                    await PayloadCommands.DiscardOtherAccountsAsync(db, context.StoreId, accountId, cancellationToken);
                var waiting = Waiting(db, context.StoreId, accountId, pass).Where(payload => payload.Id > afterId);
                if (afterId == 0)
                    run.ProgressTotal = run.ProgressDone + await waiting.CountAsync(cancellationToken);
                var ids = await waiting.OrderBy(payload => payload.Id).Take(size).Select(payload => payload.Id).ToListAsync(cancellationToken);
                // Only those that nobody has discarded since they were read.
                await waiting.Where(payload => ids.Contains(payload.Id)).ExecuteUpdateAsync(
                    update => update.SetProperty(payload => payload.State, PayloadState.Sending).SetProperty(payload => payload.RunId, context.RunId),
                    cancellationToken);
                var payloads = await db.Payloads.AsNoTracking()
                    .Where(payload => ids.Contains(payload.Id) && payload.State == PayloadState.Sending && payload.RunId == context.RunId)
                    .OrderBy(payload => payload.Id)
                    .ToListAsync(cancellationToken);
                var idPrefix = await db.Stores.Where(store => store.Id == context.StoreId).Select(store => store.IdPrefix).SingleAsync(cancellationToken);
                return new PayloadBatch(payloads, idPrefix, null);
            },
            cancellationToken);

    internal Task SettleAsync(RunContext context, PayloadBatch batch, List<PayloadAttempt> attempts, CancellationToken cancellationToken) =>
        context.WriteAsync(
            async (db, run) =>
            {
                var ids = batch.Payloads.Select(payload => payload.Id).ToList();
                var rows = await db.Payloads.Where(payload => ids.Contains(payload.Id)).ToDictionaryAsync(payload => payload.Id, cancellationToken);
                var nextTry = await NextRetryAsync(db, context.StoreId, cancellationToken);
                foreach (var attempt in attempts)
                {
                    Settle(rows[attempt.Payload.Id], attempt, nextTry);
                    db.RunRecords.Add(Record(run, attempt));
                    run.Counts.Sent += attempt.Fate.Result == RecordResult.Sent ? 1 : 0;
                    run.Counts.Failed += attempt.Fate.Result == RecordResult.Sent ? 0 : 1;
                }

                foreach (var untouched in rows.Values.Where(row => row.State == PayloadState.Sending))
                    Release(untouched);
                run.ProgressDone += attempts.Count;
                return true;
            },
            cancellationToken);

    /// <summary>After a process ended half-way: what it had in Sending may have arrived, and goes out again under the same id.</summary>
    internal static Task AbandonAsync(AppDbContext db, long runId, int storeId, CancellationToken cancellationToken) =>
        db.Payloads
            .Where(payload => payload.StoreId == storeId && payload.State == PayloadState.Sending && payload.RunId == runId)
            .ExecuteUpdateAsync(
                update => update
                    .SetProperty(payload => payload.State, payload => payload.IsRetry ? PayloadState.Retry : PayloadState.New)
                    .SetProperty(payload => payload.InDoubt, true)
                    .SetProperty(payload => payload.RunId, (long?)null),
                cancellationToken);

    private static IQueryable<Payload> Waiting(AppDbContext db, int storeId, string accountId, PayloadPass pass)
    {
        var waiting = db.Payloads.Where(payload => payload.StoreId == storeId && payload.AccountId == accountId);
        return pass switch
        {
            PayloadPass.New => waiting.Where(payload => payload.State == PayloadState.New),
            PayloadPass.AfterOutage => waiting.Where(payload => payload.State == PayloadState.Retry && payload.Outage),
            PayloadPass.Retries => waiting.Where(payload => payload.State == PayloadState.Retry),
            _ => throw new ArgumentOutOfRangeException(nameof(pass), pass, null),
        };
    }

    private static async Task<(string AccountId, string? Held)> MaySendAsync(AppDbContext db, int storeId, CancellationToken cancellationToken)
    {
        var accountId = await db.KlaviyoConnections.Where(row => row.StoreId == storeId).Select(row => row.AccountId).SingleOrDefaultAsync(cancellationToken);
        if (accountId is null)
            return ("", "The store is not connected to Klaviyo.");
        var isEnabled = await db.SwitchStates.AnyAsync(row => row.StoreId == storeId && row.Switch == Switch.IsEnabled && row.IsOn, cancellationToken);
        return (accountId, isEnabled ? null : "Is Enabled is No: what waits is held.");
    }

    private async Task<DateTimeOffset> NextRetryAsync(AppDbContext db, int storeId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var last = await db.ScheduleStates
            .Where(row => row.StoreId == storeId && row.Kind == SyncKind.Retries)
            .Select(row => (DateTimeOffset?)row.LastCountedUtc)
            .SingleOrDefaultAsync(cancellationToken);
        var next = schedules.NextAfter(SyncKind.Retries, last ?? now);
        return next > now ? next : now;
    }

    private static void Settle(Payload row, PayloadAttempt attempt, DateTimeOffset nextTryUtc)
    {
        row.State = attempt.Fate.State;
        row.IsRetry |= attempt.Fate.State != PayloadState.Sent;
        row.Outage = attempt.Fate.Outage;
        row.InDoubt = attempt.Fate.InDoubt;
        row.Attempts++;
        row.RunId = null;
        row.HttpStatus = attempt.Answer.Status;
        row.Error = attempt.Fate.Result == RecordResult.Sent ? null : attempt.Answer.Detail;
        row.SentUtc = attempt.Fate.Result == RecordResult.Sent ? attempt.AtUtc : null;
        row.NextTryUtc = attempt.Fate.State == PayloadState.Retry ? nextTryUtc : null;
    }

    private static void Release(Payload row)
    {
        row.State = row.IsRetry ? PayloadState.Retry : PayloadState.New;
        row.RunId = null;
    }

    private static RunRecord Record(Run run, PayloadAttempt attempt) => new()
    {
        RunId = run.Id,
        StoreId = run.StoreId,
        PayloadId = attempt.Payload.Id,
        Record = $"{attempt.Payload.Metric} · {attempt.Payload.Email}",
        Operation = "Send event",
        Result = attempt.Fate.Result,
        HttpStatus = attempt.Answer.Status,
        Error = attempt.Fate.Result == RecordResult.Sent ? null : attempt.Answer.Detail,
        Answer = attempt.Answer.Body,
        ErrorCode = ErrorAdvice.CodeOf(attempt.Answer),
        AtUtc = attempt.AtUtc,
    };
}
