using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ZoeyKlaviyo.Core.Subscribers;

/// <summary>Somebody whom Klaviyo sends no mail: the store should know.</summary>
public sealed class OptOut
{
    public int StoreId { get; set; }

    public required string AccountId { get; set; }

    public required string Email { get; set; }

    /// <summary>Klaviyo's reason, such as <c>UNSUBSCRIBE</c> or <c>HARD_BOUNCE</c>.</summary>
    public required string Reason { get; set; }

    public DateTimeOffset? SinceUtc { get; set; }
}

internal sealed class OptOutConfiguration : IEntityTypeConfiguration<OptOut>
{
    public void Configure(EntityTypeBuilder<OptOut> builder)
    {
        builder.HasKey(row => new { row.StoreId, row.AccountId, row.Email });
        builder.Property(row => row.AccountId).HasMaxLength(40);
        builder.Property(row => row.Email).HasMaxLength(200);
        builder.Property(row => row.Reason).HasMaxLength(40);
    }
}
