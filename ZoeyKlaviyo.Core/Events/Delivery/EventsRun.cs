using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Events.Delivery;

/// <summary>Sends new payloads, and what an outage left behind once Klaviyo answers again.</summary>
public sealed class EventsRun(PayloadDelivery delivery) : ISyncRun
{
    public SyncKind Kind => SyncKind.Events;

    public async Task<RunOutcome> ExecuteAsync(RunContext context, CancellationToken stop)
    {
        var progress = new DeliveryProgress();
        await delivery.SendAsync(context, PayloadPass.New, progress, stop);
        // Klaviyo answers, or there was nothing to find it out with: then what waits finds out itself, and stops at the first failure.
        if (progress is { Stop: null, Held: null } && (progress.Sent > 0 || progress.Total == 0))
            await delivery.SendAsync(context, PayloadPass.AfterOutage, progress, stop);
        return RunSentences.Outcome(progress, "No new events.");
    }

    public Task AbandonAsync(AppDbContext db, Run run, CancellationToken cancellationToken) =>
        PayloadBatches.AbandonAsync(db, run.Id, run.StoreId, cancellationToken);
}

/// <summary>The retry cycle: what fails here is marked as failed and waits for a person.</summary>
public sealed class RetriesRun(PayloadDelivery delivery) : ISyncRun
{
    public SyncKind Kind => SyncKind.Retries;

    public async Task<RunOutcome> ExecuteAsync(RunContext context, CancellationToken stop)
    {
        var progress = new DeliveryProgress();
        await delivery.SendAsync(context, PayloadPass.Retries, progress, stop);
        return RunSentences.Outcome(progress, "Nothing to retry.");
    }

    public Task AbandonAsync(AppDbContext db, Run run, CancellationToken cancellationToken) =>
        PayloadBatches.AbandonAsync(db, run.Id, run.StoreId, cancellationToken);
}
