using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ZoeyKlaviyo.Core.Audit;

/// <summary>What became of a record in a run.</summary>
public enum RecordResult
{
    Sent,

    /// <summary>Failed now, and will be tried again.</summary>
    Retry,

    Failed,
    Skipped,
    Created,
    Updated,
    Deleted,
    Unchanged,
}

/// <summary>One record of a run. What was sent is not copied here: it is the payload's, made again by the same mapper.</summary>
public sealed class RunRecord
{
    public long Id { get; set; }

    public long RunId { get; set; }

    public int StoreId { get; set; }

    public long? PayloadId { get; set; }

    /// <summary>Of <see cref="Catalog.CatalogRecord"/>.</summary>
    public long? CatalogRecordId { get; set; }

    /// <summary>The record in a few words, such as <c>Placed Order · jo@shop.example</c>.</summary>
    public required string Record { get; set; }

    public required string Operation { get; set; }

    public RecordResult Result { get; set; }

    public int? HttpStatus { get; set; }

    /// <summary>Klaviyo's words.</summary>
    public string? Error { get; set; }

    /// <summary>Klaviyo's whole answer, cut to 4,000 characters.</summary>
    public string? Answer { get; set; }

    /// <summary>How the refusal is known: picks the plain words and the advice, which are not stored.</summary>
    public string? ErrorCode { get; set; }

    public DateTimeOffset AtUtc { get; set; }
}

internal sealed class RunRecordConfiguration : IEntityTypeConfiguration<RunRecord>
{
    public void Configure(EntityTypeBuilder<RunRecord> builder)
    {
        builder.Property(record => record.Record).HasMaxLength(400);
        builder.Property(record => record.Operation).HasMaxLength(40);
        builder.Property(record => record.ErrorCode).HasMaxLength(40);
        builder.HasIndex(record => new { record.RunId, record.Result, record.Id });
        builder.HasIndex(record => record.PayloadId);
        builder.HasIndex(record => record.CatalogRecordId);
    }
}
