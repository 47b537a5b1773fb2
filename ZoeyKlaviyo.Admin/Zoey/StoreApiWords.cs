using ZoeyKlaviyo.Admin.Shared;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Admin.Zoey;

/// <param name="Name">Of a member of <see cref="ZoeyCredentials"/>.</param>
internal sealed record StoreApiField(string Name, string Label, bool IsSecret = true);

internal static class StoreApiWords
{
    private static readonly StoreApiField[] s_oauth1 =
    [
        new(nameof(ZoeyCredentials.ConsumerKey), "Consumer key"),
        new(nameof(ZoeyCredentials.ConsumerSecret), "Consumer secret"),
        new(nameof(ZoeyCredentials.AccessToken), "Access token"),
        new(nameof(ZoeyCredentials.TokenSecret), "Access token secret"),
    ];

    private static readonly StoreApiField[] s_oauth2 =
    [
        new(nameof(ZoeyCredentials.TokenUrl), "Token URL", IsSecret: false),
        new(nameof(ZoeyCredentials.ClientId), "Client ID"),
        new(nameof(ZoeyCredentials.ClientSecret), "Client secret"),
        new(nameof(ZoeyCredentials.RefreshToken), "Refresh token"),
    ];

    public static IReadOnlyList<StoreApiField> FieldsOf(ZoeyAuthMode mode) => mode == ZoeyAuthMode.OAuth1 ? s_oauth1 : s_oauth2;

    public static string Name(ZoeyAuthMode mode) => mode == ZoeyAuthMode.OAuth1 ? "OAuth 1.0a" : "OAuth 2";

    public static string Name(ZoeyProbedResource resource) => char.ToUpperInvariant(resource.Name[0]) + resource.Name[1..];

    public static string Result(ZoeyAvailability availability) => availability switch
    {
        ZoeyAvailability.Available => "Available",
        ZoeyAvailability.NotPermitted => "Not permitted",
        ZoeyAvailability.NotThere => "Not available",
        ZoeyAvailability.Blocked => "Blocked",
        ZoeyAvailability.Credentials => "Access refused",
        ZoeyAvailability.NotTested => "Not tested",
        _ => "No answer",
    };

    public static Tone ToneOf(ZoeyAvailability availability) => availability switch
    {
        ZoeyAvailability.Available => Tone.Good,
        ZoeyAvailability.NotTested => Tone.Neutral,
        ZoeyAvailability.Credentials => Tone.Bad,
        _ => Tone.Warning,
    };
}
