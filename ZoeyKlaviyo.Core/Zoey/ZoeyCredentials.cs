using System.Text.Json;

namespace ZoeyKlaviyo.Core.Zoey;

/// <summary>What a store's REST API is called with: the first four for OAuth 1.0a, the others for OAuth 2. Never shown, logged or exported.</summary>
public sealed record ZoeyCredentials
{
    public string? ConsumerKey { get; init; }

    public string? ConsumerSecret { get; init; }

    public string? AccessToken { get; init; }

    public string? TokenSecret { get; init; }

    public string? TokenUrl { get; init; }

    public string? ClientId { get; init; }

    public string? ClientSecret { get; init; }

    public string? RefreshToken { get; init; }

    /// <summary>The values that a mode needs, by the name of their key.</summary>
    internal IReadOnlyList<KeyValuePair<string, string?>> Of(ZoeyAuthMode mode) => mode == ZoeyAuthMode.OAuth1
        ?
        [
            new(nameof(ConsumerKey), ConsumerKey), new(nameof(ConsumerSecret), ConsumerSecret),
            new(nameof(AccessToken), AccessToken), new(nameof(TokenSecret), TokenSecret),
        ]
        :
        [
            new(nameof(TokenUrl), TokenUrl), new(nameof(ClientId), ClientId),
            new(nameof(ClientSecret), ClientSecret), new(nameof(RefreshToken), RefreshToken),
        ];

    /// <summary>Those of one mode alone, where <paramref name="old"/> stands in for what is empty.</summary>
    internal ZoeyCredentials For(ZoeyAuthMode mode, ZoeyCredentials? old = null)
    {
        static string? Pick(string? value, string? old) => string.IsNullOrWhiteSpace(value) ? old : value.Trim();
        return mode == ZoeyAuthMode.OAuth1
            ? new ZoeyCredentials
            {
                ConsumerKey = Pick(ConsumerKey, old?.ConsumerKey),
                ConsumerSecret = Pick(ConsumerSecret, old?.ConsumerSecret),
                AccessToken = Pick(AccessToken, old?.AccessToken),
                TokenSecret = Pick(TokenSecret, old?.TokenSecret),
            }
            : new ZoeyCredentials
            {
                TokenUrl = Pick(TokenUrl, old?.TokenUrl),
                ClientId = Pick(ClientId, old?.ClientId),
                ClientSecret = Pick(ClientSecret, old?.ClientSecret),
                RefreshToken = Pick(RefreshToken, old?.RefreshToken),
            };
    }

    internal string ToJson() => JsonSerializer.Serialize(this);

    internal static ZoeyCredentials FromJson(string json) => JsonSerializer.Deserialize<ZoeyCredentials>(json) ?? new ZoeyCredentials();

    /// <summary>Without the values: this ends up in messages and logs by mistake.</summary>
    public override string ToString() => nameof(ZoeyCredentials);
}
