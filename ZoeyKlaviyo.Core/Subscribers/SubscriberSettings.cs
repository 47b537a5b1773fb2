using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ZoeyKlaviyo.Core.Subscribers;

/// <summary>What a store's admin has chosen for its subscribers, for one Klaviyo account.</summary>
public sealed class SubscriberSettings
{
    public int StoreId { get; set; }

    public required string AccountId { get; set; }

    /// <summary>Null: no list; the account's default opt-in decides.</summary>
    public string? ListId { get; set; }

    public string? ListName { get; set; }

    public bool? IsDoubleOptIn { get; set; }

    /// <summary>Klaviyo no longer has the list: nobody is subscribed until another is chosen, or none.</summary>
    public DateTimeOffset? ListGoneUtc { get; set; }

    /// <summary>Somebody has said that the subscribers Klaviyo had before are in the store now.</summary>
    public DateTimeOffset? BroughtInUtc { get; set; }

    public string? BroughtInBy { get; set; }

    public int Version { get; set; }
}

internal sealed class SubscriberSettingsConfiguration : IEntityTypeConfiguration<SubscriberSettings>
{
    public void Configure(EntityTypeBuilder<SubscriberSettings> builder)
    {
        builder.HasKey(row => new { row.StoreId, row.AccountId });
        builder.Property(row => row.AccountId).HasMaxLength(40);
        builder.Property(row => row.ListId).HasMaxLength(40);
        builder.Property(row => row.ListName).HasMaxLength(200);
        builder.Property(row => row.BroughtInBy).HasMaxLength(200);
        builder.Property(row => row.Version).IsConcurrencyToken();
    }
}
