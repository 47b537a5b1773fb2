using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ZoeyKlaviyo.Core.Subscribers.Feed;

/// <summary>A signed push that was taken: the same again, which anybody could have recorded, changes nothing.</summary>
public sealed class SeenPush
{
    public int StoreId { get; set; }

    /// <summary>SHA-256 of the signature's time and the body, in hex.</summary>
    public required string Hash { get; set; }

    public DateTimeOffset AtUtc { get; set; }
}

internal sealed class SeenPushConfiguration : IEntityTypeConfiguration<SeenPush>
{
    public void Configure(EntityTypeBuilder<SeenPush> builder)
    {
        builder.HasKey(row => new { row.StoreId, row.Hash });
        builder.Property(row => row.Hash).HasMaxLength(64);
        builder.HasIndex(row => new { row.StoreId, row.AtUtc });
    }
}
