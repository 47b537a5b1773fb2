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
