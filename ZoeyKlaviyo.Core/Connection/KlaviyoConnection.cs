using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ZoeyKlaviyo.Core.Connection;

public enum ConnectionStatus
{
    Connected,

    /// <summary>Klaviyo no longer accepts the tokens: a person has to connect again. Intake stays open meanwhile.</summary>
    NeedsAttention,
}

/// <summary>A store's connection to a Klaviyo account. Disconnecting deletes the row, and the tokens with it.</summary>
public sealed class KlaviyoConnection
{
    public int StoreId { get; set; }

    /// <summary>Klaviyo's six-character account id, also its public key.</summary>
    public required string AccountId { get; set; }

    public required string AccountName { get; set; }

    /// <summary>What Klaviyo granted, separated by spaces.</summary>
    public required string Scopes { get; set; }

    public required string ConnectedBy { get; set; }

    public DateTimeOffset ConnectedUtc { get; set; }

    public ConnectionStatus Status { get; set; }

    /// <summary>Why it needs attention, in words for the store's admin.</summary>
    public string? StatusReason { get; set; }

    public DateTimeOffset StatusSinceUtc { get; set; }

    public required string AccessTokenProtected { get; set; }

    public required string RefreshTokenProtected { get; set; }

    public DateTimeOffset AccessTokenExpiresUtc { get; set; }

    /// <summary>Grows with each pair of tokens, so that a caller can tell whether the pair it failed with is still the newest.</summary>
    public int TokenVersion { get; set; }

    public DateTimeOffset TokensRefreshedUtc { get; set; }

    /// <summary>Who refreshes the tokens at this moment; everyone else waits until it is done or the lease ends.</summary>
    public string? RefreshLeaseOwner { get; set; }

    public DateTimeOffset? RefreshLeaseUntilUtc { get; set; }

    internal StoredToken Token => new(AccountId, RefreshTokenProtected);

    internal static KlaviyoConnection Of(int storeId) => new()
    {
        StoreId = storeId,
        AccountId = "",
        AccountName = "",
        Scopes = "",
        ConnectedBy = "",
        AccessTokenProtected = "",
        RefreshTokenProtected = "",
        // Starts anywhere, so that a caller that still holds a token of the connection before can't speak for this one.
        TokenVersion = Random.Shared.Next(int.MaxValue / 2),
    };

    internal void Take(AccountGrant grant, string who, DateTimeOffset now)
    {
        AccountId = grant.Account.Id;
        AccountName = grant.Account.Name;
        Scopes = grant.Scopes;
        ConnectedBy = who;
        ConnectedUtc = now;
        Status = ConnectionStatus.Connected;
        StatusReason = null;
        StatusSinceUtc = now;
        AccessTokenProtected = grant.AccessTokenProtected;
        RefreshTokenProtected = grant.RefreshTokenProtected;
        AccessTokenExpiresUtc = grant.AccessTokenExpiresUtc;
        TokensRefreshedUtc = grant.GrantedUtc;
        TokenVersion++;
        RefreshLeaseOwner = null;
        RefreshLeaseUntilUtc = null;
    }
}

/// <summary>A journey to Klaviyo's consent page that has not come back yet. Deleted when it is used, so that it is used once.</summary>
public sealed class ConnectAttempt
{
    /// <summary>SHA-256 of the <c>state</c> parameter, in hex: a reader of the database can't finish somebody's attempt.</summary>
    public required string StateHash { get; set; }

    public int StoreId { get; set; }

    public required string PersonId { get; set; }

    public required string VerifierProtected { get; set; }

    public required string RedirectUri { get; set; }

    public DateTimeOffset CreatedUtc { get; set; }
}

internal sealed class KlaviyoConnectionConfiguration : IEntityTypeConfiguration<KlaviyoConnection>
{
    public void Configure(EntityTypeBuilder<KlaviyoConnection> builder)
    {
        builder.HasKey(connection => connection.StoreId);
        builder.Property(connection => connection.StoreId).ValueGeneratedNever();
        // A reconnect replaces the tokens under a refresh that is still under way: the older write must not win.
        builder.Property(connection => connection.TokenVersion).IsConcurrencyToken();
        builder.Property(connection => connection.AccountId).HasMaxLength(40);
        builder.Property(connection => connection.AccountName).HasMaxLength(200);
        builder.Property(connection => connection.ConnectedBy).HasMaxLength(200);
    }
}

internal sealed class ConnectAttemptConfiguration : IEntityTypeConfiguration<ConnectAttempt>
{
    public void Configure(EntityTypeBuilder<ConnectAttempt> builder)
    {
        builder.HasKey(attempt => attempt.StateHash);
        builder.Property(attempt => attempt.StateHash).HasMaxLength(64);
        builder.Property(attempt => attempt.PersonId).HasMaxLength(200);
    }
}
