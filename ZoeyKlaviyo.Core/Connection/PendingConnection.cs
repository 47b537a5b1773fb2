using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using ZoeyKlaviyo.Core.Klaviyo;

namespace ZoeyKlaviyo.Core.Connection;

/// <summary>Another Klaviyo account that somebody allowed, kept aside until an admin of the store decides. One a store.</summary>
public sealed class PendingConnection
{
    public int StoreId { get; set; }

    /// <summary>A later choice has another id, so that nobody confirms an account they have not seen.</summary>
    public required string ChoiceId { get; set; }

    public required string AccountId { get; set; }

    public required string AccountName { get; set; }

    /// <summary>What Klaviyo granted, separated by spaces.</summary>
    public required string Scopes { get; set; }

    public required string ChosenBy { get; set; }

    public DateTimeOffset ChosenUtc { get; set; }

    public required string AccessTokenProtected { get; set; }

    public required string RefreshTokenProtected { get; set; }

    public DateTimeOffset AccessTokenExpiresUtc { get; set; }

    internal AccountGrant Grant =>
        new(new KlaviyoAccount(AccountId, AccountName), Scopes, AccessTokenProtected, RefreshTokenProtected, ChosenUtc, AccessTokenExpiresUtc);

    internal StoredToken Token => new(AccountId, RefreshTokenProtected);

    internal static PendingConnection Of(int storeId) => new()
    {
        StoreId = storeId,
        ChoiceId = "",
        AccountId = "",
        AccountName = "",
        Scopes = "",
        ChosenBy = "",
        AccessTokenProtected = "",
        RefreshTokenProtected = "",
    };

    internal void Take(AccountGrant grant, string who)
    {
        ChoiceId = Guid.NewGuid().ToString("N");
        AccountId = grant.Account.Id;
        AccountName = grant.Account.Name;
        Scopes = grant.Scopes;
        ChosenBy = who;
        ChosenUtc = grant.GrantedUtc;
        AccessTokenProtected = grant.AccessTokenProtected;
        RefreshTokenProtected = grant.RefreshTokenProtected;
        AccessTokenExpiresUtc = grant.AccessTokenExpiresUtc;
    }
}

/// <summary>What Klaviyo granted for an account, encrypted for the database.</summary>
internal sealed record AccountGrant(
    KlaviyoAccount Account,
    string Scopes,
    string AccessTokenProtected,
    string RefreshTokenProtected,
    DateTimeOffset GrantedUtc,
    DateTimeOffset AccessTokenExpiresUtc);

internal sealed class PendingConnectionConfiguration : IEntityTypeConfiguration<PendingConnection>
{
    public void Configure(EntityTypeBuilder<PendingConnection> builder)
    {
        builder.HasKey(pending => pending.StoreId);
        builder.Property(pending => pending.StoreId).ValueGeneratedNever();
        // Of those who decide, or choose again, at the same moment, one is first and the others have to look anew.
        builder.Property(pending => pending.ChoiceId).HasMaxLength(32).IsConcurrencyToken();
        builder.Property(pending => pending.AccountId).HasMaxLength(40);
        builder.Property(pending => pending.AccountName).HasMaxLength(200);
        builder.Property(pending => pending.ChosenBy).HasMaxLength(200);
    }
}
