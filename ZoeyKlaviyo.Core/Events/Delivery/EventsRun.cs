using ZoeyKlaviyo.Core.Scheduling;

namespace ZoeyKlaviyo.Core.Events.Delivery;

/// <summary>Sends new payloads, and what an outage left behind once Klaviyo answers again.</summary>
public sealed class EventsRun(PayloadDelivery delivery) : PayloadRun
{
    public override SyncKind Kind => SyncKind.Events;

    public override async Task<RunOutcome> ExecuteAsync(RunContext context, CancellationToken stop)
    {
        var progress = new DeliveryProgress();
        await delivery.SendAsync(context, PayloadPass.New, progress, stop);
        // Klaviyo answers, or there was nothing to find it out with: then what waits finds out itself, and stops at the first failure.
        if (!progress.IsEnded && (progress.Sent > 0 || progress.Total == 0))
            await delivery.SendAsync(context, PayloadPass.AfterOutage, progress, stop);
        return RunSentences.Outcome(progress, "No new events.");
    }
}
