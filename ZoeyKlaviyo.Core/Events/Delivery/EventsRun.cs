using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Events.Delivery;

/// <summary>Brings in what is new, then sends new payloads, and what an outage left behind once Klaviyo answers again.</summary>
internal sealed partial class EventsRun(
    IEnumerable<IPayloadSource> sources, IEnumerable<IPayloadDelivery> deliveries, ILogger<EventsRun> logger) : PayloadRun
{
    public override SyncKind Kind => SyncKind.Events;

    public override async Task<RunOutcome> ExecuteAsync(RunContext context, CancellationToken stop)
    {
        var progress = new DeliveryProgress();
        foreach (var source in sources)
            await BringInAsync(source, context, progress, stop);
        progress.Skipped = await context.ReadAsync(
            db => db.Runs.Where(run => run.Id == context.RunId).Select(run => run.Counts.Skipped).SingleAsync(stop), stop);
        await SendAsync(context, PayloadPass.New, progress, stop);
        // Klaviyo answers, or there was nothing to find it out with: then what waits finds out itself, and stops at the first failure.
        if (!progress.IsEnded && (progress.Sent > 0 || progress.Total == 0))
            await SendAsync(context, PayloadPass.AfterOutage, progress, stop);
        return RunSentences.Outcome(progress, "No new events.");
    }

    private async Task SendAsync(RunContext context, PayloadPass pass, DeliveryProgress progress, CancellationToken stop)
    {
        foreach (var delivery in deliveries)
            await delivery.SendAsync(context, pass, progress, stop);
    }

    /// <summary>What one source can't read keeps nothing back of what the others have brought.</summary>
    private async Task BringInAsync(IPayloadSource source, RunContext context, DeliveryProgress progress, CancellationToken stop)
    {
        try
        {
            await source.BringInAsync(context, stop);
        }
        catch (ZoeyException exception)
        {
            progress.MissFor($"{source.Name} could not be read: {exception.Message}");
        }
#pragma warning disable CA1031 // whatever a source throws, what waits is sent
        catch (Exception exception) when (exception is not LeaseLostException && !(exception is OperationCanceledException && stop.IsCancellationRequested))
#pragma warning restore CA1031
        {
            Log.SourceBroke(logger, exception, source.Name, context.RunId);
            progress.MissFor($"{source.Name} could not be read: an unexpected error; the server's log has the details.");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(520, LogLevel.Error, "{Source} could not be brought in by run {RunId}")]
        public static partial void SourceBroke(ILogger logger, Exception exception, string source, long runId);
    }
}
