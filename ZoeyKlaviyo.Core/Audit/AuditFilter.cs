using ZoeyKlaviyo.Core.Scheduling;

namespace ZoeyKlaviyo.Core.Audit;

/// <summary>What the Audit Log shows; a null member does not filter.</summary>
/// <param name="FromUtc">Inclusive.</param>
/// <param name="ToUtc">Exclusive.</param>
/// <param name="ShowIdle">Also runs that found nothing to do.</param>
public sealed record AuditFilter(
    SyncKind? Kind = null,
    RunStatus? Status = null,
    RunTrigger? Trigger = null,
    DateTimeOffset? FromUtc = null,
    DateTimeOffset? ToUtc = null,
    bool ShowIdle = false)
{
    /// <summary>Settings changes have no kind, status or trigger.</summary>
    internal bool ShowsChanges => Kind is null && Status is null && Trigger is null;

    internal IQueryable<Run> Apply(IQueryable<Run> runs)
    {
        if (!ShowIdle)
            runs = runs.Where(run => !run.IsIdle);
        if (Kind is { } kind)
            runs = runs.Where(run => run.Kind == kind);
        if (Status is { } status)
            runs = runs.Where(run => run.Status == status);
        if (Trigger is { } trigger)
            runs = runs.Where(run => run.Trigger == trigger);
        if (FromUtc is { } from)
            runs = runs.Where(run => run.QueuedUtc >= from);
        return ToUtc is { } to ? runs.Where(run => run.QueuedUtc < to) : runs;
    }
}
