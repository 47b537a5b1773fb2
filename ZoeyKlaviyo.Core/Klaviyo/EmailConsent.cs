namespace ZoeyKlaviyo.Core.Klaviyo;

public enum ConsentState
{
    /// <summary>Klaviyo said something that this version does not know.</summary>
    Unknown,
    NeverSubscribed,
    Subscribed,
    Unsubscribed,
}

/// <param name="Reason">As Klaviyo writes it; <see cref="Unsubscribe"/> is the only one a person lifts by subscribing again.</param>
/// <param name="ListId">Of a suppression on one list.</param>
public sealed record Suppression(string Reason, DateTimeOffset? AtUtc, string? ListId = null)
{
    public const string Unsubscribe = "UNSUBSCRIBE";

    public bool IsPlainUnsubscribe => Reason == Unsubscribe;
}

/// <summary>
/// What Klaviyo knows of a profile's consent to e-mail marketing: <c>subscriptions.email.marketing</c>
/// (developers.klaviyo.com/en/reference/get_profiles).
/// </summary>
/// <param name="ConsentUtc">When the consent was given or withdrawn.</param>
public sealed record EmailConsent(
    ConsentState State,
    DateTimeOffset? ConsentUtc,
    DateTimeOffset? LastUpdatedUtc,
    IReadOnlyList<Suppression> Suppressions,
    IReadOnlyList<Suppression> ListSuppressions);

/// <param name="Email">As Klaviyo has it; null for a profile without an address.</param>
/// <param name="Consent">Null when the answer does not tell.</param>
public sealed record KlaviyoProfile(string Id, string? Email, EmailConsent? Consent);

/// <param name="Profiles">Null when the answer can't be read, or is no yes.</param>
/// <param name="Next">Where the next page is, from the host on; null on the last.</param>
public sealed record ProfilePage(KlaviyoAnswer Answer, IReadOnlyList<KlaviyoProfile>? Profiles, string? Next = null);
