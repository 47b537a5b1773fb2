using System.Text.Json.Nodes;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Klaviyo.Wire;
using ZoeyKlaviyo.Core.Subscribers;
using ZoeyKlaviyo.Core.Subscribers.Delivery;

namespace ZoeyKlaviyo.Tests.Subscribers;

/// <summary>Answers about consent that are not what was asked for: who can't be told from somebody that left is not subscribed.</summary>
public sealed class ConsentReadingTests
{
    private const string Jo = "jo@shop-demo.com";
    private static readonly DateTimeOffset s_now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    /// <summary>A merged profile may bear another address than the one it was found by.</summary>
    [Fact]
    public void SomebodyWhoWasNotAskedAbout_LeavesThoseWithoutAProfileUnreadable()
    {
        var subscribed = new EmailConsent(ConsentState.NeverSubscribed, null, null, [], []);

        var found = SubscriptionCalls.ByAddress(
            [Jo, "ann@shop-demo.com", "tom@shop-demo.com"], [new("1", "Ann@Shop-Demo.com", subscribed), new("2", "joanna@elsewhere-demo.com", subscribed)]);

        var decided = found.ToDictionary(pair => pair.Email, pair => Decide(pair.Profile));
        Assert.Equal((3, ConsentDecision.Subscribe), (decided.Count, decided["ann@shop-demo.com"]));
        Assert.Equal((ConsentDecision.Unreadable, ConsentDecision.Unreadable), (decided[Jo], decided["tom@shop-demo.com"]));
        Assert.Equal([Jo], SubscriptionCalls.ByAddress([Jo, "ann@shop-demo.com"], [new("1", "JO@shop-demo.com", subscribed)]).Select(pair => pair.Email));
    }

    [Theory]
    [InlineData("NEVER_SUBSCRIBED", false, "[]", nameof(ConsentDecision.Suppressed))]
    [InlineData("SUBSCRIBED", false, "[]", nameof(ConsentDecision.Suppressed))]
    [InlineData("NEVER_SUBSCRIBED", true, "[]", nameof(ConsentDecision.Subscribe))]
    [InlineData("NEVER_SUBSCRIBED", true, "{}", nameof(ConsentDecision.Suppressed))]
    [InlineData("NEVER_SUBSCRIBED", true, """[{"timestamp":"2026-01-01T00:00:00Z"}]""", nameof(ConsentDecision.Suppressed))]
    [InlineData("UNSUBSCRIBED", false, "[]", nameof(ConsentDecision.OptedOut))]
    [InlineData("never_subscribed", true, "[]", nameof(ConsentDecision.Unreadable))]
    public void WhoGetsNothing_IsNotSubscribed_WhateverTheReason(string consent, bool canReceive, string suppression, string expected) =>
        Assert.Equal(expected, $"{Decide(Read($$"""
            {"consent":"{{consent}}","can_receive_email_marketing":{{(canReceive ? "true" : "false")}},"consent_timestamp":"2026-01-01T00:00:00Z","suppression":{{suppression}},"list_suppressions":[]}
            """))}");

    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    [InlineData("\"SUBSCRIBED\"")]
    public void WithoutItsConsent_AProfileIsUnreadable(string? marketing) => Assert.Equal(ConsentDecision.Unreadable, Decide(Read(marketing ?? "null")));

    private static ConsentDecision Decide(KlaviyoProfile profile) => ConsentRules.Decide([profile], s_now.AddYears(-1), null, null, s_now).Decision;

    private static KlaviyoProfile Read(string marketing)
    {
        var body = new JsonObject
        {
            ["data"] = new JsonArray(new JsonObject
            {
                ["type"] = "profile",
                ["id"] = "01",
                ["attributes"] = new JsonObject
                {
                    ["email"] = Jo,
                    ["subscriptions"] = new JsonObject { ["email"] = new JsonObject { ["marketing"] = JsonNode.Parse(marketing) } },
                },
            }),
        };
        return ProfileBody.Read(new KlaviyoAnswer(Verdict.Accepted, 200, body.ToJsonString(), [], MayHaveArrived: false, RetryAfter: null)).Profiles!.Single();
    }
}
