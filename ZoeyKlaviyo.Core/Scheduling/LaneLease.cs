using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ZoeyKlaviyo.Core.Scheduling;

/// <summary>
/// Who runs a store's lane, and until when. The fence grows with every claim: a process that slept past its lease carries an
/// old number and can write nothing.
/// </summary>
public sealed class LaneLease
{
    public int StoreId { get; set; }

    public Lane Lane { get; set; }

    public string? Owner { get; set; }

    public DateTimeOffset? UntilUtc { get; set; }

    public long Fence { get; set; }
}

/// <summary>What the due rules need to know of a store's kind, across restarts.</summary>
public sealed class ScheduleState
{
    public int StoreId { get; set; }

    public SyncKind Kind { get; set; }

    /// <summary>When the last run that counts was queued (for retries: ended); the next due time follows from it.</summary>
    public DateTimeOffset LastCountedUtc { get; set; }

    /// <summary>Not due before this, whatever the schedule says: a stopped cycle is not repeated every minute.</summary>
    public DateTimeOffset? NotBeforeUtc { get; set; }
}

internal sealed class LaneLeaseConfiguration : IEntityTypeConfiguration<LaneLease>
{
    public void Configure(EntityTypeBuilder<LaneLease> builder)
    {
        builder.HasKey(lease => new { lease.StoreId, lease.Lane });
        builder.Property(lease => lease.Owner).HasMaxLength(100);
    }
}

internal sealed class ScheduleStateConfiguration : IEntityTypeConfiguration<ScheduleState>
{
    public void Configure(EntityTypeBuilder<ScheduleState> builder) => builder.HasKey(state => new { state.StoreId, state.Kind });
}
