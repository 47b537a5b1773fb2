using System.Globalization;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Profiles;

/// <summary>What subscribing and leaving make of a profile.</summary>
internal static class ConsentChanges
{
    /// <summary>A hard bounce or an invalid address stays: nothing that a person wishes mends it.</summary>
    private static readonly string[] s_lifted = [Suppression.Unsubscribe, Suppression.SpamComplaint, Suppression.UserSuppressed];

    /// <param name="consentedAt">Not kept for somebody who is subscribed already.</param>
    public static KlaviyoProfile Subscribe(this KlaviyoProfile profile, SubscriptionEntry entry, DateTimeOffset consentedAt, DateTimeOffset at, bool confirmed)
    {
        var isNew = profile.Consent != ProfileConsent.Subscribed;
        return profile with
        {
            Consent = ProfileConsent.Subscribed,
            ConsentTimestamp = isNew ? consentedAt : profile.ConsentTimestamp ?? consentedAt,
            LastUpdated = at,
            Method = isNew ? "API" : profile.Method,
            CustomMethodDetail = entry.CustomSource ?? profile.CustomMethodDetail,
            DoubleOptin = isNew ? confirmed : profile.DoubleOptin,
            Suppressions = [.. profile.Suppressions.Where(one => !s_lifted.Contains(one.Reason))],
            ListSuppressions = [.. profile.ListSuppressions.Where(one => one.ListId != entry.ListId)],
            Lists = entry.ListId is { } list && !profile.Lists.Contains(list) ? [.. profile.Lists, list] : profile.Lists,
        };
    }

    /// <summary>Who leaves twice left the first time.</summary>
    public static KlaviyoProfile Unsubscribe(this KlaviyoProfile profile, DateTimeOffset at) => profile with
    {
        Consent = ProfileConsent.Unsubscribed,
        ConsentTimestamp = profile.Consent == ProfileConsent.Unsubscribed ? profile.ConsentTimestamp ?? at : at,
        LastUpdated = at,
        Suppressions = profile.Suppressions.Any(one => one.Reason == Suppression.Unsubscribe)
            ? profile.Suppressions : [.. profile.Suppressions, new(Suppression.Unsubscribe, at)],
        Lists = [],
    };

    public static KlaviyoProfile Leave(this KlaviyoProfile profile, string list) => profile with { Lists = [.. profile.Lists.Where(one => one != list)] };

    /// <summary>Why a consent given earlier cannot be imported, in Klaviyo's words.</summary>
    public static string? RefuseImport(this KlaviyoProfile profile, DateTimeOffset consentedAt)
    {
        var left = profile.Consent == ProfileConsent.Unsubscribed && profile.ConsentTimestamp is { } time ? time
            : profile.Suppressions.FirstOrDefault(one => one.Reason == Suppression.Unsubscribe)?.Timestamp;
        if (consentedAt < left)
            return $"backdated consent date [{Text(consentedAt)}] is before current unsubscription date [{Text(left.Value)}]";
        return profile is { Consent: ProfileConsent.Subscribed, ConsentTimestamp: { } subscribed } && consentedAt > subscribed
            ? $"backdated consent date [{Text(consentedAt)}] is after current subscription date [{Text(subscribed)}]" : null;
    }

    private static string Text(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:sszzz", CultureInfo.InvariantCulture);
}
