using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ZoeyKlaviyo.Core.Klaviyo;

namespace ZoeyKlaviyo.Core.Catalog;

/// <summary>A bulk job at Klaviyo, from before its call until its result is read; also across restarts.</summary>
public sealed class CatalogJob
{
    public long Id { get; set; }

    public int StoreId { get; set; }

    public required string AccountId { get; set; }

    public CatalogKind Kind { get; set; }

    public JobOperation Operation { get; set; }

    public int Rows { get; set; }

    /// <summary>The external ids of its rows in their order, a space between: an error may name a row by its number. Empty: Klaviyo's job was
    /// only found again, and may have other rows.</summary>
    public required string RowIds { get; set; }

    /// <summary>Klaviyo's; null until it answered. If it never does, the job may be at work all the same.</summary>
    public string? KlaviyoId { get; set; }

    public DateTimeOffset SentUtc { get; set; }

    public DateTimeOffset NextPollUtc { get; set; }

    public int Polls { get; set; }

    public DateTimeOffset? ExpiresUtc { get; set; }
}

internal sealed class CatalogJobConfiguration : IEntityTypeConfiguration<CatalogJob>
{
    public void Configure(EntityTypeBuilder<CatalogJob> builder)
    {
        builder.Property(job => job.AccountId).HasMaxLength(40);
        builder.Property(job => job.KlaviyoId).HasMaxLength(100);
        builder.HasIndex(job => new { job.StoreId, job.AccountId, job.Kind, job.NextPollUtc });
    }
}
