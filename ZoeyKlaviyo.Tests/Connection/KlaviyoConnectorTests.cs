using System.Web;
using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Tests.Fixtures;
using static ZoeyKlaviyo.Tests.Fixtures.KlaviyoStub;

namespace ZoeyKlaviyo.Tests.Connection;

public sealed class SqliteKlaviyoConnectorTests() : KlaviyoConnectorTests(DatabaseProvider.Sqlite);

public sealed class PostgresKlaviyoConnectorTests() : KlaviyoConnectorTests(DatabaseProvider.Postgres);

/// <summary>What can go wrong on the way to Klaviyo and back, and what it leaves of a connection that was there before.</summary>
public abstract class KlaviyoConnectorTests(DatabaseProvider provider) : IAsyncLifetime
{
    private const string Redirect = "http://localhost:5080/connect/klaviyo/callback";
    private CoreHost _host = default!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private KlaviyoConnector Connector => _host.Get<KlaviyoConnector>();

    public async ValueTask InitializeAsync()
    {
        _host = await CoreHost.StartAsync(provider);
        Answer(_ => Tokens("access-new", "refresh-new"));
        _host.Klaviyo.On("POST /oauth/revoke", _ => Json(200, ""));
        AnswerAccount("ABC123");
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Start_SendsPkceAndKeepsTheVerifierHere()
    {
        var query = HttpUtility.ParseQueryString((await Connector.StartAsync(_host.Store, Redirect, Cancel)).Query);

        Assert.Equal(("code", "client", Redirect, "S256"), (query["response_type"], query["client_id"], query["redirect_uri"], query["code_challenge_method"]));
        Assert.Contains("events:write", query["scope"]!.Split(' '));
        await Connector.FinishAsync(_host.Store, new ConnectCallback(query["state"], "code-1", null), Cancel);
        var exchange = HttpUtility.ParseQueryString(_host.Klaviyo.Requests.Single(request => request.Path == "/oauth/token").Body);
        var verifier = exchange["code_verifier"]!;
        Assert.InRange(verifier.Length, 43, 128);
        var challenge = System.Buffers.Text.Base64Url.EncodeToString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(verifier)));
        Assert.Equal(query["code_challenge"], challenge);
        Assert.Equal((Redirect, "code-1"), (exchange["redirect_uri"], exchange["code"]));
    }

    [Fact]
    public async Task Allowed_ConnectedAndRecorded()
    {
        Assert.Equal(ConnectOutcome.Connected, await ConnectAsync());

        var connection = await _host.ConnectionAsync();
        Assert.Equal(("ABC123", "Acme Tools", "Ana", ConnectionStatus.Connected), (connection.AccountId, connection.AccountName, connection.ConnectedBy, connection.Status));
        var change = await _host.ReadAsync(db => db.SettingChanges.SingleAsync(Cancel));
        Assert.Equal(("Ana", "Not connected", "Acme Tools (ABC123)"), (change.Who, change.From, change.To));
    }

    [Fact]
    public async Task ConsentRefused_NothingChanges() =>
        await AssertUntouchedAsync(ConnectOutcome.ConsentRefused, state => new ConnectCallback(state, null, "access_denied"));

    [Fact]
    public async Task ForgedState_NothingChanges() =>
        await AssertUntouchedAsync(ConnectOutcome.StateUnknown, _ => new ConnectCallback("acme.forged", "code-1", null));

    [Fact]
    public async Task NoState_NothingChanges() => await AssertUntouchedAsync(ConnectOutcome.StateUnknown, _ => new ConnectCallback(null, "code-1", null));

    [Fact]
    public async Task StaleState_NothingChanges() => await AssertUntouchedAsync(
        ConnectOutcome.StateUnknown,
        state =>
        {
            _host.Time.Advance(KlaviyoConnector.MaxAge + TimeSpan.FromSeconds(1));
            return new ConnectCallback(state, "code-1", null);
        });

    [Fact]
    public async Task StateUsedTwice_SecondTimeUnknown()
    {
        var state = await StartAsync(_host.Store);

        Assert.Equal(ConnectOutcome.Connected, await Connector.FinishAsync(_host.Store, new ConnectCallback(state, "code-1", null), Cancel));
        Assert.Equal(ConnectOutcome.StateUnknown, await Connector.FinishAsync(_host.Store, new ConnectCallback(state, "code-1", null), Cancel));
    }

    [Fact]
    public async Task StateOfAnotherPerson_Unknown()
    {
        var state = await StartAsync(_host.Store);
        var ben = (await _host.Get<StoreAccess>().OpenAsync(CoreHost.Ana with { Id = "ben", Name = "Ben" }, "acme", Cancel))!;

        Assert.Equal(ConnectOutcome.StateUnknown, await Connector.FinishAsync(ben, new ConnectCallback(state, "code-1", null), Cancel));
    }

    [Fact]
    public async Task WrongClientSecret_NothingChanges()
    {
        Answer(_ => OAuthError(401, "invalid_client"));
        await AssertUntouchedAsync(ConnectOutcome.ClientRejected, state => new ConnectCallback(state, "code-1", null));
    }

    [Fact]
    public async Task CodeExpired_NothingChanges()
    {
        Answer(_ => OAuthError(400, "invalid_grant"));
        await AssertUntouchedAsync(ConnectOutcome.CodeRejected, state => new ConnectCallback(state, "code-1", null));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(502)]
    public async Task TokenEndpointDown_NothingChanges(int status)
    {
        Answer(_ => Html(status));
        await AssertUntouchedAsync(ConnectOutcome.Unreachable, state => new ConnectCallback(state, "code-1", null));
    }

    [Fact]
    public async Task KlaviyoUnreachable_NothingChanges()
    {
        Answer(_ => throw new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused"));
        await AssertUntouchedAsync(ConnectOutcome.Unreachable, state => new ConnectCallback(state, "code-1", null));
    }

    [Fact]
    public async Task AccountUnreadable_NothingChangesAndTheTokensAreRevoked()
    {
        _host.Klaviyo.On("GET /api/accounts", _ => Error(403));
        await AssertUntouchedAsync(ConnectOutcome.AccountUnreadable, state => new ConnectCallback(state, "code-1", null));
        Assert.Contains(_host.Klaviyo.Requests, request => request.Path == "/oauth/revoke" && request.Body.Contains("refresh-new", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AccountUnreadable_ATokenThatAConnectionHasIsNotRevoked()
    {
        Answer(_ => Tokens("access-new", "refresh-1"));
        _host.Klaviyo.On("GET /api/accounts", _ => Error(403));
        await AssertUntouchedAsync(ConnectOutcome.AccountUnreadable, state => new ConnectCallback(state, "code-1", null));
        Assert.DoesNotContain(_host.Klaviyo.Requests, request => request.Path == "/oauth/revoke");
    }

    [Fact]
    public async Task AnotherAccountWhileConnected_NothingChanges()
    {
        AnswerAccount("XYZ789");
        await AssertUntouchedAsync(ConnectOutcome.OtherAccount, state => new ConnectCallback(state, "code-1", null));
    }

    [Fact]
    public async Task Support_MayNotConnect()
    {
        var support = await _host.Get<StoreAccess>().OpenAsync(new Person("sam", "Sam", true, false, new HashSet<string>()), "acme", Cancel);

        await Assert.ThrowsAsync<AccessDeniedException>(() => Connector.StartAsync(support!, Redirect, Cancel));
        await Assert.ThrowsAsync<AccessDeniedException>(() => Connector.FinishAsync(support!, new ConnectCallback("acme.x", "y", null), Cancel));
    }

    [Fact]
    public async Task Disconnect_RevokesAndForgetsAndKeepsWhatWaits()
    {
        await _host.ConnectAsync();
        await _host.AddEventsAsync(1);

        Assert.True(await _host.Get<ConnectionStore>().DisconnectAsync(_host.Store, Cancel));

        Assert.Equal("token_type_hint=refresh_token&token=refresh-1", _host.Klaviyo.Requests.Single(request => request.Path == "/oauth/revoke").Body);
        Assert.Empty(await _host.ReadAsync(db => db.KlaviyoConnections.ToListAsync(Cancel)));
        Assert.Equal("not_connected", (await _host.CollectAsync("""{"events":[{"id":"e","type":"viewed_product"}]}""")).Ignored.Single().Reason);
        Assert.Equal(PayloadState.New, Assert.Single(await _host.PayloadsAsync()).State);
    }

    [Fact]
    public async Task Disconnect_KlaviyoUnreachable_ForgetsAllTheSame()
    {
        await _host.ConnectAsync();
        _host.Klaviyo.On("POST /oauth/revoke", _ => Html(503));

        Assert.False(await _host.Get<ConnectionStore>().DisconnectAsync(_host.Store, Cancel));

        Assert.Empty(await _host.ReadAsync(db => db.KlaviyoConnections.ToListAsync(Cancel)));
    }

    [Fact]
    public async Task SecondStoreOnTheSameAccount_NeedsItsOwnPrefix()
    {
        await using var two = await CoreHost.StartAsync(provider, new()
        {
            ["Stores:1:Key"] = "beta",
            ["Stores:1:BaseUrl"] = "http://beta.test",
            ["Stores:1:PublicKey"] = "public-beta",
        });
        await two.ConnectAsync();
        var person = CoreHost.Ana with { StoreKeys = new HashSet<string> { "beta" } };
        var beta = (await two.Get<StoreAccess>().OpenAsync(person, "beta", Cancel))!;
        two.Klaviyo.On("POST /oauth/token", _ => Tokens("access-beta")).On("GET /api/accounts", _ => Account("ABC123")).On("POST /oauth/revoke", _ => Json(200, ""));
        var connector = two.Get<KlaviyoConnector>();
        var state = HttpUtility.ParseQueryString((await connector.StartAsync(beta, Redirect, Cancel)).Query)["state"];

        Assert.Equal(ConnectOutcome.PrefixTaken, await connector.FinishAsync(beta, new ConnectCallback(state, "code", null), Cancel));

        // Klaviyo may have given the token that the first store is connected with.
        Assert.DoesNotContain(two.Klaviyo.Requests, request => request.Path == "/oauth/revoke");
    }

    [Fact]
    public void EveryOutcome_HasWords() => Assert.All(Enum.GetValues<ConnectOutcome>(), outcome => Assert.NotEqual("", ConnectMessages.For(outcome)));

    private void Answer(Func<SeenRequest, HttpResponseMessage> tokens) => _host.Klaviyo.On("POST /oauth/token", tokens);

    private void AnswerAccount(string id) => _host.Klaviyo.On("GET /api/accounts", _ => Account(id));

    private static HttpResponseMessage Account(string id) => Json(
        200, """{"data":[{"type":"account","id":"ID","attributes":{"contact_information":{"organization_name":"Acme Tools"}}}]}""".Replace("ID", id, StringComparison.Ordinal));

    private async Task<string?> StartAsync(AuthorizedStore store) =>
        HttpUtility.ParseQueryString((await Connector.StartAsync(store, Redirect, Cancel)).Query)["state"];

    private async Task<ConnectOutcome> ConnectAsync() =>
        await Connector.FinishAsync(_host.Store, new ConnectCallback(await StartAsync(_host.Store), "code-1", null), Cancel);

    private async Task AssertUntouchedAsync(ConnectOutcome expected, Func<string?, ConnectCallback> callback)
    {
        await _host.ConnectAsync();
        var before = await _host.ConnectionAsync();
        var state = await StartAsync(_host.Store);

        Assert.Equal(expected, await Connector.FinishAsync(_host.Store, callback(state), Cancel));

        Assert.Equivalent(before, await _host.ConnectionAsync(), strict: true);
    }
}
