using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ZoeyKlaviyo.Core.Subscribers;

/// <summary>How far a store's subscribers were read, for one Klaviyo account.</summary>
public sealed class SubscriberReading
{
    public int StoreId { get; set; }

    public required string AccountId { get; set; }

    /// <summary>The newest <c>subscriber_id</c> at the first reading: who has no date and at most this id subscribed before the connection.</summary>
    public long? AnchorId { get; set; }

    public DateTimeOffset? AnchorUtc { get; set; }

    /// <summary>The newest <c>subscriber_id</c> seen so far: where a look at the newest rows may end.</summary>
    public long? NewestId { get; set; }

    /// <summary>When the last listing that was read to its end began.</summary>
    public DateTimeOffset? WholeListingUtc { get; set; }

    /// <summary>How many that listing held.</summary>
    public int WholeListingCount { get; set; }

    /// <summary>The last reading of the newest rows that succeeded.</summary>
    public DateTimeOffset? NewestReadUtc { get; set; }

    /// <summary>False once the store has refused to filter by the time of a change: changes of older subscribers come with the daily run.</summary>
    public bool CanFilterChanges { get; set; } = true;

    public DateTimeOffset? LastPushUtc { get; set; }

    public DateTimeOffset? LastFileUtc { get; set; }

    public string? LastFileName { get; set; }

    /// <summary>Why the last reading of the store failed, in words for the admin; null when it succeeded.</summary>
    public string? Problem { get; set; }

    /// <summary>The store has no resource for subscribers, or none that may be read: a file or pushes stand in.</summary>
    public bool IsMissing { get; set; }

    /// <summary>Opt-outs in Klaviyo have been read up to this time of suppression.</summary>
    public DateTimeOffset? OptOutsUntilUtc { get; set; }

    public DateTimeOffset? OptOutsReadUtc { get; set; }
}

internal sealed class SubscriberReadingConfiguration : IEntityTypeConfiguration<SubscriberReading>
{
    public void Configure(EntityTypeBuilder<SubscriberReading> builder)
    {
        builder.HasKey(row => new { row.StoreId, row.AccountId });
        builder.Property(row => row.AccountId).HasMaxLength(40);
        builder.Property(row => row.LastFileName).HasMaxLength(200);
    }
}
