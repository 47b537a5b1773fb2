using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ZoeyKlaviyo.Core.Scheduling;

namespace ZoeyKlaviyo.Core.Subscribers.Files;

/// <summary>A file that somebody uploaded, or that a run has made for them. Its content lies beside it, so that any instance has it.</summary>
public sealed class SubscriberFile
{
    public long Id { get; set; }

    public int StoreId { get; set; }

    public required string AccountId { get; set; }

    /// <summary>The run that reads or makes it.</summary>
    public SyncKind Kind { get; set; }

    public long? RunId { get; set; }

    public required string Name { get; set; }

    public required string CreatedBy { get; set; }

    public DateTimeOffset CreatedUtc { get; set; }

    /// <summary>Null until it is whole.</summary>
    public DateTimeOffset? FinishedUtc { get; set; }

    public long Bytes { get; set; }

    public int Lines { get; set; }

    /// <summary>Of a file being made: where to go on after an interruption. Of an upload: which columns hold what, as JSON.</summary>
    public string? Position { get; set; }
}

/// <summary>A piece of a file's content.</summary>
public sealed class SubscriberFilePart
{
    public long FileId { get; set; }

    public int Number { get; set; }

    public required byte[] Content { get; set; }
}

internal sealed class SubscriberFileConfiguration : IEntityTypeConfiguration<SubscriberFile>
{
    public void Configure(EntityTypeBuilder<SubscriberFile> builder)
    {
        builder.Property(row => row.AccountId).HasMaxLength(40);
        builder.Property(row => row.Name).HasMaxLength(200);
        builder.Property(row => row.CreatedBy).HasMaxLength(200);
        builder.HasIndex(row => new { row.StoreId, row.Kind, row.Id });
    }
}

internal sealed class SubscriberFilePartConfiguration : IEntityTypeConfiguration<SubscriberFilePart>
{
    public void Configure(EntityTypeBuilder<SubscriberFilePart> builder)
    {
        builder.HasKey(row => new { row.FileId, row.Number });
        builder.HasOne<SubscriberFile>().WithMany().HasForeignKey(row => row.FileId).OnDelete(DeleteBehavior.Cascade);
    }
}
