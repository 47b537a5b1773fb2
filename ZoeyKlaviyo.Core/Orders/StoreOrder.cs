using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ZoeyKlaviyo.Core.Orders;

public enum StoreOrderState
{
    /// <summary>Not placed yet, or something about it has to be read first: looked at again in each Events run.</summary>
    Waiting,

    /// <summary>Its events are in the outbox. Later changes of the order send nothing.</summary>
    Queued,

    /// <summary>It does not count; a later change of the settings does not send it.</summary>
    Skipped,
}

/// <summary>An order that was seen, by the poll or in a push: each is decided once.</summary>
public sealed class StoreOrder
{
    public long Id { get; set; }

    public int StoreId { get; set; }

    /// <summary>The number that people see.</summary>
    public required string Number { get; set; }

    /// <summary>The store's database id, to read it again by; null when only a push has named it.</summary>
    public string? EntityId { get; set; }

    public StoreOrderState State { get; set; }

    /// <summary>Why it waits or does not count.</summary>
    public string? Reason { get; set; }

    /// <summary>When the order was placed in the store.</summary>
    public DateTimeOffset CreatedUtc { get; set; }

    public DateTimeOffset FirstSeenUtc { get; set; }

    /// <summary>Since when nothing but its lines or its products is missing; null while it waits for something else.</summary>
    public DateTimeOffset? IncompleteSinceUtc { get; set; }

    /// <summary>The order as it was last seen, as JSON, while it waits or a run has to report it; null where the store is asked for it again.</summary>
    public string? Body { get; set; }

    /// <summary>A run's records say what became of it.</summary>
    public bool IsReported { get; set; }
}

/// <summary>How far a store's orders were read.</summary>
public sealed class OrderWatermark
{
    public int StoreId { get; set; }

    /// <summary>All orders placed before it were read.</summary>
    public DateTimeOffset ReadUntilUtc { get; set; }

    /// <summary>When the store's orders were last read to the end.</summary>
    public DateTimeOffset? ReadUtc { get; set; }

    /// <summary>Why the last reading failed, in plain words; null when it did not.</summary>
    public string? Problem { get; set; }
}

/// <summary>A cart that a store admin filled or checked out in a customer's name: its order is an admin's, too.</summary>
public sealed class AdminCart
{
    public int StoreId { get; set; }

    public required string CartId { get; set; }

    /// <summary>Normalized; null when the page did not say whose cart it is.</summary>
    public string? Email { get; set; }

    public DateTimeOffset SeenUtc { get; set; }
}

/// <summary>What order lines need to know about a product; read from the store when it is missing or a day old.</summary>
public sealed class KnownProduct
{
    public int StoreId { get; set; }

    public required string ProductId { get; set; }

    public string? Sku { get; set; }

    /// <summary>The configurable product's id, when this is a variant.</summary>
    public string? ParentId { get; set; }

    public string? Name { get; set; }

    public string? Url { get; set; }

    public string? ImageUrl { get; set; }

    public string? Brand { get; set; }

    /// <summary>Names, as a JSON array.</summary>
    public required string Categories { get; set; }

    public DateTimeOffset ReadUtc { get; set; }
}

internal sealed class StoreOrderConfiguration : IEntityTypeConfiguration<StoreOrder>
{
    public void Configure(EntityTypeBuilder<StoreOrder> builder)
    {
        builder.Property(order => order.Number).HasMaxLength(100);
        builder.Property(order => order.EntityId).HasMaxLength(40);
        builder.Property(order => order.Reason).HasMaxLength(40);
        builder.Property(order => order.State).IsConcurrencyToken();
        builder.HasIndex(order => new { order.StoreId, order.Number }).IsUnique();
        builder.HasIndex(order => new { order.StoreId, order.State, order.Id });
        builder.HasIndex(order => new { order.StoreId, order.IsReported, order.Id });
    }
}

internal sealed class OrderWatermarkConfiguration : IEntityTypeConfiguration<OrderWatermark>
{
    public void Configure(EntityTypeBuilder<OrderWatermark> builder)
    {
        builder.HasKey(watermark => watermark.StoreId);
        builder.Property(watermark => watermark.StoreId).ValueGeneratedNever();
    }
}

internal sealed class AdminCartConfiguration : IEntityTypeConfiguration<AdminCart>
{
    public void Configure(EntityTypeBuilder<AdminCart> builder)
    {
        builder.HasKey(cart => new { cart.StoreId, cart.CartId });
        builder.Property(cart => cart.CartId).HasMaxLength(200);
        builder.Property(cart => cart.Email).HasMaxLength(99);
        builder.HasIndex(cart => new { cart.StoreId, cart.Email });
    }
}

internal sealed class KnownProductConfiguration : IEntityTypeConfiguration<KnownProduct>
{
    public void Configure(EntityTypeBuilder<KnownProduct> builder)
    {
        builder.HasKey(product => new { product.StoreId, product.ProductId });
        builder.Property(product => product.ProductId).HasMaxLength(40);
        builder.Property(product => product.Sku).HasMaxLength(255);
        builder.Property(product => product.ParentId).HasMaxLength(40);
        builder.HasIndex(product => new { product.StoreId, product.Sku });
    }
}
