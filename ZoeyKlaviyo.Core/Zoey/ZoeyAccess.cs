using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ZoeyKlaviyo.Core.Zoey;

/// <summary>How requests to a store's REST API are authenticated.</summary>
public enum ZoeyAuthMode
{
    /// <summary>OAuth 1.0a with four fixed secrets; Zoey calls it deprecated.</summary>
    OAuth1,

    OAuth2,
}

/// <summary>A store's credentials for its REST API, and what was found out about that API.</summary>
public sealed class ZoeyAccess
{
    public int StoreId { get; set; }

    public ZoeyAuthMode AuthMode { get; set; }

    /// <summary>The secrets, as JSON, encrypted.</summary>
    public required string CredentialsProtected { get; set; }

    /// <summary>True: applied anew at each start, and not to be changed by people.</summary>
    public bool FromConfiguration { get; set; }

    public DateTimeOffset ChangedUtc { get; set; }

    public string ChangedBy { get; set; } = "";

    public int Version { get; set; }

    /// <summary>OAuth 2 alone; encrypted.</summary>
    public string? AccessTokenProtected { get; set; }

    public DateTimeOffset? AccessTokenExpiresUtc { get; set; }

    /// <summary>OAuth 2 alone; encrypted. The latest one: a store may give a new one with each refresh.</summary>
    public string? RefreshTokenProtected { get; set; }

    /// <summary>Who refreshes holds it until then, so that one refresh serves all.</summary>
    public DateTimeOffset? RefreshLeaseUntilUtc { get; set; }

    /// <summary>The last test of the connection, as JSON.</summary>
    public string? Probe { get; set; }

    public DateTimeOffset? ProbedUtc { get; set; }

    /// <summary>Drops what was got or found out with other credentials.</summary>
    internal void Forget()
    {
        (AccessTokenProtected, AccessTokenExpiresUtc, RefreshTokenProtected, RefreshLeaseUntilUtc) = (null, null, null, null);
        (Probe, ProbedUtc) = (null, null);
    }
}

internal sealed class ZoeyAccessConfiguration : IEntityTypeConfiguration<ZoeyAccess>
{
    public void Configure(EntityTypeBuilder<ZoeyAccess> builder)
    {
        builder.HasKey(access => access.StoreId);
        builder.Property(access => access.StoreId).ValueGeneratedNever();
        builder.Property(access => access.Version).IsConcurrencyToken();
        builder.Property(access => access.ChangedBy).HasMaxLength(200);
    }
}
