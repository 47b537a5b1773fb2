using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ZoeyKlaviyo.Core.Scheduling;

public enum RunStatus
{
    Queued,
    Running,
    Succeeded,
    Partial,
    Failed,
    Cancelled,
    Interrupted,
    Skipped,
}

/// <summary>What a long run is at; several may overlap, and this is what it would wait for if it had to.</summary>
public enum RunPhase
{
    Reading,
    Comparing,
    Sending,
    WaitingForKlaviyo,
}

public enum RunTrigger
{
    Schedule,
    Manual,

    /// <summary>Once for the times missed while the process was down, or again after an interruption.</summary>
    CatchUp,
}

/// <summary>One execution of a sync. The clock and the button both only queue one; the dispatcher runs it.</summary>
public sealed class Run
{
    public long Id { get; set; }

    public int StoreId { get; set; }

    public SyncKind Kind { get; set; }

    public Lane Lane { get; set; }

    public RunTrigger Trigger { get; set; }

    /// <summary>The person who pressed Sync now.</summary>
    public string? RequestedBy { get; set; }

    public RunStatus Status { get; set; }

    public DateTimeOffset QueuedUtc { get; set; }

    public DateTimeOffset? StartedUtc { get; set; }

    public DateTimeOffset? FinishedUtc { get; set; }

    /// <summary>The result in a sentence.</summary>
    public string? Message { get; set; }

    public RunCounts Counts { get; set; } = new();

    /// <summary>The lane's number when the run was claimed; a write with an older one is refused.</summary>
    public long Fence { get; set; }

    public string? CancelRequestedBy { get; set; }

    public int ProgressDone { get; set; }

    /// <summary>Null while it is not known.</summary>
    public int? ProgressTotal { get; set; }

    /// <summary>Null for runs that tell no more than a count.</summary>
    public RunPhase? Phase { get; set; }

    /// <summary>The counts of the phases, in words.</summary>
    public string? ProgressNote { get; set; }

    /// <summary>Records a second over the last minute; null until there has been one.</summary>
    public double? ProgressRate { get; set; }

    /// <summary>Since when the oldest job at Klaviyo has been under way, while nothing else is left to do.</summary>
    public DateTimeOffset? WaitingSinceUtc { get; set; }

    /// <summary>It found nothing to do; following runs of the kind that find nothing either stretch this row instead of adding one.</summary>
    public bool IsIdle { get; set; }

    /// <summary>How many runs share this idle row.</summary>
    public int IdleChecks { get; set; }

    public bool IsActive => Status is RunStatus.Queued or RunStatus.Running;
}

public sealed class RunCounts
{
    public int Sent { get; set; }

    public int Created { get; set; }

    public int Updated { get; set; }

    public int Deleted { get; set; }

    public int Unchanged { get; set; }

    public int Skipped { get; set; }

    public int Failed { get; set; }
}

internal sealed class RunConfiguration : IEntityTypeConfiguration<Run>
{
    public void Configure(EntityTypeBuilder<Run> builder)
    {
        builder.ComplexProperty(run => run.Counts);
        // A run is claimed, cancelled and ended by different hands: none overwrites what another has just made of it.
        builder.Property(run => run.Status).IsConcurrencyToken();
        builder.Property(run => run.RequestedBy).HasMaxLength(200);
        builder.Property(run => run.CancelRequestedBy).HasMaxLength(200);
        builder.Property(run => run.ProgressNote).HasMaxLength(400);
        builder.HasIndex(run => new { run.StoreId, run.QueuedUtc, run.Id });
        builder.HasIndex(run => new { run.StoreId, run.IsIdle, run.QueuedUtc, run.Id });
        builder.HasIndex(run => new { run.StoreId, run.Kind, run.QueuedUtc, run.Id });
        builder.HasIndex(run => new { run.StoreId, run.Status, run.QueuedUtc, run.Id });
        builder.HasIndex(run => new { run.Status, run.Lane, run.Id });
        // Two instances that queue an equal run in the same moment: the database lets one through.
        builder.HasIndex(run => new { run.StoreId, run.Kind }).IsUnique().HasFilter("\"Status\" IN ('Queued', 'Running')").HasDatabaseName("IX_Runs_OneActive");
        builder.Ignore(run => run.IsActive);
    }
}
