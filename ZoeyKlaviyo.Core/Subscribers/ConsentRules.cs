using System.Globalization;
using ZoeyKlaviyo.Core.Klaviyo;

namespace ZoeyKlaviyo.Core.Subscribers;

internal enum ConsentDecision
{
    Subscribe,
    AlreadySubscribed,

    /// <summary>A plain unsubscribe that no newer consent stands against.</summary>
    OptedOut,

    /// <summary>Klaviyo sends them nothing for a reason that subscribing again does not lift, or that is not known.</summary>
    Suppressed,

    /// <summary>The answer does not tell; nobody is subscribed on a guess.</summary>
    Unreadable,
}

/// <param name="Words">What Klaviyo says of the person; empty when it knows none.</param>
internal readonly record struct ConsentVerdict(ConsentDecision Decision, string Words);

/// <summary>
/// Whether somebody may be subscribed, given what Klaviyo knows of them now. Subscribing lifts unsubscribes, spam complaints and suppressions by
/// hand (developers.klaviyo.com/en/reference/bulk_subscribe_profiles), so every opt-out blocks it, except a plain unsubscribe that is provably older
/// than the consent.
/// </summary>
internal static class ConsentRules
{
    /// <param name="profiles">All that Klaviyo has of the address: the strictest decides.</param>
    /// <param name="consentFromUtc">The consent is provably not older than this.</param>
    /// <param name="listId">The chosen list.</param>
    /// <param name="unsubscribeSentUtc">When we last told Klaviyo that they unsubscribed: until it has taken effect, <c>SUBSCRIBED</c> is the state before.</param>
    public static ConsentVerdict Decide(
        IReadOnlyList<KlaviyoProfile> profiles, DateTimeOffset? consentFromUtc, string? listId, DateTimeOffset? unsubscribeSentUtc, DateTimeOffset now)
    {
        var verdict = new ConsentVerdict(ConsentDecision.Subscribe, "");
        foreach (var profile in profiles)
        {
            var own = Decide(profile.Consent, consentFromUtc, listId, unsubscribeSentUtc, now);
            if (own.Decision > verdict.Decision)
                verdict = own;
        }

        return verdict;
    }

    private static ConsentVerdict Decide(
        EmailConsent? consent, DateTimeOffset? consentFromUtc, string? listId, DateTimeOffset? unsubscribeSentUtc, DateTimeOffset now)
    {
        if (consent is null || consent.State == ConsentState.Unknown)
            return new ConsentVerdict(ConsentDecision.Unreadable, "Klaviyo does not say whether they are subscribed.");
        List<Suppression> suppressions = [.. consent.Suppressions, .. consent.ListSuppressions.Where(one => listId is not null && (one.ListId is null || one.ListId == listId))];
        if (suppressions.Find(one => !one.IsPlainUnsubscribe) is { } other)
            return new ConsentVerdict(ConsentDecision.Suppressed, Words(consent, other));
        if (consent.State == ConsentState.Unsubscribed || suppressions.Count > 0)
        {
            return OptedOutUtc(consent, suppressions) is { } times && times.TrueForAll(at => IsNewer(consentFromUtc, at) || IsOurs(at, unsubscribeSentUtc))
                ? new ConsentVerdict(ConsentDecision.Subscribe, Words(consent, suppressions.FirstOrDefault()))
                : new ConsentVerdict(ConsentDecision.OptedOut, Words(consent, suppressions.FirstOrDefault()));
        }

        return consent.State == ConsentState.Subscribed && !(now - unsubscribeSentUtc < SubscriptionTiming.UntilEffect)
            ? new ConsentVerdict(ConsentDecision.AlreadySubscribed, Words(consent, null))
            : new ConsentVerdict(ConsentDecision.Subscribe, Words(consent, null));
    }

    /// <summary>The times the answer gives for it; null when one of the unsubscribes has none.</summary>
    private static List<DateTimeOffset>? OptedOutUtc(EmailConsent consent, List<Suppression> suppressions)
    {
        if (suppressions.Exists(one => one.AtUtc is null))
            return null;
        var times = suppressions.ConvertAll(one => one.AtUtc!.Value);
        if (consent.State == ConsentState.Unsubscribed)
        {
            // Without a suppression, the time of the consent may still be that of the subscription before.
            if (consent.Suppressions.Count == 0 && consent.LastUpdatedUtc is { } updated)
                times.Add(updated);
            if (consent.ConsentUtc is { } withdrawn)
                times.Add(withdrawn);
        }

        return times.Count == 0 || consent is { State: ConsentState.Unsubscribed, Suppressions.Count: 0, LastUpdatedUtc: null } ? null : times;
    }

    /// <summary>To the second, as the store and the historical import have it: within one second nothing is proved.</summary>
    private static bool IsNewer(DateTimeOffset? consentFromUtc, DateTimeOffset optedOutUtc) =>
        consentFromUtc is { } consent && consent.ToUnixTimeSeconds() > optedOutUtc.ToUnixTimeSeconds();

    /// <summary>What stands in Klaviyo is what we told of the store, which has said since that they came back.</summary>
    private static bool IsOurs(DateTimeOffset optedOutUtc, DateTimeOffset? unsubscribeSentUtc) =>
        unsubscribeSentUtc is { } sent && optedOutUtc.ToUnixTimeSeconds() >= sent.ToUnixTimeSeconds() && optedOutUtc <= sent + SubscriptionTiming.UntilDated;

    private static string Words(EmailConsent consent, Suppression? suppression)
    {
        var state = $"{Name(consent.State)}{Since(consent.ConsentUtc)}";
        return suppression is null ? $"Klaviyo: {state}" : $"Klaviyo: {state}; suppressed: {(suppression.Reason.Length == 0 ? "no reason given" : suppression.Reason)}{Since(suppression.AtUtc)}";
    }

    private static string Name(ConsentState state) => state switch
    {
        ConsentState.Subscribed => "SUBSCRIBED",
        ConsentState.Unsubscribed => "UNSUBSCRIBED",
        _ => "NEVER_SUBSCRIBED",
    };

    private static string Since(DateTimeOffset? time) =>
        time is { } at ? string.Create(CultureInfo.InvariantCulture, $" since {at.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC") : "";
}
