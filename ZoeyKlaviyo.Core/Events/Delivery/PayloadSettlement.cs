using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Events.Delivery;

internal sealed record PayloadAttempt(Payload Payload, KlaviyoAnswer Answer, Fate Fate, DateTimeOffset AtUtc);

/// <summary>Puts the payloads of a batch back with what became of them, and writes the run's records and counts.</summary>
public sealed class PayloadSettlement(SyncSchedules schedules, TimeProvider time)
{
    internal Task SettleAsync(RunContext context, PayloadBatch batch, IReadOnlyList<PayloadAttempt> attempts, CancellationToken cancellationToken) =>
        context.WriteAsync(
            async (db, run) =>
            {
                var sent = attempts.Where(attempt => attempt.Fate.Result == RecordResult.Sent).ToList();
                foreach (var alike in sent.GroupBy(attempt => (attempt.AtUtc, Status: attempt.Answer.Status ?? 0)))
                    await SentPayloads.SettleAsync(db, run, SentPayloads.Operation, alike.Key.AtUtc, alike.Key.Status, alike.Select(attempt => attempt.Payload.Id), cancellationToken);
                if (sent.Count < batch.Payloads.Count)
                    await SettleOthersAsync(db, context, batch, attempts, cancellationToken);
                db.RunRecords.AddRange(attempts.Where(attempt => attempt.Fate.Result != RecordResult.Sent).Select(attempt => Record(run, attempt)));
                run.Counts.Sent += sent.Count;
                run.Counts.Failed += attempts.Count - sent.Count;
                run.ProgressDone += attempts.Count;
                return true;
            },
            cancellationToken);

    /// <summary>What did not go through, and what was not begun.</summary>
    private async Task SettleOthersAsync(
        AppDbContext db, RunContext context, PayloadBatch batch, IReadOnlyList<PayloadAttempt> attempts, CancellationToken cancellationToken)
    {
        var claimed = batch.Payloads.ToDictionary(payload => payload.Id);
        var (first, last) = (batch.Payloads[0].Id, batch.Payloads[^1].Id);
        var rows = await PayloadClaims.Sending(db, context).AsTracking()
            .Where(payload => payload.Id >= first && payload.Id <= last)
            .ToDictionaryAsync(payload => payload.Id, cancellationToken);
        var nextTry = await NextRetryAsync(db, context.StoreId, cancellationToken);
        foreach (var attempt in attempts.Where(attempt => attempt.Fate.Result != RecordResult.Sent))
            Settle(rows[attempt.Payload.Id], attempt, nextTry);
        foreach (var row in rows.Values.Where(row => row.State == PayloadState.Sending))
            Release(row, claimed[row.Id].InDoubt);
    }

    internal async Task<DateTimeOffset> NextRetryAsync(AppDbContext db, int storeId, CancellationToken cancellationToken)
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
        row.IsRetry = true;
        row.Outage = attempt.Fate.Outage;
        row.InDoubt = attempt.Fate.InDoubt;
        row.Attempts++;
        row.RunId = null;
        row.HttpStatus = attempt.Answer.Status;
        row.Error = attempt.Answer.Detail;
        row.NextTryUtc = attempt.Fate.State == PayloadState.Retry ? nextTryUtc : null;
    }

    private static void Release(Payload row, bool isInDoubt)
    {
        row.State = row.IsRetry ? PayloadState.Retry : PayloadState.New;
        row.InDoubt |= isInDoubt;
        row.RunId = null;
    }

    private static RunRecord Record(Run run, PayloadAttempt attempt) => new()
    {
        RunId = run.Id,
        StoreId = run.StoreId,
        PayloadId = attempt.Payload.Id,
        Record = SentPayloads.NameOf(attempt.Payload),
        Operation = SentPayloads.Operation,
        Result = attempt.Fate.Result,
        HttpStatus = attempt.Answer.Status,
        Error = attempt.Answer.Detail,
        Answer = attempt.Answer.Body,
        ErrorCode = ErrorAdvice.CodeOf(attempt.Answer, isFinal: attempt.Fate.Result == RecordResult.Failed),
        AtUtc = attempt.AtUtc,
    };
}
