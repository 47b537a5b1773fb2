using System.Text;
using System.Web;
using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Events.Intake;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Tests.Fixtures;
using static ZoeyKlaviyo.Tests.Fixtures.KlaviyoStub;

namespace ZoeyKlaviyo.Tests.Connection;

public sealed class SqliteAccountSwitchTests() : AccountSwitchTests(DatabaseProvider.Sqlite);

public sealed class PostgresAccountSwitchTests() : AccountSwitchTests(DatabaseProvider.Postgres);

/// <summary>Connecting again: the same account goes on, another one only once somebody has confirmed what that costs.</summary>
public abstract class AccountSwitchTests(DatabaseProvider provider) : IAsyncLifetime
{
    private const string Other = "XYZ789";
    private const string Account = """{"data":[{"type":"account","id":"ID","attributes":{"contact_information":{"organization_name":"NAME"}}}]}""";
    private CoreHost _host = default!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private AccountSwitch Accounts => _host.Get<AccountSwitch>();

    private ConnectionStore Connections => _host.Get<ConnectionStore>();

    private IEnumerable<string> Revoked =>
        _host.Klaviyo.Requests.Where(request => request.Path == "/oauth/revoke").Select(request => HttpUtility.ParseQueryString(request.Body)["token"]!);

    public async ValueTask InitializeAsync()
    {
        _host = await CoreHost.StartAsync(provider, new()
        {
            ["Stores:1:Key"] = "beta",
            ["Stores:1:BaseUrl"] = "http://beta.test",
            ["Stores:1:PublicKey"] = "public-beta",
            ["Stores:2:Key"] = "gamma",
            ["Stores:2:BaseUrl"] = "http://gamma.test",
            ["Stores:2:PublicKey"] = "public-gamma",
            ["Stores:2:IdPrefix"] = "gamma-",
        });
        _host.Klaviyo.On("POST /oauth/revoke", _ => Json(200, "")).On("GET /api/metrics", _ => Json(200, """{"data":[]}""")).OnEvent(_ => Accepted());
        await _host.ConnectAsync();
        _host.Time.Advance(TimeSpan.FromMinutes(1));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("working")]
    [InlineData("needs attention")]
    [InlineData("disconnected")]
    public async Task SameAccountAgain_GoesOnWithTheNewTokens(string before)
    {
        await AddNewAndRetryAsync();
        if (before == "needs attention")
            await _host.Get<KlaviyoTokens>().RejectAsync(_host.Store.Id, (await _host.ConnectionAsync()).TokenVersion, "Refused.", Cancel);
        else if (before == "disconnected")
            await Connections.DisconnectAsync(_host.Store, Cancel);
        _host.Klaviyo.Requests.Clear();

        Assert.Equal(ConnectOutcome.Connected, await ChooseAsync("ABC123", "Acme Tools"));

        Assert.Equal([PayloadState.Retry, PayloadState.New], await StatesAsync());
        var view = (await Connections.FindAsync(_host.Store, Cancel))!;
        Assert.Equal(("ABC123", ConnectionStatus.Connected, null), (view.AccountId, view.Status, view.StatusReason));
        // The stub grants events:write only.
        Assert.Contains("catalogs:write", view.MissingScopes);
        Assert.Equal("access-ABC123", (await _host.Get<KlaviyoTokens>().GetAsync(_host.Store.Id, Cancel)).Credential?.AccessToken);
        Assert.Empty(Revoked);
        Assert.Null(await Accounts.FindAsync(_host.Store, Cancel));
    }

    [Fact]
    public async Task OtherAccount_IsAskedAboutAndChangesNothingYet()
    {
        await AddNewAndRetryAsync();
        var before = await _host.ConnectionAsync();

        Assert.Equal(ConnectOutcome.OtherAccount, await ChooseAsync(Other, "Other Co"));

        var choice = await FindAsync();
        Assert.Equal((new KlaviyoAccount(Other, "Other Co"), new KlaviyoAccount("ABC123", "Acme Tools"), true), (choice.Chosen, choice.Last, choice.IsConnected));
        Assert.Equal(("Ana", _host.Time.GetUtcNow(), 2), (choice.ChosenBy, choice.ChosenUtc, choice.Waiting));
        Assert.Equivalent(before, await _host.ConnectionAsync(), strict: true);
        Assert.Equal([PayloadState.Retry, PayloadState.New], await StatesAsync());
        Assert.Empty(Revoked);
        var kept = await _host.ReadAsync(db => db.PendingConnections.SingleAsync(Cancel));
        Assert.StartsWith("protected:", kept.AccessTokenProtected, StringComparison.Ordinal);
        Assert.StartsWith("protected:", kept.RefreshTokenProtected, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhileUndecided_EventsGoToTheOldAccount()
    {
        await ChooseAsync(Other, "Other Co");
        await _host.AddEventsAsync(1);

        await _host.RunAsync(SyncKind.Events);

        Assert.Equal(PayloadState.Sent, Assert.Single(await _host.PayloadsAsync()).State);
        Assert.Equal("Bearer access-1", Assert.Single(_host.Klaviyo.Events).Authorization);
    }

    [Fact]
    public async Task Switch_ConnectsTheOtherAccountDiscardsWhatWaitsAndEndsTheOldTokens()
    {
        await AddNewAndRetryAsync();
        await ChooseAsync(Other, "Other Co");

        Assert.Equal(new AccountDecision(null, true, 2), await Accounts.SwitchAsync(_host.Store, await FindAsync(), Cancel));

        var connection = await _host.ConnectionAsync();
        Assert.Equal((Other, "Other Co", "Ana", ConnectionStatus.Connected), (connection.AccountId, connection.AccountName, connection.ConnectedBy, connection.Status));
        Assert.All(await _host.PayloadsAsync(), payload =>
        {
            Assert.Equal((PayloadState.Discarded, null), (payload.State, payload.NextTryUtc));
            Assert.Equal("Discarded: the store was connected to another Klaviyo account.", payload.Error);
        });
        Assert.Equal(["refresh-1"], Revoked);
        Assert.Equal(("Ana", "Acme Tools (ABC123)", "Other Co (XYZ789)"), await LastChangeAsync());
        Assert.Null(await Accounts.FindAsync(_host.Store, Cancel));

        _host.Klaviyo.Requests.Clear();
        await _host.AddEventsAsync(1, from: 10);
        await _host.RunAsync(SyncKind.Events);
        Assert.Equal("Bearer access-XYZ789", Assert.Single(_host.Klaviyo.Events).Authorization);
    }

    [Fact]
    public async Task Switch_KlaviyoCanNotBeTold_SaysSo()
    {
        await ChooseAsync(Other, "Other Co");
        _host.Klaviyo.On("POST /oauth/revoke", _ => Html(503));

        var decision = await Accounts.SwitchAsync(_host.Store, await FindAsync(), Cancel);

        Assert.Equal((null, false), (decision.Problem, decision.IsTold));
        Assert.Equal(Other, (await _host.ConnectionAsync()).AccountId);
    }

    [Fact]
    public async Task Keep_EndsTheNewTokensAndChangesNothingElse()
    {
        await AddNewAndRetryAsync();
        var (before, changes) = (await _host.ConnectionAsync(), await ChangesAsync());
        await ChooseAsync(Other, "Other Co");

        Assert.Equal(new AccountDecision(null), await Accounts.KeepAsync(_host.Store, await FindAsync(), Cancel));

        Assert.Equal(["refresh-XYZ789"], Revoked);
        Assert.Equivalent(before, await _host.ConnectionAsync(), strict: true);
        Assert.Equal([PayloadState.Retry, PayloadState.New], await StatesAsync());
        Assert.Equal(changes, await ChangesAsync());
        Assert.Empty(await _host.ReadAsync(db => db.PendingConnections.ToListAsync(Cancel)));
    }

    [Fact]
    public async Task NewerChoice_TakesThePlaceOfTheOlderOne()
    {
        await ChooseAsync(Other, "Other Co");
        var seen = await FindAsync();
        await ChooseAsync("QRS456", "Third Co", await BenAsync());

        Assert.Equal(["refresh-XYZ789"], Revoked);
        var late = await Accounts.SwitchAsync(_host.Store, seen, Cancel);
        Assert.StartsWith("Ben chose Third Co (QRS456) meanwhile.", late.Problem, StringComparison.Ordinal);
        Assert.Equal("ABC123", (await _host.ConnectionAsync()).AccountId);
        Assert.Equal("Third Co", (await FindAsync()).Chosen.Name);
    }

    [Fact]
    public async Task SameChoiceAgain_NoTokenIsRevokedThatKlaviyoMayHaveGivenTwice()
    {
        await ChooseAsync(Other, "Other Co");
        await ChooseAsync(Other, "Other Co");

        Assert.Empty(Revoked);
    }

    [Fact]
    public async Task SameAccountAfterAnotherWasChosen_EndsTheChoice()
    {
        await ChooseAsync(Other, "Other Co");
        var seen = await FindAsync();

        Assert.Equal(ConnectOutcome.Connected, await ChooseAsync("ABC123", "Acme Tools"));

        Assert.Null(await Accounts.FindAsync(_host.Store, Cancel));
        Assert.Equal(["refresh-XYZ789"], Revoked);
        Assert.Equal(
            "Ana connected Acme Tools (ABC123) again meanwhile. Nothing more was changed.", (await Accounts.SwitchAsync(_host.Store, seen, Cancel)).Problem);
    }

    [Fact]
    public async Task AfterDisconnect_EventsWait_NamesTheFormerAccountBeforeTheyAreDiscarded()
    {
        await AddNewAndRetryAsync();
        await Connections.DisconnectAsync(_host.Store, Cancel);
        _host.Klaviyo.Requests.Clear();

        Assert.Equal(ConnectOutcome.OtherAccount, await ChooseAsync(Other, "Other Co"));

        var choice = await FindAsync();
        Assert.Equal((new KlaviyoAccount("ABC123", "Acme Tools"), false, 2), (choice.Last, choice.IsConnected, choice.Waiting));
        Assert.Equal([PayloadState.Retry, PayloadState.New], await StatesAsync());
        Assert.Equal(new AccountDecision(null, true, 2), await Accounts.SwitchAsync(_host.Store, choice, Cancel));
        Assert.Equal(Other, (await _host.ConnectionAsync()).AccountId);
        Assert.Equal([PayloadState.Discarded, PayloadState.Discarded], await StatesAsync());
        Assert.Empty(Revoked);
        await _host.AddEventsAsync(1, from: 10);
    }

    [Fact]
    public async Task AfterDisconnect_Kept_StaysDisconnectedAndWhatWaitsIsForTheSameAccount()
    {
        await AddNewAndRetryAsync();
        await Connections.DisconnectAsync(_host.Store, Cancel);
        await ChooseAsync(Other, "Other Co");

        await Accounts.KeepAsync(_host.Store, await FindAsync(), Cancel);

        Assert.Null(await Connections.FindAsync(_host.Store, Cancel));
        Assert.Equal(["refresh-1", "refresh-XYZ789"], Revoked);
        Assert.Equal(ConnectOutcome.Connected, await ChooseAsync("ABC123", "Acme Tools"));
        Assert.Equal([PayloadState.Retry, PayloadState.New], await StatesAsync());
    }

    [Fact]
    public async Task AfterDisconnect_NothingWaits_ConnectsAtOnce()
    {
        await _host.AddEventsAsync(1);
        await _host.RunAsync(SyncKind.Events);
        await Connections.DisconnectAsync(_host.Store, Cancel);

        Assert.Equal(ConnectOutcome.Connected, await ChooseAsync(Other, "Other Co"));

        Assert.Equal(Other, (await _host.ConnectionAsync()).AccountId);
    }

    [Fact]
    public async Task Undecided_ForHalfAnHour_IsOverAndItsTokensAreEnded()
    {
        await ChooseAsync(Other, "Other Co");
        var seen = await FindAsync();
        _host.Time.Advance(AccountSwitch.OpenFor - TimeSpan.FromSeconds(1));
        await Accounts.ForgetExpiredAsync(Cancel);
        Assert.NotNull(await Accounts.FindAsync(_host.Store, Cancel));

        _host.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await Accounts.FindAsync(_host.Store, Cancel));
        var late = await Accounts.SwitchAsync(_host.Store, seen, Cancel);
        Assert.Equal("It took longer than 30 minutes to decide, so nothing was changed. To switch accounts, connect again.", late.Problem);

        _host.Time.Advance(TimeSpan.FromMinutes(2));
        await Accounts.ForgetExpiredAsync(Cancel);
        Assert.Equal(["refresh-XYZ789"], Revoked);
        Assert.Empty(await _host.ReadAsync(db => db.PendingConnections.ToListAsync(Cancel)));
        Assert.Equal("ABC123", (await _host.ConnectionAsync()).AccountId);
    }

    [Fact]
    public async Task Undecided_KlaviyoUnreachable_ItIsToldLater()
    {
        await ChooseAsync(Other, "Other Co");
        _host.Time.Advance(TimeSpan.FromHours(1));
        _host.Klaviyo.On("POST /oauth/revoke", _ => Html(503));
        await Accounts.ForgetExpiredAsync(Cancel);
        _host.Klaviyo.On("POST /oauth/revoke", _ => Json(200, ""));

        await Accounts.ForgetExpiredAsync(Cancel);

        Assert.Equal(["refresh-XYZ789", "refresh-XYZ789"], Revoked);
        Assert.Empty(await _host.ReadAsync(db => db.PendingConnections.ToListAsync(Cancel)));
    }

    [Fact]
    public async Task TwoAdminsSwitchAtOnce_OneDoesAndTheOtherIsTold()
    {
        await AddNewAndRetryAsync();
        await ChooseAsync(Other, "Other Co");
        var (seen, ben) = (await FindAsync(), await BenAsync());

        var decisions = await Task.WhenAll(
            Task.Run(() => Accounts.SwitchAsync(_host.Store, seen, Cancel)), Task.Run(() => Accounts.SwitchAsync(ben, seen, Cancel)));

        Assert.Equal(new AccountDecision(null, true, 2), decisions.Single(decision => decision.Problem is null));
        var who = (await LastChangeAsync()).Who;
        Assert.Equal(
            $"{who} changed the connection from Acme Tools (ABC123) to Other Co (XYZ789) meanwhile. Nothing more was changed.",
            decisions.Single(decision => decision.Problem is not null).Problem);
        Assert.Equal(["refresh-1"], Revoked);
    }

    [Fact]
    public async Task SwitchAndKeepAtOnce_OneOfThemCounts()
    {
        await ChooseAsync(Other, "Other Co");
        var (seen, ben) = (await FindAsync(), await BenAsync());

        var switching = Task.Run(() => Accounts.SwitchAsync(_host.Store, seen, Cancel));
        var keeping = Task.Run(() => Accounts.KeepAsync(ben, seen, Cancel));
        var (switched, kept) = (await switching, await keeping);

        Assert.True(switched.Problem is null ^ kept.Problem is null);
        var isSwitched = switched.Problem is null;
        Assert.Equal(isSwitched ? Other : "ABC123", (await _host.ConnectionAsync()).AccountId);
        Assert.Equal([isSwitched ? "refresh-1" : "refresh-XYZ789"], Revoked);
    }

    [Fact]
    public async Task SwitchAfterKeep_IsTooLate()
    {
        await ChooseAsync(Other, "Other Co");
        var seen = await FindAsync();
        await Accounts.KeepAsync(await BenAsync(), seen, Cancel);

        var late = await Accounts.SwitchAsync(_host.Store, seen, Cancel);

        Assert.Equal("Somebody else decided meanwhile not to switch. Nothing was changed.", late.Problem);
        Assert.Equal("ABC123", (await _host.ConnectionAsync()).AccountId);
    }

    [Fact]
    public async Task DisconnectedMeanwhile_NothingIsConnectedAndNoTokenStaysValid()
    {
        await ChooseAsync(Other, "Other Co");
        var seen = await FindAsync();
        Assert.True(await Connections.DisconnectAsync(await BenAsync(), Cancel));

        var late = await Accounts.SwitchAsync(_host.Store, seen, Cancel);

        Assert.Equal("Ben changed the connection from Acme Tools (ABC123) to Not connected meanwhile. Nothing more was changed.", late.Problem);
        Assert.Null(await Connections.FindAsync(_host.Store, Cancel));
        Assert.Null(await Accounts.FindAsync(_host.Store, Cancel));
        Assert.Equal(["refresh-1", "refresh-XYZ789"], Revoked.Order());
    }

    [Fact]
    public async Task PrefixTakenMeanwhile_TheOldConnectionStays()
    {
        await _host.AddEventsAsync(1);
        await ChooseAsync(Other, "Other Co");
        var seen = await FindAsync();
        var beta = await OpenAsync("beta");
        Assert.Equal(ConnectOutcome.Connected, await ChooseAsync(Other, "Other Co", beta));

        var decision = await Accounts.SwitchAsync(_host.Store, seen, Cancel);

        Assert.Equal(ConnectMessages.For(ConnectOutcome.PrefixTaken), decision.Problem);
        var connection = (await Connections.FindAsync(_host.Store, Cancel))!;
        Assert.Equal(("ABC123", ConnectionStatus.Connected), (connection.AccountId, connection.Status));
        Assert.Equal([PayloadState.New], await StatesAsync());
        Assert.Null(await Accounts.FindAsync(_host.Store, Cancel));
        // It is the token that the other store is connected with.
        Assert.Empty(Revoked);
    }

    [Theory]
    [InlineData("disconnect")]
    [InlineData("switch")]
    [InlineData("keep")]
    [InlineData("nobody decides")]
    [InlineData("another choice")]
    public async Task AnotherStoreIsConnectedToTheAccount_ItsTokensAreEndedWhenItLetsGoToo(string how)
    {
        var gamma = await OpenAsync("gamma");
        var account = how is "disconnect" or "switch" ? "ABC123" : Other;
        Assert.Equal(ConnectOutcome.Connected, await ChooseAsync(account, "Shared Co", gamma));
        if (how != "disconnect")
            await ChooseAsync(Other, "Other Co");

        if (how == "disconnect")
            Assert.True(await Connections.DisconnectAsync(_host.Store, Cancel));
        else if (how == "switch")
            Assert.Equal(new AccountDecision(null), await Accounts.SwitchAsync(_host.Store, await FindAsync(), Cancel));
        else if (how == "keep")
            Assert.Equal(new AccountDecision(null), await Accounts.KeepAsync(_host.Store, await FindAsync(), Cancel));
        else if (how == "nobody decides")
            await ForgetAsync();
        else
            await ChooseAsync("QRS456", "Third Co");

        Assert.Empty(Revoked);
        Assert.True(await Connections.DisconnectAsync(gamma, Cancel));
        Assert.Equal([$"refresh-{account}"], Revoked);
    }

    [Theory]
    [InlineData("keep")]
    [InlineData("nobody decides")]
    public async Task AnotherStoreHasChosenTheAccountToo_ItsTokensAreEndedOnceBothAreDecided(string how)
    {
        var gamma = await OpenAsync("gamma");
        await ChooseAsync("QRS456", "Third Co", gamma);
        await ChooseAsync(Other, "Other Co", gamma);
        await ChooseAsync(Other, "Other Co");
        if (how == "keep")
        {
            await Accounts.KeepAsync(_host.Store, await FindAsync(), Cancel);
            Assert.Empty(Revoked);
            await Accounts.KeepAsync(gamma, (await Accounts.FindAsync(gamma, Cancel))!, Cancel);
        }
        else
        {
            await ForgetAsync();
        }

        Assert.Equal(["refresh-XYZ789"], Revoked);
        Assert.Empty(await _host.ReadAsync(db => db.PendingConnections.ToListAsync(Cancel)));
    }

    [Fact]
    public async Task SwitchedDuringATokenRefresh_TheOldAccountsFreshTokensAreEndedToo()
    {
        await ChooseAsync(Other, "Other Co");
        var seen = await FindAsync();
        _host.Time.Advance(TimeSpan.FromMinutes(20));
        _host.Klaviyo.On("POST /oauth/token", _ =>
        {
            Task.Run(() => Accounts.SwitchAsync(_host.Store, seen, Cancel)).GetAwaiter().GetResult();
            return Tokens("access-late", "refresh-late");
        });

        var token = await _host.Get<KlaviyoTokens>().RefreshAsync(_host.Store.Id, (await _host.ConnectionAsync()).TokenVersion, Cancel);

        Assert.Equal((Other, "access-XYZ789"), (token.Credential?.AccountId, token.Credential?.AccessToken));
        Assert.Equal(["refresh-1", "refresh-late"], Revoked);
    }

    [Fact]
    public async Task SwitchedDuringARun_NothingOfTheOldAccountIsSentOrLeftBehind()
    {
        await _host.AddEventsAsync(60);
        await ChooseAsync(Other, "Other Co");
        var seen = await FindAsync();
        var isSwitching = 0;
        var switched = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // Refused in bulk without saying why: each goes out singly.
        _host.Klaviyo.OnBulk(_ => Error(400)).OnAsync("POST /api/events", async _ =>
        {
            if (Interlocked.Exchange(ref isSwitching, 1) == 0)
            {
                Assert.Null((await Accounts.SwitchAsync(_host.Store, seen, Cancel)).Problem);
                switched.SetResult();
            }

            await switched.Task;
            return Accepted();
        });

        var run = await _host.RunAsync(SyncKind.Events);

        Assert.Contains("connected to another Klaviyo account", run.Message, StringComparison.Ordinal);
        Assert.All(_host.Klaviyo.Events, request => Assert.Equal("Bearer access-1", request.Authorization));
        var states = await StatesAsync();
        Assert.Equal(_host.Klaviyo.Events.Count(), states.Count(state => state == PayloadState.Sent));
        Assert.All(states, state => Assert.True(state is PayloadState.Sent or PayloadState.Discarded));

        _host.Klaviyo.OnEvent(_ => Accepted());
        await _host.AddEventsAsync(1, from: 100);
        await _host.RunAsync(SyncKind.Events);
        var payloads = await _host.PayloadsAsync();
        Assert.All(payloads[..60], payload => Assert.True(payload.State is PayloadState.Sent or PayloadState.Discarded));
        Assert.Equal((Other, PayloadState.Sent), (payloads[60].AccountId, payloads[60].State));
        Assert.Single(_host.Klaviyo.Events, request => request.Authorization == "Bearer access-XYZ789");
    }

    [Fact]
    public async Task AcceptedAfterTheSwitchByAnInstanceThatHasNotSeenIt_GoesToTheNewAccount()
    {
        var late = await SwitchUnseenAsync();

        await CollectAsync(late, "late");
        await _host.RunAsync(SyncKind.Events);
        await _host.RunAsync(SyncKind.Events);

        var payload = Assert.Single(await _host.PayloadsAsync());
        Assert.Equal((Other, PayloadState.Sent, null), (payload.AccountId, payload.State, payload.Error));
        Assert.Equal("Bearer access-XYZ789", Assert.Single(_host.Klaviyo.Events).Authorization);
    }

    [Fact]
    public async Task HappenedSinceTheSwitch_GoesToTheNewAccount_AlsoWhenThatIsConnectedOnceMore()
    {
        var late = await SwitchUnseenAsync();
        var happened = _host.Time.GetUtcNow();
        _host.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(ConnectOutcome.Connected, await ChooseAsync(Other, "Other Co"));

        await CollectAsync(late, "late", happened);
        await _host.RunAsync(SyncKind.Events);
        await _host.RunAsync(SyncKind.Events);

        var payload = Assert.Single(await _host.PayloadsAsync());
        Assert.Equal((Other, PayloadState.Sent, null), (payload.AccountId, payload.State, payload.Error));
    }

    [Fact]
    public async Task SwitchedByAnOlderVersion_WhatHappenedBeforeIsDiscarded()
    {
        var happened = _host.Time.GetUtcNow();
        var late = await SwitchUnseenAsync();
        // It recorded neither the account of a period nor a new period at a switch.
        await _host.Database.WriteAsync(
            async db =>
            {
                await db.ActivePeriods.Where(period => period.Subject == ActivePeriod.Connection && period.ToUtc == null).ExecuteDeleteAsync(Cancel);
                await db.ActivePeriods.Where(period => period.Subject == ActivePeriod.Connection).ExecuteUpdateAsync(
                    update => update.SetProperty(period => period.AccountId, (string?)null).SetProperty(period => period.ToUtc, (DateTimeOffset?)null), Cancel);
            },
            Cancel);
        await CollectAsync(late, "before", happened - TimeSpan.FromSeconds(1));
        await CollectAsync(late, "since");

        await _host.RunAsync(SyncKind.Events);
        await _host.RunAsync(SyncKind.Events);

        Assert.Equal(
            [("before", "ABC123", PayloadState.Discarded), ("since", Other, PayloadState.Sent)],
            (await _host.PayloadsAsync()).Select(payload => (payload.UniqueId, payload.AccountId, payload.State)));
    }

    [Fact]
    public async Task AcceptedAfterTheSwitchByBothInstances_IsSentOnce()
    {
        var late = await SwitchUnseenAsync();

        await CollectAsync((await _host.Get<IntakeStores>().FindAsync("public-acme", Cancel))!, "twice");
        await CollectAsync(late, "twice");
        await _host.RunAsync(SyncKind.Events);
        await _host.RunAsync(SyncKind.Events);

        Assert.Equal([(Other, PayloadState.Sent), ("ABC123", PayloadState.Discarded)], (await _host.PayloadsAsync()).Select(payload => (payload.AccountId, payload.State)));
        Assert.Single(_host.Klaviyo.Events);
    }

    [Theory]
    [InlineData("received before")]
    [InlineData("happened before")]
    [InlineData("tried")]
    [InlineData("in doubt")]
    public async Task OfTheOldAccountAfterTheSwitch_IsDiscarded(string why)
    {
        await CollectAsync(await SwitchUnseenAsync(), "old");
        var before = _host.Time.GetUtcNow() - TimeSpan.FromMinutes(1);
        await _host.Database.WriteAsync(
            async db =>
            {
                var payload = await db.Payloads.SingleAsync(Cancel);
                payload.ReceivedUtc = why == "received before" ? before : payload.ReceivedUtc;
                payload.OccurredUtc = why == "happened before" ? before : payload.OccurredUtc;
                payload.Attempts = why == "tried" ? 1 : 0;
                payload.InDoubt = why == "in doubt";
            },
            Cancel);

        await _host.RunAsync(SyncKind.Events);

        var discarded = Assert.Single(await _host.PayloadsAsync());
        Assert.Equal(("ABC123", PayloadState.Discarded), (discarded.AccountId, discarded.State));
        Assert.Empty(_host.Klaviyo.Events);
    }

    [Theory]
    [InlineData("switch", "The store was connected to another Klaviyo account meanwhile.", PayloadState.Discarded)]
    [InlineData("disconnect", "The store is not connected to Klaviyo.", PayloadState.New)]
    public async Task AccessLostWhileKlaviyoRefusesTheToken_TheRunSaysWhyAndNoMore(string how, string message, PayloadState after)
    {
        await _host.AddEventsAsync(1);
        await ChooseAsync(Other, "Other Co");
        var seen = await FindAsync();
        _host.Klaviyo.OnAsync("POST /api/events", async _ =>
        {
            if (how == "switch")
                await Accounts.SwitchAsync(_host.Store, seen, Cancel);
            else
                await Connections.DisconnectAsync(_host.Store, Cancel);
            return Error(401);
        });

        var run = await _host.RunAsync(SyncKind.Events);

        Assert.Equal($"{message} 0 sent.", run.Message);
        Assert.Equal([after], await StatesAsync());
    }

    [Fact]
    public async Task Support_SeesTheChoiceAndMayNotDecide()
    {
        await ChooseAsync(Other, "Other Co");
        var support = await OpenAsync(People.Support, "acme");

        var seen = (await Accounts.FindAsync(support, Cancel))!;

        await Assert.ThrowsAsync<AccessDeniedException>(() => Accounts.SwitchAsync(support, seen, Cancel));
        await Assert.ThrowsAsync<AccessDeniedException>(() => Accounts.KeepAsync(support, seen, Cancel));
        Assert.NotNull(await Accounts.FindAsync(_host.Store, Cancel));
    }

    private async Task<AccountChoice> FindAsync() => (await Accounts.FindAsync(_host.Store, Cancel))!;

    private async Task ForgetAsync()
    {
        _host.Time.Advance(TimeSpan.FromHours(1));
        await Accounts.ForgetExpiredAsync(Cancel);
    }

    /// <summary>Switches to the other account.</summary>
    /// <returns>The store as another instance, or a request under way, saw it before.</returns>
    private async Task<IntakeStore> SwitchUnseenAsync()
    {
        var before = (await _host.Get<IntakeStores>().FindAsync("public-acme", Cancel))!;
        await ChooseAsync(Other, "Other Co");
        await Accounts.SwitchAsync(_host.Store, await FindAsync(), Cancel);
        _host.Time.Advance(TimeSpan.FromSeconds(3));
        return before;
    }

    private async Task CollectAsync(IntakeStore store, string id, DateTimeOffset? happened = null)
    {
        var answer = await _host.Get<EventIntake>().CollectAsync(store, Encoding.UTF8.GetBytes(
            $$$"""{"visitor":{"email":"jo@shop-demo.com"},"events":[{"id":"{{{id}}}","occurredAt":"{{{happened ?? _host.Time.GetUtcNow():O}}}","type":"added_to_cart","value":19.9,"currency":"USD","properties":{}}]}"""));
        Assert.Equal(1, answer.Accepted);
    }

    private Task<AuthorizedStore> OpenAsync(string key) => OpenAsync(CoreHost.Ana with { StoreKeys = new HashSet<string> { key } }, key);

    private async Task<AuthorizedStore> OpenAsync(Person person, string key) => (await _host.Get<StoreAccess>().OpenAsync(person, key, Cancel))!;

    private Task<AuthorizedStore> BenAsync() => OpenAsync(CoreHost.Ana with { Id = "ben", Name = "Ben" }, "acme");

    /// <summary>The whole way through Klaviyo's consent page, where this account is chosen.</summary>
    private async Task<ConnectOutcome> ChooseAsync(string accountId, string name, AuthorizedStore? store = null)
    {
        store ??= _host.Store;
        _host.Klaviyo
            .On("POST /oauth/token", _ => Tokens($"access-{accountId}", $"refresh-{accountId}"))
            .On("GET /api/accounts", _ => Json(200, Account.Replace("ID", accountId, StringComparison.Ordinal).Replace("NAME", name, StringComparison.Ordinal)));
        var connector = _host.Get<KlaviyoConnector>();
        var consent = await connector.StartAsync(store, "http://localhost:5080/connect/klaviyo/callback", Cancel);
        return await connector.FinishAsync(store, new ConnectCallback(HttpUtility.ParseQueryString(consent.Query)["state"], "code", null), Cancel);
    }

    /// <summary>One event that waits for its retry, and one that is new.</summary>
    private async Task AddNewAndRetryAsync()
    {
        await _host.AddEventsAsync(1);
        _host.Klaviyo.OnEvent(_ => Error(400));
        await _host.RunAsync(SyncKind.Events);
        _host.Klaviyo.OnEvent(_ => Accepted());
        await _host.AddEventsAsync(1, from: 2);
    }

    private async Task<IEnumerable<PayloadState>> StatesAsync() => (await _host.PayloadsAsync()).Select(payload => payload.State);

    private Task<int> ChangesAsync() => _host.ReadAsync(db => db.SettingChanges.CountAsync(Cancel));

    private async Task<(string Who, string From, string To)> LastChangeAsync()
    {
        var change = await _host.ReadAsync(db => db.SettingChanges.OrderByDescending(row => row.Id).FirstAsync(Cancel));
        return (change.Who, change.From, change.To);
    }
}
