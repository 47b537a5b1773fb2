using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ZoeyKlaviyo.Core.Catalog;

/// <summary>A product or variant as the store's list last had it, so that runs share one reading and nothing has to be kept in memory.</summary>
public sealed class StoreProduct
{
    internal const int MaxIdLength = 40;
    internal const string Configurable = "configurable";

    public long Id { get; set; }

    public int StoreId { get; set; }

    public required string ProductId { get; set; }

    public string? Sku { get; set; }

    public string? Name { get; set; }

    public string? TypeId { get; set; }

    public bool IsEnabled { get; set; }

    /// <summary>Shoppers find it by itself; variants mostly are not.</summary>
    public bool IsVisible { get; set; }

    public decimal? Price { get; set; }

    public decimal? SpecialPrice { get; set; }

    /// <summary>In the store's time zone, as the end.</summary>
    public DateOnly? SpecialFrom { get; set; }

    public DateOnly? SpecialTo { get; set; }

    public string? UrlKey { get; set; }

    /// <summary>Without HTML.</summary>
    public string? Description { get; set; }

    /// <summary>What the store's parent attribute holds: an id or a SKU.</summary>
    public string? ParentReference { get; set; }

    /// <summary>The product that it is a variant of; null for a product.</summary>
    public string? ParentId { get; set; }

    /// <summary>Of all that the list says of it.</summary>
    public required string Hash { get; set; }

    public string? ImageUrl { get; set; }

    /// <summary>Null: to be read.</summary>
    public DateTimeOffset? ImageReadUtc { get; set; }

    /// <summary>Null: the store did not tell, as the three below.</summary>
    public decimal? Quantity { get; set; }

    public bool IsInStock { get; set; }

    public bool ManagesStock { get; set; }

    public bool AllowsBackorders { get; set; }

    /// <summary>The number of the listing that last had it.</summary>
    public long ListingNumber { get; set; }

    public bool IsConfigurable => TypeId == Configurable;
}

/// <summary>The store's catalog as a whole: its product list, and what could not be read of the rest when it was last tried.</summary>
public sealed class CatalogListing
{
    public int StoreId { get; set; }

    /// <summary>Of the last one that was begun: the id of the run that reads it.</summary>
    public long Number { get; set; }

    /// <summary>When the last one was begun that was read to its end.</summary>
    public DateTimeOffset? WholeUtc { get; set; }

    /// <summary>The number of that one.</summary>
    public long WholeNumber { get; set; }

    /// <summary>Why the products could not be read, in a sentence; null when they could, as the three below.</summary>
    public string? ProductsProblem { get; set; }

    public string? CategoriesProblem { get; set; }

    /// <summary>Which products are in a category.</summary>
    public string? CategoryLinksProblem { get; set; }

    public string? StockProblem { get; set; }

    /// <summary>Products that have variants by their type, and none that the store, a file or a SKU names.</summary>
    public int ProductsWithoutVariants { get; set; }
}

/// <summary>A product is in a category, as the store last said.</summary>
public sealed class CategoryLink
{
    public int StoreId { get; set; }

    public required string CategoryId { get; set; }

    public required string ProductId { get; set; }
}

/// <summary>Which product a variant belongs to, as an uploaded export of the products says.</summary>
public sealed class VariantLink
{
    public int StoreId { get; set; }

    public required string Sku { get; set; }

    public required string ParentSku { get; set; }
}

internal sealed class StoreProductConfiguration : IEntityTypeConfiguration<StoreProduct>
{
    public void Configure(EntityTypeBuilder<StoreProduct> builder)
    {
        builder.Property(product => product.ProductId).HasMaxLength(StoreProduct.MaxIdLength);
        builder.Property(product => product.Sku).HasMaxLength(CatalogRecord.MaxSkuLength);
        builder.Property(product => product.ParentReference).HasMaxLength(CatalogRecord.MaxSkuLength);
        builder.Property(product => product.ParentId).HasMaxLength(StoreProduct.MaxIdLength);
        builder.Property(product => product.Price).HasPrecision(18, 4);
        builder.Property(product => product.SpecialPrice).HasPrecision(18, 4);
        builder.Property(product => product.Quantity).HasPrecision(18, 4);
        builder.HasIndex(product => new { product.StoreId, product.ProductId }).IsUnique();
        builder.HasIndex(product => new { product.StoreId, product.Sku });
        builder.HasIndex(product => new { product.StoreId, product.ParentId });
        builder.HasIndex(product => new { product.StoreId, product.ImageReadUtc });
        builder.Ignore(product => product.IsConfigurable);
    }
}

internal sealed class CatalogListingConfiguration : IEntityTypeConfiguration<CatalogListing>
{
    public void Configure(EntityTypeBuilder<CatalogListing> builder)
    {
        builder.HasKey(listing => listing.StoreId);
        builder.Property(listing => listing.StoreId).ValueGeneratedNever();
    }
}

internal sealed class CategoryLinkConfiguration : IEntityTypeConfiguration<CategoryLink>
{
    public void Configure(EntityTypeBuilder<CategoryLink> builder)
    {
        builder.HasKey(link => new { link.StoreId, link.CategoryId, link.ProductId });
        builder.Property(link => link.CategoryId).HasMaxLength(StoreProduct.MaxIdLength);
        builder.Property(link => link.ProductId).HasMaxLength(StoreProduct.MaxIdLength);
        // With the category, as SQLite takes the key for any question that the index does not answer alone.
        builder.HasIndex(link => new { link.StoreId, link.ProductId, link.CategoryId });
    }
}

internal sealed class VariantLinkConfiguration : IEntityTypeConfiguration<VariantLink>
{
    public void Configure(EntityTypeBuilder<VariantLink> builder)
    {
        builder.HasKey(link => new { link.StoreId, link.Sku });
        builder.Property(link => link.Sku).HasMaxLength(CatalogRecord.MaxSkuLength);
        builder.Property(link => link.ParentSku).HasMaxLength(CatalogRecord.MaxSkuLength);
    }
}
