using ZoeyKlaviyo.Admin.Scheduling;
using ZoeyKlaviyo.Admin.Shared;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Settings;

namespace ZoeyKlaviyo.Admin.Audit;

/// <summary>Runs and settings changes in words.</summary>
internal static class RunWords
{
    public static string Name(SyncKind kind) => kind switch
    {
        SyncKind.SubscriberImport => "Subscriber import",
        SyncKind.OptOutReport => "Opt-out file",
        SyncKind.KlaviyoExport => "Klaviyo export",
        SyncKind.CatalogRecord => "Catalog record",
        _ => kind.ToString(),
    };

    public static string Title(SyncKind kind) => SyncKinds.Scheduled.Contains(kind) ? $"{kind} sync" : Name(kind);

    public static Tone ToneOf(Run run) => run.Status switch
    {
        RunStatus.Queued or RunStatus.Running => Tone.Busy,
        RunStatus.Succeeded when run.IsIdle => Tone.Neutral,
        RunStatus.Succeeded => Tone.Good,
        RunStatus.Partial or RunStatus.Interrupted => Tone.Warning,
        RunStatus.Failed => Tone.Bad,
        _ => Tone.Neutral,
    };

    public static string State(Run run) => run is { IsIdle: true, IsActive: false } ? "Idle" : run.Status.ToString();

    public static string Name(RunTrigger trigger) => trigger == RunTrigger.CatchUp ? "Catch-up" : trigger.ToString();

    public static string Trigger(Run run) => run.RequestedBy is { } who ? $"{Name(run.Trigger)}, by {who}" : Name(run.Trigger);

    /// <summary>What came of it, or what it does, in one sentence.</summary>
    public static string Result(Run run) => run switch
    {
        { IsIdle: true, IsActive: false } => $"Idle since {run.QueuedUtc.UtcDateTime:HH:mm} UTC, {Words.Count(run.IdleChecks, "check")}",
        { Message: { Length: > 0 } message } => message,
        { Status: RunStatus.Queued } => "Waiting for its turn.",
        { Status: RunStatus.Running, ProgressTotal: > 0 } or { Status: RunStatus.Running, Phase: not null } => ProgressWords.Sentence(run),
        { Status: RunStatus.Running } => "Under way.",
        _ => $"{run.Status}.",
    };

    /// <summary>Empty until it has begun.</summary>
    public static string Took(Run run, DateTimeOffset now) =>
        run is { StartedUtc: { } started, IsIdle: false } ? RelativeTime.Duration((run.FinishedUtc ?? now) - started) : "";

    public static string Sentence(SettingChange change) => change switch
    {
        { Subject: "Klaviyo connection", To: "Not connected" } => $"{change.Who} disconnected Klaviyo: {change.From}",
        { Subject: "Klaviyo connection", From: "Not connected" } => $"{change.Who} connected Klaviyo: {change.To}",
        { Subject: "Klaviyo connection" } when change.From == change.To => $"{change.Who} connected Klaviyo again: {change.To}",
        { Subject: "Klaviyo connection" } => $"{change.Who} switched Klaviyo from {change.From} to {change.To}",
        { Subject: "Products of variants, from a file" } => $"{change.Who} uploaded a product export: it names the product of {change.To} (before: {change.From})",
        { To: "confirmed" } when change.Subject.StartsWith("Deletions of ", StringComparison.Ordinal) => $"{change.Who} confirmed {Held(change)}",
        _ when change.Subject.StartsWith("Deletions of ", StringComparison.Ordinal) => $"{change.Who} declined {Held(change)}: they are kept",
        _ => $"{change.Who} set {change.Subject} from {change.From} to {change.To}",
    };

    /// <summary>Such as <c>13 deletions of products in Klaviyo</c>.</summary>
    private static string Held(SettingChange change) => $"{change.From.Split(' ')[0]} {char.ToLowerInvariant(change.Subject[0])}{change.Subject[1..]} in Klaviyo";
}
