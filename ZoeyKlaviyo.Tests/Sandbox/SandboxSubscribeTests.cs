using System.Net;
using System.Net.Http.Json;
using ZoeyKlaviyo.Sandbox.Klaviyo.Profiles;
using static ZoeyKlaviyo.Tests.Sandbox.ConsentSession;
using static ZoeyKlaviyo.Tests.Sandbox.KlaviyoBodies;

namespace ZoeyKlaviyo.Tests.Sandbox;

/// <summary>What accepted subscribe and unsubscribe calls make of people.</summary>
public sealed class SandboxSubscribeTests
{
    private const string Jo = "jo@shop.test";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("single_opt_in", null, false, true)]
    [InlineData("double_opt_in", null, false, false)]
    [InlineData(null, "single_opt_in", false, true)]
    [InlineData(null, "double_opt_in", false, false)]
    [InlineData(null, null, false, false)]
    [InlineData("double_opt_in", null, true, true)]
    [InlineData(null, "double_opt_in", true, true)]
    public async Task Subscribe_SomebodyNew_GoesByTheOptIn(string? listOptIn, string? defaultOptIn, bool historical, bool subscribed)
    {
        await using var session = await SandboxSession.ConnectAsync();
        if (defaultOptIn is not null)
            await SetAsync(session, new { defaultOptIn });
        var list = listOptIn is null ? null : session.ListOf(listOptIn);
        var consentedAt = historical ? "2025-11-03T10:00:00Z" : null;
        await session.PostAcceptedAsync(SubscribePath, Subscribe(list, historical, Subscriber("Jo@Shop.test", consentedAt: consentedAt)));
        var entry = Assert.Single(session.Server.Profiles.Log);
        Assert.Equal((SubscriptionKind.Subscribe, historical, list, Now, false), (entry.Kind, entry.Historical, entry.ListId, entry.At, entry.HadLeft));
        if (!subscribed)
        {
            Assert.Equal(SubscriptionState.AwaitingConfirmation, entry.State);
            Assert.Null(session.Profile(Jo));
            return;
        }
        Assert.Equal(SubscriptionState.Applied, entry.State);
        var profile = session.Profile(Jo)!;
        Assert.Equal(
            (ProfileConsent.Subscribed, historical ? new(2025, 11, 3, 10, 0, 0, TimeSpan.Zero) : Now, Jo, "Zoey store", false),
            (profile.Consent, profile.ConsentTimestamp!.Value, profile.Email, profile.CustomMethodDetail, profile.DoubleOptin));
        Assert.Equal(list is null ? [] : [list], profile.Lists);
    }

    [Fact]
    public async Task Confirmation_WithinThreeDays_SubscribesFromThenOn()
    {
        await using var session = await SandboxSession.ConnectAsync();
        var list = session.ListOf("double_opt_in");
        await session.PostAcceptedAsync(SubscribePath, Subscribe(list, false, Subscriber(Jo)));
        session.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.OK, await DoAsync(session, "confirm"));
        var profile = session.Profile(Jo)!;
        Assert.Equal((ProfileConsent.Subscribed, Now.AddHours(1), true), (profile.Consent, profile.ConsentTimestamp, profile.DoubleOptin));
        Assert.Equal([list], profile.Lists);
        Assert.Equal(SubscriptionState.Confirmed, Assert.Single(session.Server.Profiles.Log).State);
        Assert.Equal(HttpStatusCode.NotFound, await DoAsync(session, "confirm"));
    }

    [Fact]
    public async Task Confirmation_AfterThreeDays_IsTooLate()
    {
        await using var session = await SandboxSession.ConnectAsync();
        await session.PostAcceptedAsync(SubscribePath, Subscribe(Subscriber(Jo)));
        session.Clock.Advance(TimeSpan.FromHours(72));
        Assert.Equal(HttpStatusCode.NotFound, await DoAsync(session, "confirm"));
        Assert.Null(session.Profile(Jo));
    }

    [Fact]
    public async Task Subscribe_OfSomebodySuppressed_LiftsWhatAPersonCanUndo()
    {
        await using var session = await SandboxSession.ConnectAsync();
        var list = session.ListOf("single_opt_in");
        await session.SetConsentAsync(Jo, new
        {
            consent = "UNSUBSCRIBED",
            consentTimestamp = "2026-01-01T00:00:00Z",
            suppressions = new[] { "UNSUBSCRIBE", "SPAM_COMPLAINT", "USER_SUPPRESSED", "HARD_BOUNCE", "INVALID_EMAIL" }.Select(reason => new { reason, timestamp = "2026-01-01T00:00:00Z" }),
            listSuppressions = new[] { list, "Other1" }.Select(listId => new { listId, reason = "USER_SUPPRESSED", timestamp = "2026-01-01T00:00:00Z" }),
        });
        await session.PostAcceptedAsync(SubscribePath, Subscribe(list, false, Subscriber(Jo)));
        var profile = session.Profile(Jo)!;
        Assert.Equal((ProfileConsent.Subscribed, Now, false), (profile.Consent, profile.ConsentTimestamp, profile.CanReceive));
        Assert.Equal(["HARD_BOUNCE", "INVALID_EMAIL"], profile.Suppressions.Select(one => one.Reason));
        Assert.Equal(["Other1"], profile.ListSuppressions.Select(one => one.ListId));
        var entry = Assert.Single(session.Server.Profiles.Log);
        Assert.Equal((true, ProfileConsent.Unsubscribed, 5), (entry.HadLeft, entry.ConsentAtCall, entry.SuppressionsAtCall.Count));
        Assert.Equal(
            """{"subscribe":{"calls":1,"rows":1,"distinct":1},"unsubscribe":{"calls":0,"rows":0,"distinct":0},"pending":0,"awaitingConfirmation":0,"hadLeft":1}""",
            await session.Http.GetStringAsync("/sandbox/subscriptions/counts", Cancel));
    }

    [Fact]
    public async Task DoubleOptIn_OfSomebodyWhoLeft_ChangesNothingUntilConfirmed()
    {
        await using var session = await SandboxSession.ConnectAsync();
        await DoAsync(session, "unsubscribe");
        var before = session.Profile(Jo);
        await session.PostAcceptedAsync(SubscribePath, Subscribe(Subscriber(Jo)));
        Assert.Equal(before, session.Profile(Jo));
        Assert.True(Assert.Single(session.Server.Profiles.Log).HadLeft);
    }

    [Theory]
    [InlineData("2025-01-01T00:00:00Z")]
    [InlineData("2026-01-01T00:00:00Z")]
    public async Task Historical_OfASubscriber_KeepsTheStoredTime(string consentedAt)
    {
        await using var session = await SandboxSession.ConnectAsync();
        await session.SetConsentAsync(Jo, new { consent = "SUBSCRIBED", consentTimestamp = "2026-01-01T00:00:00Z" });
        await session.PostAcceptedAsync(SubscribePath, Subscribe(session.ListOf("single_opt_in"), true, Subscriber(Jo, consentedAt: consentedAt)));
        Assert.Equal(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), session.Profile(Jo)!.ConsentTimestamp);
        Assert.Single(session.Profile(Jo)!.Lists);
    }

    [Fact]
    public async Task Unsubscribe_WithoutAList_IsForEverything()
    {
        await using var session = await SandboxSession.ConnectAsync();
        await session.SetConsentAsync(Jo, new { consent = "SUBSCRIBED", consentTimestamp = "2026-01-01T00:00:00Z", lists = new[] { "AAA111" } });
        await session.PostAcceptedAsync(UnsubscribePath, Unsubscribe(null, Jo, "new@shop.test"));
        Assert.All(["new@shop.test", Jo], email =>
        {
            var profile = session.Profile(email)!;
            Assert.Equal((ProfileConsent.Unsubscribed, Now, false), (profile.Consent, profile.ConsentTimestamp, profile.CanReceive));
            Assert.Equal([new Suppression("UNSUBSCRIBE", Now)], profile.Suppressions);
            Assert.Empty(profile.Lists);
        });
        Assert.Equal([1L, 1L], session.Server.Profiles.Log.Select(one => one.Job));
    }

    [Fact]
    public async Task Unsubscribe_WithAList_EndsMembershipOrEverything()
    {
        await using var session = await SandboxSession.ConnectAsync();
        var list = session.ListOf("single_opt_in");
        await session.PostAcceptedAsync(SubscribePath, Subscribe(list, false, Subscriber(Jo)));
        await session.PostAcceptedAsync(UnsubscribePath, Unsubscribe(list, Jo));
        Assert.Equal((ProfileConsent.Subscribed, 0), (session.Profile(Jo)!.Consent, session.Profile(Jo)!.Lists.Count));
        await session.PostAcceptedAsync(UnsubscribePath, Unsubscribe(list, Jo));
        Assert.Equal(ProfileConsent.Unsubscribed, session.Profile(Jo)!.Consent);
    }

    [Fact]
    public async Task Calls_WithADelay_TakeEffectWhenItIsOver()
    {
        await using var session = await SandboxSession.ConnectAsync();
        await SetAsync(session, new { defaultOptIn = "single_opt_in", delaySeconds = 90 });
        await session.PostAcceptedAsync(SubscribePath, Subscribe(Subscriber(Jo)));
        session.Clock.Advance(TimeSpan.FromSeconds(89));
        Assert.Null(session.Profile(Jo));
        Assert.Equal(SubscriptionState.Pending, session.Server.Profiles.Log[0].State);
        session.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((ProfileConsent.Subscribed, Now), (session.Profile(Jo)!.Consent, session.Profile(Jo)!.ConsentTimestamp));
        Assert.Equal(SubscriptionState.Applied, session.Server.Profiles.Log[0].State);
    }

    [Theory]
    [InlineData(true, ProfileConsent.Unsubscribed, SubscriptionState.Overtaken)]
    [InlineData(false, ProfileConsent.Subscribed, SubscriptionState.Applied)]
    public async Task PersonWhoLeaves_BeforeTheCallTakesEffect_IsKeptOutOnlyByAnImport(bool historical, ProfileConsent consent, SubscriptionState state)
    {
        await using var session = await SandboxSession.ConnectAsync();
        await SetAsync(session, new { defaultOptIn = "single_opt_in", delaySeconds = 60 });
        await session.PostAcceptedAsync(SubscribePath, Subscribe(null, historical, Subscriber(Jo, consentedAt: historical ? "2026-11-23T16:00:00Z" : null)));
        session.Clock.Advance(TimeSpan.FromSeconds(30));
        await DoAsync(session, "unsubscribe");
        session.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal((consent, state, false), (session.Profile(Jo)!.Consent, session.Server.Profiles.Log[0].State, session.Server.Profiles.Log[0].HadLeft));
    }

    [Theory]
    [InlineData("{\"defaultOptIn\":\"triple\"}")]
    [InlineData("{\"delay\":5}")]
    [InlineData("[]")]
    public async Task Settings_Wrong_AreRefused(string body)
    {
        await using var session = await SandboxSession.ConnectAsync();
        using var answer = await session.Http.PutAsync("/sandbox/subscriptions/settings", new StringContent(body), Cancel);
        Assert.Equal((HttpStatusCode.BadRequest, new ConsentSettings()), (answer.StatusCode, session.Server.Profiles.Settings));
    }

    private static async Task SetAsync(SandboxSession session, object settings)
    {
        using var answer = await session.Http.PutAsJsonAsync("/sandbox/subscriptions/settings", settings, Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static async Task<HttpStatusCode> DoAsync(SandboxSession session, string what)
    {
        using var answer = await session.Http.PostAsync($"/sandbox/profiles/{Jo}/{what}", null, Cancel);
        return answer.StatusCode;
    }
}
