using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ZoeyKlaviyo.Core.Klaviyo;

namespace ZoeyKlaviyo.Core.Catalog;

public enum CatalogState
{
    /// <summary>Klaviyo has it as it should be.</summary>
    InSync,

    /// <summary>It is sent by the next run; <see cref="CatalogRecord.Operation"/> says how.</summary>
    Open,

    /// <summary>It is in a job.</summary>
    Sending,

    /// <summary>A variant whose product Klaviyo does not have yet.</summary>
    Waiting,

    /// <summary>Klaviyo would not take it: tried again when it changes, or after a day.</summary>
    Refused,

    /// <summary>Whether it may be deleted is decided once the store's list is read to its end.</summary>
    Undecided,

    /// <summary>Its deletion is held for a person's confirmation.</summary>
    Held,

    /// <summary>The store no longer has it, and a person decided to keep it in Klaviyo.</summary>
    Kept,
}

public enum CatalogOperation
{
    Create,
    Update,
    Delete,

    /// <summary>Sets the categories of an item, alone: an update may only add to them.</summary>
    Relink,
}

/// <summary>Whether a record may be deleted in Klaviyo that the store no longer has, or has elsewhere.</summary>
public enum Removal
{
    None,
    Held,

    /// <summary>A person confirmed it: it is deleted unless the store's next whole list has it again.</summary>
    Confirmed,
    Approved,
    Kept,
}

/// <summary>One category, item or variant: what Klaviyo should hold, what it holds as far as we know, and what is to be done.</summary>
public sealed class CatalogRecord
{
    internal const int MaxIdLength = 100;
    internal const int MaxSkuLength = 255;
    internal const int MaxNameLength = 400;

    public long Id { get; set; }

    public int StoreId { get; set; }

    public required string AccountId { get; set; }

    public CatalogKind Kind { get; set; }

    /// <summary>The store's id of the product or category.</summary>
    public required string RecordId { get; set; }

    /// <summary>Our id in Klaviyo: with the store's prefix, and <c>v-</c> or <c>c-</c>.</summary>
    public required string ExternalId { get; set; }

    /// <summary>A variant's item, by its <see cref="ExternalId"/>.</summary>
    public string? ParentId { get; set; }

    public required string Name { get; set; }

    public string? Sku { get; set; }

    /// <summary>Klaviyo's attributes without the id, a JSON object.</summary>
    public required string Content { get; set; }

    public required string ContentHash { get; set; }

    /// <summary>An item's categories by their external ids, sorted, a space between; null for other kinds.</summary>
    public string? Links { get; set; }

    public bool IsInKlaviyo { get; set; }

    public string? KlaviyoExternalId { get; set; }

    /// <summary>Null: not known.</summary>
    public string? KlaviyoParentId { get; set; }

    /// <summary>Null: not known.</summary>
    public string? KlaviyoHash { get; set; }

    /// <summary>Null: not known.</summary>
    public string? KlaviyoLinks { get; set; }

    public CatalogState State { get; set; }

    public CatalogOperation? Operation { get; set; }

    public Removal Removal { get; set; }

    /// <summary>The store's last whole list does not have it, or has it as something else.</summary>
    public bool IsGone { get; set; }

    /// <summary>The run that last saw it in the store.</summary>
    public long SeenRunId { get; set; }

    /// <summary>Of <see cref="CatalogJob"/>.</summary>
    public long? JobId { get; set; }

    public string? SentHash { get; set; }

    public string? SentLinks { get; set; }

    public string? SentParentId { get; set; }

    /// <summary>How often it was sent without a word about it alone: each time with fewer others.</summary>
    public int Tries { get; set; }

    /// <summary>What was refused.</summary>
    public string? RefusedHash { get; set; }

    public DateTimeOffset? RefusedUtc { get; set; }

    /// <summary>Klaviyo's words.</summary>
    public string? Error { get; set; }

    public string? ErrorCode { get; set; }

    /// <summary>When Klaviyo last took it.</summary>
    public DateTimeOffset? SyncedUtc { get; set; }

    /// <summary>A person asked for this record alone.</summary>
    public string? RequestedBy { get; set; }
}

internal sealed class CatalogRecordConfiguration : IEntityTypeConfiguration<CatalogRecord>
{
    public void Configure(EntityTypeBuilder<CatalogRecord> builder)
    {
        builder.Property(row => row.AccountId).HasMaxLength(40);
        builder.Property(row => row.RecordId).HasMaxLength(CatalogRecord.MaxIdLength);
        builder.Property(row => row.ExternalId).HasMaxLength(CatalogRecord.MaxIdLength);
        foreach (var id in new[] { nameof(CatalogRecord.ParentId), nameof(CatalogRecord.KlaviyoExternalId), nameof(CatalogRecord.KlaviyoParentId), nameof(CatalogRecord.SentParentId) })
            builder.Property(id).HasMaxLength(CatalogRecord.MaxIdLength);
        foreach (var hash in new[] { nameof(CatalogRecord.ContentHash), nameof(CatalogRecord.KlaviyoHash), nameof(CatalogRecord.SentHash) })
            builder.Property(hash).HasMaxLength(40);
        builder.Property(row => row.Name).HasMaxLength(CatalogRecord.MaxNameLength);
        builder.Property(row => row.Sku).HasMaxLength(CatalogRecord.MaxSkuLength);
        builder.Property(row => row.ErrorCode).HasMaxLength(40);
        builder.Property(row => row.RequestedBy).HasMaxLength(200);
        builder.HasIndex(row => new { row.StoreId, row.AccountId, row.Kind, row.RecordId }).IsUnique();
        // The last three so that all can be counted by it alone: the rows themselves are wide.
        builder.HasIndex(row => new { row.StoreId, row.AccountId, row.Kind, row.State, row.Operation, row.Tries, row.Id, row.Removal, row.IsGone, row.IsInKlaviyo }).HasDatabaseName("IX_CatalogRecords_State");
        builder.HasIndex(row => new { row.StoreId, row.AccountId, row.Kind, row.SeenRunId });
        builder.HasIndex(row => new { row.StoreId, row.AccountId, row.Kind, row.ParentId });
        builder.HasIndex(row => new { row.StoreId, row.AccountId, row.Kind, row.KlaviyoParentId });
        builder.HasIndex(row => new { row.StoreId, row.Sku });
        builder.HasIndex(row => row.JobId);
    }
}
