using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ZoeyKlaviyo.Core.Stores;

/// <summary>A Zoey store. Those from configuration are re-applied at each start; the others live in the database only.</summary>
public sealed class Store
{
    public int Id { get; set; }

    /// <summary>The store's name in addresses and in the provider's store claim.</summary>
    public required string Key { get; set; }

    public required string Name { get; set; }

    /// <summary>Where the store's REST API lives: <c>{BaseUrl}/api/rest</c>.</summary>
    public required string BaseUrl { get; set; }

    public required string StorefrontUrl { get; set; }

    /// <summary>Origins that browsers may send events from, one a line.</summary>
    public required string AllowedOrigins { get; set; }

    /// <summary>Names the store in the public addresses <c>/collect</c>, <c>/feed</c> and <c>/storefront</c>; not a secret.</summary>
    public required string PublicKey { get; set; }

    public string? FeedSecretProtected { get; set; }

    /// <summary>Put before catalog ids and the product ids in events, so that two stores can share a Klaviyo account.</summary>
    public string IdPrefix { get; set; } = "";

    /// <summary>The Klaviyo account it was connected to before it was disconnected; what waits is for that account.</summary>
    public string? FormerAccountId { get; set; }

    public string? FormerAccountName { get; set; }

    public bool FromConfiguration { get; set; }
}

internal sealed class StoreConfiguration : IEntityTypeConfiguration<Store>
{
    public void Configure(EntityTypeBuilder<Store> builder)
    {
        builder.Property(store => store.Key).HasMaxLength(64);
        builder.HasIndex(store => store.Key).IsUnique();
        builder.Property(store => store.Name).HasMaxLength(200);
        builder.Property(store => store.PublicKey).HasMaxLength(64);
        builder.HasIndex(store => store.PublicKey).IsUnique();
        builder.Property(store => store.FormerAccountId).HasMaxLength(40);
        builder.Property(store => store.FormerAccountName).HasMaxLength(200);
    }
}
