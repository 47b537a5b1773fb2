using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Events.Delivery;

/// <summary>
/// Sends one claimed batch: through the bulk endpoint what Klaviyo can't have yet, singly what is in doubt and what bulk calls
/// did not settle. A bulk call is all or nothing, so what it refuses is taken out and the rest sent again, twice.
/// </summary>
internal sealed partial class BatchDelivery(
    KlaviyoClient klaviyo, KlaviyoCalls calls, TimeProvider time, ILogger logger, int storeId, DeliveryProgress progress, CancellationToken stop)
{
    private const int MaxRefusedPasses = 2;

    /// <summary>With four batches at a time, enough for Klaviyo's 350 single events a second at a third of a second each.</summary>
    private const int Parallelism = 32;

    private const string Broken = "This event could not be prepared or sent; the server's log has the details.";

    private readonly List<PayloadAttempt> _attempts = [];
    private ExceptionDispatchInfo? _failure;
    private string _accountId = "";
    private OutageCheck _outage = default!;

    /// <summary>Whether anything new may begin: what is not begun when a person or an outage ends the run stays as it was.</summary>
    private bool MayGoOn => !stop.IsCancellationRequested && !progress.IsEnded && _failure is null;

    /// <returns>What was attempted, and what broke the batch off: the database, as everything else ends in an attempt.</returns>
    public async Task<(IReadOnlyList<PayloadAttempt> Attempts, ExceptionDispatchInfo? Failure)> SendAsync(PayloadBatch batch)
    {
        _accountId = batch.AccountId;
        _outage = new OutageCheck(klaviyo, calls, storeId, _accountId);
        var rows = Prepare(batch);
        var singly = rows.Where(row => row.Payload.InDoubt).ToList();
        try
        {
            singly.AddRange(await SendInBulkAsync(rows.FindAll(row => !row.Payload.InDoubt)));
        }
        catch (Exception exception) when (exception.IsDatabaseFailure())
        {
            _failure = ExceptionDispatchInfo.Capture(exception);
        }

        await Parallel.ForEachAsync(singly, new ParallelOptions { MaxDegreeOfParallelism = Parallelism }, async (row, _) => await SendSinglyAsync(row));
        return (_attempts, _failure);
    }

    private List<PayloadRow> Prepare(PayloadBatch batch)
    {
        var now = time.GetUtcNow();
        var rows = new List<PayloadRow>(batch.Payloads.Count);
        foreach (var payload in batch.Payloads)
        {
            try
            {
                rows.Add(PayloadRow.Prepare(payload, batch.IdPrefix, now));
            }
#pragma warning disable CA1031 // one payload that can't be read must not hold up all others
            catch (Exception exception)
#pragma warning restore CA1031
            {
                Log.AttemptBroke(logger, exception, payload.Id);
                Note(payload, new KlaviyoAnswer(Verdict.Refused, null, Broken, []), isKlaviyoUp: true, now);
            }
        }

        return rows;
    }

    /// <returns>What is left to send singly.</returns>
    private async Task<List<PayloadRow>> SendInBulkAsync(List<PayloadRow> rows)
    {
        var singly = new List<PayloadRow>();
        while (rows.Count > 1)
        {
            var inCall = EventBatch.TakeFrom(rows.ConvertAll(row => row.Bulk)).Positions.ToHashSet();
            singly.AddRange(await SendCallAsync(rows.Where((_, position) => inCall.Contains(position)).ToList()));
            rows = rows.Where((_, position) => !inCall.Contains(position)).ToList();
        }

        return [.. singly, .. rows];
    }

    /// <param name="rows">No more than fit into one call.</param>
    /// <returns>What is left to send singly.</returns>
    private async Task<List<PayloadRow>> SendCallAsync(List<PayloadRow> rows)
    {
        for (var pass = 0; pass < MaxRefusedPasses && rows.Count > 1 && MayGoOn; pass++)
        {
            var call = EventBatch.TakeFrom(rows.ConvertAll(row => row.Bulk));
            var sentUtc = time.GetUtcNow();
            var answer = await BulkAnswerAsync(call);
            foreach (var row in rows)
                row.Payload.InDoubt = answer.MayHaveArrived;
            if (!answer.IsSent)
            {
                progress.StopFor(AnswerRules.WhyNotSent(answer), answer);
                return [];
            }

            if (answer.Verdict == Verdict.Refused)
            {
                if (answer.MayHaveArrived || BulkRefusal.TryRead(call, answer) is not { } refusal)
                    return rows;
                foreach (var (position, own) in refusal)
                    Note(rows[position].Payload, own, isKlaviyoUp: true, sentUtc);
                rows = rows.Where((_, position) => !refusal.ContainsKey(position)).ToList();
                continue;
            }

            if (answer.Verdict == Verdict.NoVerdict && await _outage.IsKlaviyoUpAsync())
                return rows;
            foreach (var row in rows)
                Note(row.Payload, answer, isKlaviyoUp: false, sentUtc);
            return [];
        }

        return rows;
    }

    private async Task<KlaviyoAnswer> BulkAnswerAsync(EventBatch call)
    {
        try
        {
            return await calls.SendAsync(
                storeId, _accountId, (credential, token) => klaviyo.BulkCreateEventsAsync(credential, call, token), CancellationToken.None);
        }
#pragma warning disable CA1031 // whatever broke, each event still has its single call
        catch (Exception exception) when (!exception.IsDatabaseFailure())
#pragma warning restore CA1031
        {
            Log.CallBroke(logger, exception);
            return new KlaviyoAnswer(Verdict.Refused, null, Broken, [], MayHaveArrived: true);
        }
    }

    private async Task SendSinglyAsync(PayloadRow row)
    {
        if (!MayGoOn)
            return;
        var (payload, sentUtc) = (row.Payload, time.GetUtcNow());
        try
        {
            var answer = await calls.SendAsync(
                storeId, _accountId, (credential, token) => klaviyo.CreateEventAsync(credential, row.Event, token), CancellationToken.None);
            // Kept before anything else can fail: what may have arrived never goes out in bulk again.
            payload.InDoubt |= answer.MayHaveArrived;
            if (!answer.IsSent)
                progress.StopFor(AnswerRules.WhyNotSent(answer), answer);
            else
                Note(payload, answer, answer.Verdict == Verdict.NoVerdict && await _outage.IsKlaviyoUpAsync(), sentUtc);
        }
        catch (Exception exception) when (exception.IsDatabaseFailure())
        {
            payload.InDoubt = true;
            _failure = ExceptionDispatchInfo.Capture(exception);
        }
#pragma warning disable CA1031 // one payload that breaks something must not hold up all others
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.AttemptBroke(logger, exception, payload.Id);
            Note(payload, new KlaviyoAnswer(Verdict.Refused, null, Broken, [], MayHaveArrived: true), isKlaviyoUp: true, sentUtc);
        }
    }

    private void Note(Payload payload, KlaviyoAnswer answer, bool isKlaviyoUp, DateTimeOffset sentUtc)
    {
        var fate = AnswerRules.Of(payload, answer, isKlaviyoUp);
        lock (_attempts)
            _attempts.Add(new PayloadAttempt(payload, answer, fate, sentUtc));
        if (fate.Stop is { } reason)
            progress.StopFor(reason, answer);
    }

    private static partial class Log
    {
        [LoggerMessage(510, LogLevel.Error, "Payload {PayloadId} could not be prepared or sent; it counts as refused")]
        public static partial void AttemptBroke(ILogger logger, Exception exception, long payloadId);

        [LoggerMessage(511, LogLevel.Error, "A bulk call broke; its events are sent singly")]
        public static partial void CallBroke(ILogger logger, Exception exception);
    }
}
