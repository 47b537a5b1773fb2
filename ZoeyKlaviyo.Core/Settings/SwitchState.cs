using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ZoeyKlaviyo.Core.Settings;

/// <summary>What a switch is now, and how often it was changed: a save names the version it was made from.</summary>
public sealed class SwitchState
{
    public int StoreId { get; set; }

    public Switch Switch { get; set; }

    public bool IsOn { get; set; }

    public int Version { get; set; }

    public DateTimeOffset ChangedUtc { get; set; }

    public string ChangedBy { get; set; } = "";
}

/// <summary>A span of time in which a switch was Yes, or the store was connected; still open while <see cref="ToUtc"/> is null.</summary>
public sealed class ActivePeriod
{
    public long Id { get; set; }

    public int StoreId { get; set; }

    /// <summary>A <see cref="Settings.Switch"/> by name, or <see cref="Connection"/>.</summary>
    public required string Subject { get; set; }

    /// <summary>Of a <see cref="Connection"/>: the Klaviyo account. Null in periods that older versions recorded.</summary>
    public string? AccountId { get; set; }

    /// <summary>Inclusive.</summary>
    public DateTimeOffset FromUtc { get; set; }

    /// <summary>Exclusive.</summary>
    public DateTimeOffset? ToUtc { get; set; }

    public const string Connection = "Connection";
}

/// <summary>One change of a setting or of the connection, as the Audit Log shows it.</summary>
public sealed class SettingChange
{
    public long Id { get; set; }

    public int StoreId { get; set; }

    public DateTimeOffset AtUtc { get; set; }

    public required string Who { get; set; }

    public required string Subject { get; set; }

    public required string From { get; set; }

    public required string To { get; set; }
}

internal sealed class SwitchStateConfiguration : IEntityTypeConfiguration<SwitchState>
{
    public void Configure(EntityTypeBuilder<SwitchState> builder)
    {
        builder.HasKey(state => new { state.StoreId, state.Switch });
        builder.Property(state => state.Version).IsConcurrencyToken();
        builder.Property(state => state.ChangedBy).HasMaxLength(200);
    }
}

internal sealed class ActivePeriodConfiguration : IEntityTypeConfiguration<ActivePeriod>
{
    public void Configure(EntityTypeBuilder<ActivePeriod> builder)
    {
        builder.Property(period => period.Subject).HasMaxLength(40);
        builder.Property(period => period.AccountId).HasMaxLength(40);
        builder.HasIndex(period => new { period.StoreId, period.Subject, period.FromUtc });
    }
}

internal sealed class SettingChangeConfiguration : IEntityTypeConfiguration<SettingChange>
{
    public void Configure(EntityTypeBuilder<SettingChange> builder)
    {
        builder.Property(change => change.Who).HasMaxLength(200);
        builder.Property(change => change.Subject).HasMaxLength(100);
        builder.HasIndex(change => new { change.StoreId, change.AtUtc, change.Id });
    }
}
