using ZoeyKlaviyo.Sandbox.Klaviyo.Profiles;
using ZoeyKlaviyo.Sandbox.Zoey;

namespace ZoeyKlaviyo.Sandbox;

public sealed class SandboxOptions
{
    public const string DefaultUrl = "http://localhost:5090";
    public const string DefaultAdminUrl = "http://localhost:5080";
    public const string DefaultClientId = "sandbox-client";
    public const string DefaultClientSecret = "sandbox-secret";

    /// <summary>The four secrets of the demo store's REST API.</summary>
    public const string ConsumerKey = "sandbox-consumer-key";
    public const string ConsumerSecret = "sandbox-consumer-secret";
    public const string AccessToken = "sandbox-access-token";
    public const string TokenSecret = "sandbox-token-secret";

    /// <summary>The demo store's OAuth 2 client, and the refresh token it starts with.</summary>
    public const string StoreClientId = "sandbox-store-client";
    public const string StoreClientSecret = "sandbox-store-secret";
    public const string StoreRefreshToken = "sandbox-store-refresh-token";

    /// <summary>What the store's server signs its pushes to <c>/feed</c> with.</summary>
    public const string FeedSecret = "sandbox-feed-secret";

    /// <summary>The demo store's public key with the admin, in <c>/collect/{publicKey}/events</c>.</summary>
    public const string StorePublicKey = "demo";

    /// <summary>Port 0 takes any free one; <see cref="SandboxServer.BaseAddress"/> then tells which.</summary>
    public string Url { get; init; } = DefaultUrl;

    /// <summary>Where the demo shop sends what its shopper does.</summary>
    public string AdminUrl { get; init; } = DefaultAdminUrl;

    public string ClientId { get; init; } = DefaultClientId;

    public string ClientSecret { get; init; } = DefaultClientSecret;

    /// <summary>Compared exactly, as Klaviyo does. Empty: any http(s) address whose path ends with <c>/connect/klaviyo/callback</c>.</summary>
    public IReadOnlyList<string> AllowedRedirectUris { get; init; } = [];

    public TimeSpan AccessTokenLifetime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Klaviyo was seen to return the same refresh token; it does not promise to. True: each refresh gives a new one and ends the old.</summary>
    public bool RotateRefreshTokens { get; init; }

    /// <summary>Whether Klaviyo's rate limits hold.</summary>
    public bool LimitsEnabled { get; init; } = true;

    /// <summary>How long a catalog job takes. Zero: it is complete when it is first asked for.</summary>
    public TimeSpan CatalogJobs { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How subscribe and unsubscribe calls take effect, until it is set otherwise while the sandbox runs.</summary>
    public ConsentSettings Consent { get; init; } = new();

    /// <summary>How many errors an answer names at most; null: all. Klaviyo does not promise to name all.</summary>
    public int? ErrorsPerAnswer { get; init; }

    /// <summary>Where events, profiles, catalogs, created lists, ended tokens and faults are kept over a restart; null: in memory alone.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>How the store's REST API behaves, until it is set otherwise while the sandbox runs.</summary>
    public StoreQuirks Quirks { get; init; } = new();

    /// <summary>The entity id of the shop's first order.</summary>
    public long FirstOrder { get; init; } = 123;

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    internal bool IsAllowedRedirect(string redirectUri) =>
        AllowedRedirectUris.Count > 0
            ? AllowedRedirectUris.Contains(redirectUri, StringComparer.Ordinal)
            : Uri.TryCreate(redirectUri, UriKind.Absolute, out var uri)
                && uri.Scheme is "http" or "https"
                && uri.AbsolutePath.EndsWith("/connect/klaviyo/callback", StringComparison.Ordinal);
}
