using System.Text.Json.Serialization;
using ZoeyKlaviyo.Sandbox.Klaviyo.Accounts;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Profiles;

/// <param name="Email">Lower case; null where an event named its profile otherwise.</param>
public sealed record KlaviyoProfile(string Account, string Id, string? Email, DateTimeOffset Created)
{
    public ProfileConsent Consent { get; init; } = ProfileConsent.NeverSubscribed;

    /// <summary>When the person subscribed, or left.</summary>
    public DateTimeOffset? ConsentTimestamp { get; init; }

    public DateTimeOffset? LastUpdated { get; init; }

    public string? Method { get; init; }

    public string? CustomMethodDetail { get; init; }

    public bool? DoubleOptin { get; init; }

    public IReadOnlyList<Suppression> Suppressions { get; init; } = [];

    public IReadOnlyList<ListSuppression> ListSuppressions { get; init; } = [];

    /// <summary>Ids of the lists that the profile is a member of.</summary>
    public IReadOnlyList<string> Lists { get; init; } = [];

    /// <summary>Also true of somebody who never subscribed: it only says that nothing is suppressed.</summary>
    [JsonIgnore]
    public bool CanReceive => Suppressions.Count == 0;

    public static KlaviyoProfile New(string account, string email, DateTimeOffset at) =>
        new(account, IdOf(account, email), Normal(email), at);

    internal static string IdOf(string account, string email) => StableIds.Profile(account, Normal(email));

    private static string Normal(string email) => email.ToLowerInvariant();
}

[JsonConverter(typeof(JsonStringEnumConverter<ProfileConsent>))]
public enum ProfileConsent
{
    [JsonStringEnumMemberName("NEVER_SUBSCRIBED")] NeverSubscribed,

    [JsonStringEnumMemberName("SUBSCRIBED")] Subscribed,

    [JsonStringEnumMemberName("UNSUBSCRIBED")] Unsubscribed,
}

/// <param name="Reason">Such as <c>HARD_BOUNCE</c>; any text, for Klaviyo may know more than it lists.</param>
public sealed record Suppression(string Reason, DateTimeOffset Timestamp)
{
    public const string Unsubscribe = "UNSUBSCRIBE";
    public const string SpamComplaint = "SPAM_COMPLAINT";
    public const string UserSuppressed = "USER_SUPPRESSED";
}

public sealed record ListSuppression(string ListId, string Reason, DateTimeOffset Timestamp);
