using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Subscribers;
using ZoeyKlaviyo.Sandbox.Faults;
using ZoeyKlaviyo.Sandbox.Klaviyo.Profiles;
using static ZoeyKlaviyo.Core.Zoey.ZoeySubscriberStatus;

namespace ZoeyKlaviyo.Tests.Subscribers;

/// <summary>What changes in the store, and what Klaviyo is told of it: only what it was not told yet, and only the latest.</summary>
public abstract class SubscriberChangeTests(DatabaseProvider provider) : IAsyncLifetime
{
    private const string Jo = "jo@shop-demo.com";
    private SubscriberHost _host = default!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await SubscriberHost.StartAsync(provider);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Unchanged_AsksAndTellsNothing()
    {
        for (var i = 0; i < 150; i++)
            _host.Store($"s{i:000}@shop-demo.com", i % 2 == 0 ? _host.Connected.AddDays(-3) : null, i % 5 == 0 ? Unsubscribed : Subscribed);
        Assert.Equal(120, (await _host.SyncAsync()).Counts.Sent);
        var calls = (_host.Calls("GET /api/profiles"), _host.Calls("POST /api/profile-subscription-bulk-create-jobs"));
        Assert.Equal((3, 1), calls);

        var run = await _host.SyncAsync();

        // Only the opt-outs are read again.
        Assert.Equal((calls.Item1 + 1, calls.Item2), (_host.Calls("GET /api/profiles"), _host.Calls("POST /api/profile-subscription-bulk-create-jobs")));
        Assert.Equal((RunStatus.Succeeded, "150 subscribers read, none changed: nothing to send."), (run.Status, run.Message));
        Assert.DoesNotContain(_host.Log, entry => entry.Kind == SubscriptionKind.Unsubscribe);
    }

    [Fact]
    public async Task WhoLeavesInTheStore_IsUnsubscribedOnce_AndComesBack()
    {
        _host.Store(Jo, _host.Now.AddHours(-1));
        await _host.SyncAsync();
        _host.Core.Time.Advance(TimeSpan.FromHours(1));
        _host.Store(Jo, _host.Now, Unsubscribed);
        await _host.SyncAsync();
        await _host.SyncAsync();
        Assert.Equal((1, ProfileConsent.Unsubscribed), (_host.UnsubscribedTimes(Jo), _host.ConsentOf(Jo)));

        _host.Core.Time.Advance(TimeSpan.FromHours(1));
        _host.Store(Jo, _host.Now);
        await _host.SyncAsync();

        Assert.Equal((2, ProfileConsent.Subscribed), (_host.SubscribedTimes(Jo), _host.ConsentOf(Jo)));
    }

    /// <summary>A store without dates: who is seen unsubscribed in one whole list and subscribed in a later one has consented in between.</summary>
    [Fact]
    public async Task WithoutDates_WhoLeavesAndComesBack_IsSubscribedAgain()
    {
        _host.Store(Jo);
        await _host.SyncAsync();
        _host.Core.Time.Advance(TimeSpan.FromDays(1));
        _host.Store(Jo, null, Unsubscribed);
        await _host.SyncAsync();
        Assert.Equal(ProfileConsent.Unsubscribed, _host.ConsentOf(Jo));
        _host.Core.Time.Advance(TimeSpan.FromDays(1));
        await _host.SyncAsync();
        _host.Store(Jo);

        await _host.SyncAsync();

        Assert.Equal(ProfileConsent.Subscribed, _host.ConsentOf(Jo));
    }

    /// <summary>They left through a mail of Klaviyo's; the store does not know and goes on showing them as subscribed.</summary>
    [Fact]
    public async Task WhoLeftInKlaviyo_StaysOut_WhateverTheStoreSays()
    {
        _host.Store(Jo, _host.Now.AddHours(-1));
        await _host.SyncAsync();
        _host.Klaviyo.Unsubscribe(SubscriberHost.Account, Jo);
        _host.Core.Time.Advance(TimeSpan.FromDays(1));

        await _host.SyncAsync();
        await _host.PushAsync(Jo, Subscribed, _host.Connected.AddHours(1));
        await _host.ImportAsync($"Email,Status\n{Jo},Subscribed\n");
        await _host.EventsAsync();

        Assert.Equal((1, ProfileConsent.Unsubscribed), (_host.SubscribedTimes(Jo), _host.ConsentOf(Jo)));
    }

    [Fact]
    public async Task FirstSeenUnsubscribed_IsToldOnlyWhenItHappenedSinceTheConnection()
    {
        _host.Store("before@shop-demo.com", _host.Connected.AddDays(-1), Unsubscribed);
        _host.Store("nodate@shop-demo.com", null, Unsubscribed);
        _host.Store("since@shop-demo.com", _host.Connected.AddHours(1), Unsubscribed);
        _host.Store("pending@shop-demo.com", _host.Connected.AddHours(1), NotActive);
        _host.Store("unconfirmed@shop-demo.com", null, Unconfirmed);

        await _host.SyncAsync();

        Assert.Equal(["since@shop-demo.com"], _host.Log.Select(entry => entry.Email));
    }

    [Fact]
    public async Task HistoricalSwitch_KeepsBack_AndLetsGo()
    {
        await _host.Core.SetAsync(Switch.HistoricalSubscribers, false);
        _host.Store("old@shop-demo.com", _host.Connected.AddDays(-9));
        _host.Store("nodate@shop-demo.com");
        _host.Store("new@shop-demo.com", _host.Connected.AddHours(1));

        var run = await _host.SyncAsync();
        Assert.Equal(["new@shop-demo.com"], _host.Log.Select(entry => entry.Email));
        Assert.Equal((2, "historical_off"), (run.Counts.Skipped, (await _host.RecordAsync(run, "old@shop-demo.com")).ErrorCode));
        Assert.Equal(0, (await _host.SyncAsync()).Counts.Skipped);

        await _host.Core.SetAsync(Switch.HistoricalSubscribers, true);
        await _host.SyncAsync();
        var sent = _host.Log.Where(entry => entry.Historical).ToDictionary(entry => entry.Email, entry => entry.ConsentedAt);
        Assert.Equal(2, sent.Count);
        Assert.Equal(_host.Connected.AddDays(-9).ToUnixTimeSeconds(), sent["old@shop-demo.com"]!.Value.ToUnixTimeSeconds());
        // Without a date, the time of the connection stands for it.
        Assert.Equal(_host.Connected.ToUnixTimeSeconds(), sent["nodate@shop-demo.com"]!.Value.ToUnixTimeSeconds());
    }

    [Fact]
    public async Task Held_WhileDisabledOrOff_AndToldAfterwards()
    {
        await _host.Core.SetAsync(Switch.Subscribers, false);
        _host.Store("a@shop-demo.com", _host.Now);
        await _host.PushAsync("b@shop-demo.com");
        await _host.PushAsync("c@shop-demo.com", Unsubscribed);

        Assert.Equal((RunStatus.Skipped, "Subscribers is No: what waits is held."), ((await _host.SyncAsync()).Status, (await _host.SyncAsync()).Message));
        await _host.EventsAsync();
        Assert.Empty(_host.Log);

        await _host.Core.SetAsync(Switch.Subscribers, true);
        // Who left is told with the next Events run, the others with the next Subscribers run.
        await _host.EventsAsync();
        Assert.Equal(["c@shop-demo.com"], _host.Log.Select(entry => entry.Email));
        await _host.SyncAsync();
        Assert.Equal(["a@shop-demo.com", "b@shop-demo.com", "c@shop-demo.com"], _host.Log.Select(entry => entry.Email).Order());
    }

    [Fact]
    public async Task OnlyTheLatestOfAnAddress_IsSent()
    {
        await _host.PushAsync(Jo, Subscribed);
        await _host.PushAsync(Jo, Unsubscribed);
        await _host.PushAsync("ann@shop-demo.com", Unsubscribed);
        await _host.PushAsync("ann@shop-demo.com", Subscribed);

        await _host.EventsAsync();

        Assert.Equal([("ann@shop-demo.com", SubscriptionKind.Subscribe), (Jo, SubscriptionKind.Unsubscribe)], _host.Log.Select(entry => (entry.Email, entry.Kind)).OrderBy(one => one.Email));
        Assert.Equal(
            [(Metrics.Subscribe, PayloadState.Superseded), (Metrics.Unsubscribe, PayloadState.Sent), (Metrics.Unsubscribe, PayloadState.Superseded), (Metrics.Subscribe, PayloadState.Sent)],
            (await _host.PayloadsAsync()).Select(payload => (payload.Metric, payload.State)));
    }

    [Fact]
    public async Task OnePush_WithSeveralChangesOfAPerson_CountsInItsOrder()
    {
        var answer = await _host.PushAsync("1", $$"""[{"subscriber_email":"{{Jo}}","subscriber_status":1},{"subscriber_email":"JO@shop-demo.com","subscriber_status":"3"}]""");

        Assert.Equal(2, answer.Accepted);
        await _host.EventsAsync();
        Assert.Equal([SubscriptionKind.Unsubscribe], _host.Log.Select(entry => entry.Kind));
    }

    [Fact]
    public async Task SignedPushAgain_FlipsNobodyBack()
    {
        var body = $$"""{"subscriber_email":"{{Jo}}","subscriber_status":1}""";
        await _host.PushAsync("1767225600", body);
        await _host.EventsAsync();
        await _host.PushAsync(Jo, Unsubscribed);
        await _host.EventsAsync();

        var again = await _host.PushAsync("1767225600", body);
        await _host.EventsAsync();

        Assert.Equal((0, "duplicate"), (again.Accepted, again.Ignored.Single().Reason));
        Assert.Equal((1, ProfileConsent.Unsubscribed), (_host.SubscribedTimes(Jo), _host.ConsentOf(Jo)));
        // The same words of a later moment are a change of their own.
        _host.Core.Time.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal(1, (await _host.PushAsync("1767226800", body)).Accepted);
        await _host.EventsAsync();
        Assert.Equal(ProfileConsent.Subscribed, _host.ConsentOf(Jo));
    }

    /// <summary>An older push that comes late does not undo a newer change.</summary>
    [Fact]
    public async Task PushThatIsOlderThanWhatIsKnown_ChangesNothing()
    {
        await _host.PushAsync(Jo, Unsubscribed, _host.Now.AddMinutes(-5));
        await _host.PushAsync(Jo, Subscribed, _host.Now.AddMinutes(-10));

        await _host.EventsAsync();

        Assert.Equal([SubscriptionKind.Unsubscribe], _host.Log.Select(entry => entry.Kind));
    }

    [Fact]
    public async Task NewSubscriber_GoesOutWithTheNextEventsRun_WithoutTheFlag()
    {
        _host.Store("old@shop-demo.com");
        await _host.EventsAsync();
        Assert.Empty(_host.Log);

        _host.Store(Jo);
        var run = await _host.EventsAsync();

        var entry = Assert.Single(_host.Log);
        Assert.Equal((Jo, false), (entry.Email, entry.Historical));
        Assert.Equal((1, RecordResult.Sent), (run.Counts.Sent, (await _host.RecordAsync(run, Jo)).Result));
        await _host.SyncAsync();
        Assert.Equal(1, _host.SubscribedTimes(Jo));
        Assert.True(_host.Log.Single(one => one.Email == "old@shop-demo.com").Historical);
    }

    [Fact]
    public async Task ChangeOfAnOlderSubscriber_GoesOutWithTheNextEventsRun_WhereTheStoreCanTell()
    {
        for (var i = 0; i < 250; i++)
            _host.Store($"s{i:000}@shop-demo.com", _host.Now.AddHours(-1));
        await _host.SyncAsync();
        await _host.EventsAsync();
        _host.Store("s003@shop-demo.com", _host.Now, Unsubscribed);

        await _host.EventsAsync();

        Assert.Equal(1, _host.UnsubscribedTimes("s003@shop-demo.com"));
        var summary = await _host.Core.Get<SubscriberOverview>().ReadAsync(_host.Core.Store, Cancel);
        Assert.Equal(SubscriberSpeed.WithinMinutes, summary!.Speed);
        _host.Zoey.RefusesChanges = true;
        await _host.EventsAsync();
        Assert.Equal(SubscriberSpeed.NewWithinMinutes, (await _host.Core.Get<SubscriberOverview>().ReadAsync(_host.Core.Store, Cancel))!.Speed);
    }

    [Fact]
    public async Task Addresses_AreOnePersonHoweverTheyAreWritten()
    {
        _host.Store("  Jo.Plus+Tag@Shop-Demo.com ", _host.Now.AddMinutes(-3));
        _host.Store("jo.plus+tag@shop-demo.com", _host.Now.AddMinutes(-3));
        _host.Store("ann@müller-shop.de", _host.Now.AddMinutes(-3));
        _host.Store("not an address", _host.Now.AddMinutes(-3));
        _host.Store("spaces in@shop-demo.com", _host.Now.AddMinutes(-3));

        var run = await _host.SyncAsync();

        Assert.Equal(["ann@xn--mller-shop-9db.de", "jo.plus+tag@shop-demo.com"], _host.Log.Select(entry => entry.Email).Order());
        Assert.Equal(2, run.Counts.Failed);
        Assert.Equal(0, (await _host.SyncAsync()).Counts.Failed);
    }

    /// <summary>Two rows of one person, as one a store view: who left in one of them has left, until a newer row says otherwise.</summary>
    [Fact]
    public async Task SeveralRowsOfAnAddress_DoNotFlipEachOther()
    {
        _host.Store(Jo);
        _host.Store("Jo@shop-demo.com", null, Unsubscribed);
        for (var i = 0; i < 3; i++)
            await _host.SyncAsync();
        Assert.Equal((0, 0), (_host.SubscribedTimes(Jo), _host.UnsubscribedTimes(Jo)));

        _host.Store("Jo@shop-demo.com", _host.Now.AddMinutes(-1));
        await _host.SyncAsync();
        await _host.SyncAsync();
        Assert.Equal(1, _host.SubscribedTimes(Jo));
    }

    /// <summary>A store whose clock is wrong, or in another time zone, proves nothing by it.</summary>
    [Fact]
    public async Task DateInTheFuture_DoesNotBeatAnOptOut()
    {
        _host.OptedOut(Jo, _host.Now.AddMinutes(-30));
        _host.Store(Jo, _host.Now.AddHours(5));

        await _host.SyncAsync();

        Assert.Empty(_host.Log);
    }

    [Fact]
    public async Task InDoubt_IsAskedAboutBeforeItIsSentAgain()
    {
        _host.Faults.Add(new Fault("POST /api/profile-subscription-bulk-create-jobs", FaultKind.LostAnswer, Times: 1));
        await _host.PushAsync(Jo);

        await _host.EventsAsync();
        Assert.True((await _host.PayloadsAsync()).Single().InDoubt);
        for (var i = 0; i < 3; i++)
        {
            _host.Core.Time.Advance(TimeSpan.FromMinutes(10));
            await _host.EventsAsync();
            await _host.RetriesAsync();
        }

        Assert.Equal((1, ProfileConsent.Subscribed), (_host.SubscribedTimes(Jo), _host.ConsentOf(Jo)));
        Assert.Equal(PayloadState.Skipped, (await _host.PayloadsAsync()).Single().State);
        Assert.Equal(SubscriberOutcome.AlreadySubscribed, (await _host.SubscriberAsync(Jo)).Outcome);
    }

    /// <summary>Klaviyo works on its jobs in no promised order: who left right after subscribing is told a second time.</summary>
    [Fact]
    public async Task WhoLeavesRightAfterSubscribing_IsToldTwice()
    {
        await _host.PushAsync(Jo);
        await _host.EventsAsync();
        await _host.PushAsync(Jo, Unsubscribed);
        await _host.EventsAsync();
        await _host.EventsAsync();
        Assert.Equal(1, _host.UnsubscribedTimes(Jo));

        _host.Core.Time.Advance(TimeSpan.FromMinutes(20));
        await _host.EventsAsync();
        await _host.EventsAsync();

        Assert.Equal((2, SubscriberOutcome.Unsubscribed), (_host.UnsubscribedTimes(Jo), (await _host.SubscriberAsync(Jo)).Outcome));
    }
}

public sealed class SqliteSubscriberChangeTests() : SubscriberChangeTests(DatabaseProvider.Sqlite);

public sealed class PostgresSubscriberChangeTests() : SubscriberChangeTests(DatabaseProvider.Postgres);
