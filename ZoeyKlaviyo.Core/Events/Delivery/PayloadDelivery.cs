using Microsoft.Extensions.Logging;
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

/// <summary>
/// Empties the outbox of events, a few batches at a time. Each batch is marked Sending before anything leaves and settled after the
/// answers, so that a process that dies in between leaves no doubt about what is in doubt.
/// </summary>
internal sealed class PayloadDelivery(
    KlaviyoClient klaviyo, KlaviyoCalls calls, PayloadSettlement settlement, TimeProvider time, ILogger<PayloadDelivery> logger) : IPayloadDelivery
{
    /// <summary>While one batch waits for its answer, others are read and settled. When one of them fails, the others begin nothing new.</summary>
    private const int Parallelism = 4;

    public async Task SendAsync(RunContext context, PayloadPass pass, DeliveryProgress progress, CancellationToken stop) =>
        await Parallel.ForEachAsync(
            ClaimAsync(context, pass, progress),
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = stop },
            async (batch, token) =>
            {
                var delivery = new BatchDelivery(klaviyo, calls, time, logger, context.StoreId, progress, token);
                var (attempts, failure) = await delivery.SendAsync(batch);
                await settlement.SettleAsync(context, batch, attempts, CancellationToken.None);
                progress.Add(attempts);
                failure?.Throw();
            });

    private static async IAsyncEnumerable<PayloadBatch> ClaimAsync(RunContext context, PayloadPass pass, DeliveryProgress progress)
    {
        long lastId = 0;
        while (!progress.IsEnded)
        {
            var batch = await PayloadClaims.ClaimAsync(context, pass, lastId, CancellationToken.None);
            if (batch.Held is { } held)
                progress.HoldFor(held);
            if (batch.LastId is not { } id)
                yield break;
            lastId = id;
            yield return batch;
        }
    }
}
