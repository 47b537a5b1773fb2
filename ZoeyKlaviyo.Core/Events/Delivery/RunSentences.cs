using System.Globalization;
using ZoeyKlaviyo.Core.Scheduling;

namespace ZoeyKlaviyo.Core.Events.Delivery;

/// <summary>How a delivery run ended, in a status and a sentence.</summary>
internal static class RunSentences
{
    public static RunOutcome Outcome(DeliveryProgress progress, string nothing)
    {
        var outcome = OfDelivery(progress, nothing);
        if (progress.Missed is not { } missed)
            return outcome;
        return outcome with
        {
            Status = outcome.Status == RunStatus.Succeeded ? RunStatus.Partial : outcome.Status,
            Message = $"{missed} {outcome.Message}",
            IsIdle = false,
        };
    }

    private static RunOutcome OfDelivery(DeliveryProgress progress, string nothing)
    {
        var done = string.Create(
            CultureInfo.InvariantCulture,
            $"{progress.Sent:#,0} sent{(progress.NotSent > 0 ? $", {progress.NotSent:#,0} not sent" : "")}{(progress.Skipped > 0 ? $", {progress.Skipped:#,0} skipped" : "")}");
        if (progress.Stop is { } stop)
        {
            var sentence = AnswerRules.Sentence(stop.Reason, stop.Answer);
            return new RunOutcome(progress.Sent > 0 ? RunStatus.Partial : RunStatus.Failed, $"{sentence} {done}.", IsStopped: true);
        }

        if (progress.Held is { } held)
            return progress.Total + progress.Skipped == 0
                ? new RunOutcome(RunStatus.Skipped, held, IsStopped: true)
                : new RunOutcome(RunStatus.Partial, $"{held} {done}.", IsStopped: true);
        if (progress.Total + progress.Skipped == 0)
            return new RunOutcome(RunStatus.Succeeded, nothing, IsIdle: true);
        return new RunOutcome(
            progress.NotSent == 0 ? RunStatus.Succeeded : progress.Sent > 0 ? RunStatus.Partial : RunStatus.Failed,
            done + ".");
    }
}
