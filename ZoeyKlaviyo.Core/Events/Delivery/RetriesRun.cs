using ZoeyKlaviyo.Core.Scheduling;

namespace ZoeyKlaviyo.Core.Events.Delivery;

/// <summary>The retry cycle: what fails here is marked as failed and waits for a person.</summary>
internal sealed class RetriesRun(IEnumerable<IPayloadDelivery> deliveries) : PayloadRun
{
    public override SyncKind Kind => SyncKind.Retries;

    public override async Task<RunOutcome> ExecuteAsync(RunContext context, CancellationToken stop)
    {
        var progress = new DeliveryProgress();
        foreach (var delivery in deliveries)
            await delivery.SendAsync(context, PayloadPass.Retries, progress, stop);
        return RunSentences.Outcome(progress, "Nothing to retry.");
    }
}
