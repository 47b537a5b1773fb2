using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Subscribers;

namespace ZoeyKlaviyo.Tests.Subscribers;

/// <summary>What the stand-in never answers, and Klaviyo may.</summary>
public sealed class ConsentRulesTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void WithoutASuppression_TheLatestTimeIsTheOptOut()
    {
        // The time of the consent is still that of the subscription before.
        var left = Consent(ConsentState.Unsubscribed, s_now.AddDays(-9), s_now.AddDays(-1));

        Assert.Equal(ConsentDecision.OptedOut, Decide(s_now.AddDays(-2), left));
        Assert.Equal(ConsentDecision.Subscribe, Decide(s_now.AddHours(-1), left));
    }

    /// <summary>An old opt-out from the list says nothing of when they left altogether.</summary>
    [Fact]
    public void OptOutFromTheList_IsNotTheTimeOfTheOneFromAll()
    {
        EmailConsent Left(DateTimeOffset? updated) => Consent(ConsentState.Unsubscribed, s_now.AddDays(-20), updated) with
        {
            ListSuppressions = [new Suppression("UNSUBSCRIBE", s_now.AddDays(-9), "LIST01")],
        };

        Assert.Equal(ConsentDecision.OptedOut, Decide("LIST01", s_now.AddDays(-2), Left(s_now.AddDays(-1))));
        Assert.Equal(ConsentDecision.Subscribe, Decide("LIST01", s_now.AddHours(-1), Left(s_now.AddDays(-1))));
        Assert.Equal(ConsentDecision.OptedOut, Decide("LIST01", s_now.AddDays(-2), Left(null) with { ConsentUtc = null }));
    }

    [Fact]
    public void OptOutWithoutATime_IsNeverOlder()
    {
        Assert.Equal(ConsentDecision.OptedOut, Decide(s_now, Consent(ConsentState.Unsubscribed, null, null)));
        Assert.Equal(ConsentDecision.OptedOut, Decide(s_now, Consent(ConsentState.Unsubscribed, s_now.AddDays(-9), null, new Suppression("UNSUBSCRIBE", null))));
    }

    [Fact]
    public void WhatCannotBeRead_SubscribesNobody()
    {
        Assert.Equal(ConsentDecision.Unreadable, Decide(s_now, Consent(ConsentState.Unknown, null, null)));
        Assert.Equal(ConsentDecision.Unreadable, Decide(s_now, (EmailConsent?)null));
    }

    [Fact]
    public void OfSeveralProfiles_TheStrictestDecides() => Assert.Equal(
        ConsentDecision.Suppressed,
        Decide(s_now, Consent(ConsentState.Subscribed, s_now.AddDays(-1), null), Consent(ConsentState.NeverSubscribed, null, null, new Suppression("HARD_BOUNCE", s_now.AddDays(-5)))));

    /// <summary>Our own unsubscribe may not show yet: then SUBSCRIBED is how it was before.</summary>
    [Fact]
    public void RightAfterOurUnsubscribe_SubscribedIsNotBelieved()
    {
        IReadOnlyList<KlaviyoProfile> profiles = [new("1", "jo@shop-demo.com", Consent(ConsentState.Subscribed, s_now.AddDays(-1), null))];

        Assert.Equal(ConsentDecision.Subscribe, ConsentRules.Decide(profiles, s_now, null, s_now.AddMinutes(-5), s_now).Decision);
        Assert.Equal(ConsentDecision.AlreadySubscribed, ConsentRules.Decide(profiles, s_now, null, s_now.AddMinutes(-16), s_now).Decision);
    }

    private static ConsentDecision Decide(DateTimeOffset consentFrom, params EmailConsent?[] consents) => Decide(null, consentFrom, consents);

    private static ConsentDecision Decide(string? listId, DateTimeOffset consentFrom, params EmailConsent?[] consents) =>
        ConsentRules.Decide([.. consents.Select((consent, i) => new KlaviyoProfile($"{i}", "jo@shop-demo.com", consent))], consentFrom, listId, null, s_now).Decision;

    private static EmailConsent Consent(ConsentState state, DateTimeOffset? since, DateTimeOffset? updated, params Suppression[] suppressions) =>
        new(state, since, updated, suppressions, []);
}
