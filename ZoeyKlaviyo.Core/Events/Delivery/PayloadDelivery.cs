using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Events.Delivery;

/// <summary>Which payloads a pass sends.</summary>
internal enum PayloadPass
{
    /// <summary>First cycle.</summary>
    New,

    /// <summary>Those that waited out an outage, sent again as soon as Klaviyo answers.</summary>
    AfterOutage,

    /// <summary>The retry cycle.</summary>
    Retries,
}

/// <summary>What the passes of a run came to.</summary>
internal sealed class DeliveryProgress
{
    public int Sent { get; set; }

    /// <summary>Refused, or without an answer.</summary>
    public int NotSent { get; set; }

    public (StopReason Reason, KlaviyoAnswer Answer)? Stop { get; set; }

    /// <summary>The store was disabled or disconnected while the run was under way.</summary>
    public string? Held { get; set; }

    public int Total => Sent + NotSent;
}

/// <summary>
/// Sends payloads through the single-event endpoint, several at a time. Each batch is marked Sending before anything leaves
/// and settled after the answers, so that a process that dies in between leaves no doubt about what is in doubt.
/// </summary>
public sealed partial class PayloadDelivery(
    KlaviyoClient klaviyo, KlaviyoCalls calls, PayloadBatches batches, TimeProvider time, ILogger<PayloadDelivery> logger)
{
    private const int BatchSize = 100;
    private const int Parallelism = 8;

    internal async Task SendAsync(RunContext context, PayloadPass pass, DeliveryProgress progress, CancellationToken stop)
    {
        long afterId = 0;
        while (progress.Stop is null && progress.Held is null)
        {
            stop.ThrowIfCancellationRequested();
            var batch = await PayloadBatches.ClaimAsync(context, pass, afterId, BatchSize, CancellationToken.None);
            progress.Held = batch.Held;
            if (batch.Payloads.Count == 0)
                return;
            afterId = batch.Payloads[^1].Id;
            var (attempts, failure) = await SendAsync(context.StoreId, batch, progress, stop);
            await batches.SettleAsync(context, batch, attempts, CancellationToken.None);
            progress.Sent += attempts.Count(attempt => attempt.Fate.Result == RecordResult.Sent);
            progress.NotSent += attempts.Count(attempt => attempt.Fate.Result != RecordResult.Sent);
            failure?.Throw();
        }
    }

    /// <returns>What was attempted, and what broke the batch off: the database, as everything else ends in an attempt.</returns>
    private async Task<(List<PayloadAttempt> Attempts, ExceptionDispatchInfo? Failure)> SendAsync(
        int storeId, PayloadBatch batch, DeliveryProgress progress, CancellationToken stop)
    {
        var attempts = new List<PayloadAttempt>(batch.Payloads.Count);
        ExceptionDispatchInfo? failure = null;
        await Parallel.ForEachAsync(
            batch.Payloads,
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism },
            async (payload, _) =>
            {
                // What is not begun when a person or an outage ends the run stays as it was.
                if (stop.IsCancellationRequested || progress.Stop is not null || failure is not null)
                    return;
                try
                {
                    var attempt = await SendAsync(storeId, payload, batch);
                    lock (attempts)
                        Note(attempt, attempts, progress);
                }
                catch (Exception exception) when (exception.IsDatabaseFailure())
                {
                    failure = ExceptionDispatchInfo.Capture(exception);
                }
            });
        return (attempts, failure);
    }

    private static void Note(PayloadAttempt attempt, List<PayloadAttempt> attempts, DeliveryProgress progress)
    {
        if (!attempt.Answer.IsSent)
        {
            progress.Stop ??= (AnswerRules.WhyNotSent(attempt.Answer), attempt.Answer);
            return;
        }

        attempts.Add(attempt);
        if (attempt.Fate.Stop is { } reason)
            progress.Stop ??= (reason, attempt.Answer);
    }

    private async Task<PayloadAttempt> SendAsync(int storeId, Payload payload, PayloadBatch batch)
    {
        var sentUtc = time.GetUtcNow();
        try
        {
            var source = PayloadMapper.Map(payload, batch.IdPrefix, sentUtc);
            var answer = await calls.SendAsync(
                storeId, payload.AccountId, (credential, token) => klaviyo.CreateEventAsync(credential, source, token), CancellationToken.None);
            var isUp = answer is { IsSent: true, Verdict: Verdict.NoVerdict } && await IsKlaviyoUpAsync(storeId, payload.AccountId);
            return new PayloadAttempt(payload, answer, AnswerRules.Of(payload, answer, isUp), sentUtc);
        }
#pragma warning disable CA1031 // one payload that breaks something must not hold up all others
        catch (Exception exception) when (!exception.IsDatabaseFailure())
#pragma warning restore CA1031
        {
            Log.AttemptBroke(logger, exception, payload.Id);
            var broken = new KlaviyoAnswer(Verdict.Refused, null, "This event could not be prepared or sent; the server's log has the details.", [], MayHaveArrived: true);
            return new PayloadAttempt(payload, broken, AnswerRules.Of(payload, broken, isKlaviyoUp: true), sentUtc);
        }
    }

    /// <summary>Does another endpoint answer, or is it an outage? Asked anew each time: the answer may change within a batch.</summary>
    private async Task<bool> IsKlaviyoUpAsync(int storeId, string accountId)
    {
        var answer = await calls.SendAsync(storeId, accountId, klaviyo.GetMetricsAsync, CancellationToken.None);
        return answer.IsSent && answer.Verdict != Verdict.NoVerdict;
    }

    private static partial class Log
    {
        [LoggerMessage(510, LogLevel.Error, "Payload {PayloadId} could not be prepared or sent; it counts as refused")]
        public static partial void AttemptBroke(ILogger logger, Exception exception, long payloadId);
    }
}
