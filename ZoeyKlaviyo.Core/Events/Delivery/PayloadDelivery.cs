using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;

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
public sealed class PayloadDelivery(KlaviyoClient klaviyo, KlaviyoCalls calls, PayloadBatches batches, TimeProvider time)
{
    private const int BatchSize = 100;
    private const int Parallel = 8;

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
            var attempts = await SendAsync(context.StoreId, batch, progress, stop);
            await batches.SettleAsync(context, batch, attempts, CancellationToken.None);
            foreach (var attempt in attempts)
            {
                progress.Sent += attempt.Fate.Result == RecordResult.Sent ? 1 : 0;
                progress.NotSent += attempt.Fate.Result == RecordResult.Sent ? 0 : 1;
            }
        }
    }

    private async Task<List<PayloadAttempt>> SendAsync(int storeId, PayloadBatch batch, DeliveryProgress progress, CancellationToken stop)
    {
        var attempts = new List<PayloadAttempt>(batch.Payloads.Count);
        await System.Threading.Tasks.Parallel.ForEachAsync(
            batch.Payloads,
            new ParallelOptions { MaxDegreeOfParallelism = Parallel },
            async (payload, _) =>
            {
                // What is not begun when a person or an outage ends the run stays as it was.
                if (stop.IsCancellationRequested || progress.Stop is not null)
                    return;
                var attempt = await SendAsync(storeId, payload, batch.IdPrefix);
                lock (attempts)
                {
                    attempts.Add(attempt);
                    if (attempt.Fate.Stop is { } reason)
                        progress.Stop ??= (reason, attempt.Answer);
                }
            });
        return attempts;
    }

    private async Task<PayloadAttempt> SendAsync(int storeId, Payload payload, string idPrefix)
    {
        var sentUtc = time.GetUtcNow();
        var source = PayloadMapper.Map(payload, idPrefix, sentUtc);
        var answer = await calls.SendAsync(storeId, (credential, token) => klaviyo.CreateEventAsync(credential, source, token), CancellationToken.None);
        var isUp = answer.Verdict == Verdict.NoVerdict && await IsKlaviyoUpAsync(storeId);
        return new PayloadAttempt(payload, answer, AnswerRules.Of(payload, answer, isUp), sentUtc);
    }

    /// <summary>Does another endpoint answer, or is it an outage? Asked anew each time: the answer may change within a batch.</summary>
    private async Task<bool> IsKlaviyoUpAsync(int storeId)
    {
        var answer = await calls.SendAsync(storeId, klaviyo.GetMetricsAsync, CancellationToken.None);
        return answer.Verdict == Verdict.Accepted;
    }
}
