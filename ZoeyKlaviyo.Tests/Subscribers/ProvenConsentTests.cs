using System.Globalization;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Subscribers;
using ZoeyKlaviyo.Core.Zoey;
using ZoeyKlaviyo.Sandbox.Faults;
using ZoeyKlaviyo.Sandbox.Klaviyo.Lists;
using ZoeyKlaviyo.Sandbox.Klaviyo.Profiles;
using static ZoeyKlaviyo.Core.Zoey.ZoeySubscriberStatus;

namespace ZoeyKlaviyo.Tests.Subscribers;

/// <summary>
/// What looks like a newer consent and is none: what a source did not show, an old file, a store without ids or order, and what changed while Klaviyo was
/// asked. The database does not take part in it.
/// </summary>
public sealed class ProvenConsentTests : IAsyncLifetime
{
    private const string Subscribe = "POST /api/profile-subscription-bulk-create-jobs";
    private const string Jo = "jo@shop-demo.com";
    private SubscriberHost _host = default!;

    public async ValueTask InitializeAsync() => _host = await SubscriberHost.StartAsync(DatabaseProvider.Sqlite);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    /// <summary>Subscribed in the store, and left through a mail, before a listing that lost the row: that listing did not see them unsubscribed.</summary>
    [Fact]
    public async Task WithoutDates_AListingThatLostTheRow_ProvesNothing()
    {
        _host.Store("ann@shop-demo.com");
        _host.Store(Jo, null, Unsubscribed);
        await _host.SyncAsync();
        _host.Core.Time.Advance(TimeSpan.FromHours(20));
        _host.OptedOut(Jo, _host.Now);
        _host.Core.Time.Advance(TimeSpan.FromHours(4));
        var lost = _host.Zoey.Subscribers.Single(row => row.Email == Jo);
        _host.Zoey.Subscribers.Remove(lost);
        await _host.SyncAsync();
        _host.Core.Time.Advance(TimeSpan.FromDays(1));
        _host.Zoey.Subscribers.Add(lost with { Status = Subscribed });

        await _host.SyncAsync();

        Assert.Equal((0, ProfileConsent.Unsubscribed), (_host.SubscribedTimes(Jo), _host.ConsentOf(Jo)));
    }

    /// <summary>When the file was made is not known: after it they may have subscribed, and left.</summary>
    [Fact]
    public async Task WithoutDates_ThatAFileHadThemUnsubscribed_ProvesNothing()
    {
        _host.OptedOut(Jo, _host.Now.AddHours(-1));
        _host.Zoey.IsSetUp = false;
        await _host.ImportAsync($"Email,Status\n{Jo},Unsubscribed\n");
        _host.Zoey.IsSetUp = true;
        _host.Store(Jo);

        await _host.SyncAsync();

        Assert.Empty(_host.Log);
    }

    [Fact]
    public async Task TwoRowsOfAnAddress_WithoutIds_AreNoChange()
    {
        _host.OptedOut(Jo, _host.Now.AddHours(-1));
        _host.Zoey.Subscribers.AddRange([new ZoeySubscriber(null, Jo, Unsubscribed, null), new ZoeySubscriber(null, Jo, Subscribed, null)]);

        for (var day = 0; day < 3; day++)
        {
            await _host.SyncAsync();
            _host.Core.Time.Advance(TimeSpan.FromDays(1));
        }

        Assert.Empty(_host.Log);
    }

    /// <summary>Klaviyo never heard of them, as they left in the store before the connection.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(-1)]
    public async Task FileThatMayBeOlder_BringsNobodyBackWhoLeftInTheStore(int? daysAfterTheStoreWasRead)
    {
        _host.Store(Jo, null, Unsubscribed);
        await _host.SyncAsync();
        _host.Zoey.IsSetUp = false;
        _host.Core.Time.Advance(TimeSpan.FromHours(1));

        await _host.ImportAsync(File(daysAfterTheStoreWasRead is { } days ? _host.Now.AddDays(days) : null));
        await _host.EventsAsync();

        Assert.Empty(_host.Log);
    }

    [Fact]
    public async Task FileWithALaterDate_BringsThemBack()
    {
        _host.Store(Jo, null, Unsubscribed);
        await _host.SyncAsync();
        _host.Zoey.IsSetUp = false;
        _host.Core.Time.Advance(TimeSpan.FromDays(1));

        await _host.ImportAsync(File(_host.Now.AddHours(-1)));

        Assert.Equal([(Jo, false)], _host.Log.Select(entry => (entry.Email, entry.Historical)));
    }

    /// <summary>A file without dates does not tell when they confirmed: no welcome mails for what may be years ago.</summary>
    [Fact]
    public async Task FileWithoutDates_IsHistorical_AlsoAsAChange()
    {
        _host.Zoey.IsSetUp = false;
        await _host.ImportAsync($"Email,Status\n{Jo},Unconfirmed\n");
        _host.Core.Time.Advance(TimeSpan.FromDays(1));

        await _host.ImportAsync(File(null));

        Assert.Equal([(Jo, true)], _host.Log.Select(entry => (entry.Email, entry.Historical)));
    }

    /// <summary>The network brings the earlier one last.</summary>
    [Fact]
    public async Task PushesInTheWrongOrder_WhoLeftHasLeft()
    {
        var signed = _host.Now.ToUnixTimeSeconds();
        await PushSignedAsync(signed, 3);
        await PushSignedAsync(signed - 2, 1);

        await _host.EventsAsync();

        Assert.Equal([SubscriptionKind.Unsubscribe], _host.Log.Select(entry => entry.Kind));
    }

    /// <summary>Who is the newest can't be known, so nobody without a date counts as new: they had subscribed before.</summary>
    [Fact]
    public async Task StoreThatCannotSort_MakesNobodyNew()
    {
        await _host.Core.SetAsync(Switch.HistoricalSubscribers, false);
        _host.Zoey.IgnoresOrder = true;
        for (var i = 0; i < 250; i++)
            _host.Store($"s{i:000}@shop-demo.com");

        await _host.EventsAsync();
        await _host.SyncAsync();
        await _host.EventsAsync();

        Assert.Empty(_host.Log);
        _host.Store(Jo);
        await _host.SyncAsync();
        Assert.Equal([(Jo, false)], _host.Log.Select(entry => (entry.Email, entry.Historical)));
    }

    /// <summary>The store's clock is a minute ahead: when its date has come, it is the same subscription.</summary>
    [Fact]
    public async Task DateAMomentAhead_AsksForOneConfirmation()
    {
        _host.Klaviyo.Settings = new ConsentSettings(ListBook.DoubleOptIn);
        await _host.EventsAsync();
        _host.Store(Jo, _host.Now.AddMinutes(1));

        for (var i = 0; i < 3; i++)
        {
            await _host.EventsAsync();
            _host.Core.Time.Advance(TimeSpan.FromMinutes(10));
        }

        await _host.SyncAsync();
        Assert.Equal(1, _host.SubscribedTimes(Jo));
    }

    /// <summary>Back in the store before Klaviyo was told that they had left: what stands there is what we said, not what they did.</summary>
    [Fact]
    public async Task BackBeforeWeHadTold_IsSubscribedAgain()
    {
        _host.Store(Jo, _host.Now.AddHours(-1));
        await _host.SyncAsync();
        _host.Core.Time.Advance(TimeSpan.FromHours(1));
        var left = _host.Now;
        _host.Store(Jo, left, Unsubscribed);
        _host.Core.Time.Advance(TimeSpan.FromMinutes(10));
        await _host.SyncAsync();
        _host.Store(Jo, left.AddMinutes(5));
        _host.Core.Time.Advance(TimeSpan.FromHours(1));
        await _host.SyncAsync();
        Assert.Equal((2, ProfileConsent.Subscribed), (_host.SubscribedTimes(Jo), _host.ConsentOf(Jo)));

        // What they did themselves is another matter.
        _host.Core.Time.Advance(TimeSpan.FromHours(1));
        left = _host.Now;
        _host.Store(Jo, left, Unsubscribed);
        _host.Core.Time.Advance(TimeSpan.FromMinutes(5));
        _host.Klaviyo.Unsubscribe(SubscriberHost.Account, Jo);
        _host.Core.Time.Advance(TimeSpan.FromMinutes(5));
        await _host.SyncAsync();
        _host.Store(Jo, left.AddMinutes(2));
        _host.Core.Time.Advance(TimeSpan.FromHours(1));
        await _host.SyncAsync();
        Assert.Equal(2, _host.SubscribedTimes(Jo));
    }

    [Fact]
    public async Task LeavesWhileTheCallHasToWait_IsAskedAboutAgain()
    {
        await _host.PushAsync(Jo);
        _host.Faults.Add(new Fault("GET /api/profiles", FaultKind.Throttle, RetryAfter: 50, Times: 1));
        _host.Faults.Add(new Fault(Subscribe, FaultKind.Throttle, RetryAfter: 55, Times: 1));
        _host.BetweenQuestionAndCall(() => _host.OptedOut(Jo, _host.Now));

        await _host.EventsAsync();
        _host.Core.Time.Advance(TimeSpan.FromMinutes(10));
        await _host.EventsAsync();
        await _host.RetriesAsync();

        Assert.Empty(_host.Log);
        Assert.Equal(SubscriberOutcome.OptedOut, (await _host.SubscriberAsync(Jo)).Outcome);
    }

    [Fact]
    public async Task LeavesInTheStore_WhileKlaviyoIsAsked_IsNotSubscribed()
    {
        await _host.PushAsync(Jo);
        _host.WhileKlaviyoIsAsked(() => _host.PushAsync(Jo, Unsubscribed));

        await _host.EventsAsync();
        await _host.EventsAsync();

        Assert.Equal([SubscriptionKind.Unsubscribe], _host.Log.Select(entry => entry.Kind));
    }

    [Fact]
    public async Task HistoricalSwitch_TurnedOffWhileKlaviyoIsAsked_Counts()
    {
        _host.Store(Jo, _host.Connected.AddDays(-9));
        _host.WhileKlaviyoIsAsked(() => _host.Core.SetAsync(Switch.HistoricalSubscribers, false));

        await _host.SyncAsync();
        await _host.EventsAsync();

        Assert.Empty(_host.Log);
        Assert.Equal(SubscriberOutcome.HistoricalOff, (await _host.SubscriberAsync(Jo)).Outcome);
    }

    /// <summary>The question was about the suppressions of one list; the call must not go to it, nor unasked to another.</summary>
    [Fact]
    public async Task ListChangedWhileKlaviyoIsAsked_IsAskedAboutAgain()
    {
        await _host.ChooseListAsync(isDoubleOptIn: false);
        _host.Store(Jo, _host.Now.AddHours(-1));
        _host.WhileKlaviyoIsAsked(() => _host.ChooseListAsync(isDoubleOptIn: null));

        await _host.SyncAsync();
        await _host.EventsAsync();

        Assert.Equal([(Jo, (string?)null)], _host.Log.Select(entry => (entry.Email, entry.ListId)));
    }

    /// <summary>Klaviyo keeps an address as it was given: the domain in its own letters is the same person.</summary>
    [Fact]
    public async Task LeftUnderTheDomainsOwnLetters_IsNotSubscribed()
    {
        _host.OptedOut("ann@müller-shop.de", _host.Now.AddHours(-1));
        _host.Store("ann@müller-shop.de", _host.Now.AddHours(-2));

        var run = await _host.SyncAsync();

        Assert.Empty(_host.Log);
        Assert.Equal("opted_out", (await _host.RecordAsync(run, "ann@xn--mller-shop-9db.de")).ErrorCode);
    }

    /// <summary>Who could not be told for days is sent only once the store was read again: they may have left since.</summary>
    [Fact]
    public async Task WaitedForDays_AndTheListBreaksOff_NobodyIsSubscribedUnread()
    {
        for (var i = 0; i < 150; i++)
            _host.Store($"s{i:000}@shop-demo.com", _host.Now.AddHours(-1));
        _host.Faults.Add(new Fault("GET /api/profiles", FaultKind.Html));
        await _host.SyncAsync();
        _host.Faults.Clear();
        _host.Core.Time.Advance(TimeSpan.FromDays(2));
        _host.Store("s140@shop-demo.com", _host.Now, Unsubscribed);
        _host.Zoey.OnAsked = what =>
        {
            if (what == "subscribers page 2")
                throw new ZoeyException(ZoeyProblem.Unavailable, "The store does not answer.");
        };

        await _host.SyncAsync();
        Assert.Equal(0, _host.SubscribedTimes("s140@shop-demo.com"));

        _host.Zoey.OnAsked = _ => { };
        await _host.SyncAsync();
        Assert.Equal((149, 0), (_host.Log.Count(entry => entry.Kind == SubscriptionKind.Subscribe), _host.SubscribedTimes("s140@shop-demo.com")));
    }

    /// <summary>What was held for days goes out only once the store's list was read again.</summary>
    [Fact]
    public async Task HeldForDays_ThenEnabled_OnlyWhoIsStillSubscribedInTheStore()
    {
        await _host.EventsAsync();
        _host.Store("left@shop-demo.com");
        _host.Store("stays@shop-demo.com");
        _host.Faults.Add(new Fault("GET /api/profiles", FaultKind.Html));
        await _host.EventsAsync();
        _host.Faults.Clear();
        Assert.Equal(2, (await _host.PayloadsAsync()).Count(payload => payload.State is PayloadState.New or PayloadState.Retry));
        await _host.Core.SetAsync(Switch.IsEnabled, false);
        _host.Core.Time.Advance(TimeSpan.FromDays(3));
        _host.Store("left@shop-demo.com", status: Unsubscribed);
        await _host.Core.SetAsync(Switch.IsEnabled, true);
        _host.Zoey.OnAsked = _ => throw new ZoeyException(ZoeyProblem.Unavailable, "The store does not answer.");

        await _host.EventsAsync();
        Assert.Empty(_host.Log);

        _host.Zoey.OnAsked = _ => { };
        await _host.SyncAsync();
        Assert.Equal((0, 1), (_host.SubscribedTimes("left@shop-demo.com"), _host.SubscribedTimes("stays@shop-demo.com")));
        Assert.DoesNotContain(await _host.PayloadsAsync(), payload => payload.State is PayloadState.New or PayloadState.Retry or PayloadState.Sending);
    }

    private static string File(DateTimeOffset? changed) => $"Email,Status,change_status_at\n{Jo},Subscribed,{changed?.UtcDateTime:yyyy-MM-dd HH:mm:ss}\n";

    private Task PushSignedAsync(long signed, int status) => _host.PushAsync(
        signed.ToString(CultureInfo.InvariantCulture), $$"""{"subscriber_email":"{{Jo}}","subscriber_status":{{status}}}""");
}
