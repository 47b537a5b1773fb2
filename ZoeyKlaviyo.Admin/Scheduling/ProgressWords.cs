using System.Globalization;
using ZoeyKlaviyo.Admin.Audit;
using ZoeyKlaviyo.Admin.Shared;
using ZoeyKlaviyo.Core.Scheduling;

namespace ZoeyKlaviyo.Admin.Scheduling;

/// <summary>What a run that has not ended is at.</summary>
internal static class ProgressWords
{
    /// <summary>Such as <c>Sending to Klaviyo: 41,200 of 100,000 · 1,150/s · about 50 s left</c>.</summary>
    /// <param name="behind">What a queued run waits for, where that is known.</param>
    public static string Sentence(Run run, SyncKind? behind = null) => run switch
    {
        { CancelRequestedBy: not null } => "Cancelling…",
        { Status: RunStatus.Queued } => behind is { } other && other != run.Kind ? $"Waiting for its turn: {RunWords.Name(other)} is under way" : "Waiting for its turn",
        { Phase: { } phase } => Phase(phase) + (Count(run) is { } count ? $": {count}{Speed(run)}" : ""),
        _ => Count(run) ?? "Starting",
    };

    private static string Phase(RunPhase phase) => phase switch
    {
        RunPhase.Reading => "Reading the store",
        RunPhase.Comparing => "Comparing",
        RunPhase.Sending => "Sending to Klaviyo",
        _ => "Waiting for Klaviyo",
    };

    private static string? Count(Run run) => run switch
    {
        { ProgressTotal: > 0 and var total } => $"{Words.Number(Math.Min(run.ProgressDone, total))} of {Words.Number(total)}",
        { ProgressDone: > 0 } => $"{Words.Number(run.ProgressDone)} so far",
        _ => null,
    };

    /// <summary>Empty until there has been a minute of it.</summary>
    private static string Speed(Run run)
    {
        if (run.ProgressRate is not { } rate || run.Phase == RunPhase.WaitingForKlaviyo)
            return "";
        var left = run.ProgressTotal - run.ProgressDone;
        return $" · {Rate(rate)}" + (rate > 0 && left > 0 ? $" · about {RelativeTime.Duration(TimeSpan.FromSeconds(left.Value / rate))} left" : "");
    }

    private static string Rate(double rate) => rate switch
    {
        0 => "none in the last minute",
        >= 10 => string.Create(CultureInfo.InvariantCulture, $"{rate:#,0}/s"),
        >= 1 => string.Create(CultureInfo.InvariantCulture, $"{rate:0.#}/s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, rate * 60):#,0} a minute"),
    };
}
