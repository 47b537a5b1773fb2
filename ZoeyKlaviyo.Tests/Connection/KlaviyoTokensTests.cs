using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Storage.Sqlite;
using ZoeyKlaviyo.Tests.Fixtures;
using static ZoeyKlaviyo.Tests.Fixtures.KlaviyoStub;

namespace ZoeyKlaviyo.Tests.Connection;

public sealed class SqliteKlaviyoTokensTests() : KlaviyoTokensTests(DatabaseProvider.Sqlite)
{
    /// <summary>On SQLite one writes at a time.</summary>
    [Fact]
    public async Task SomebodyElseRefreshes_WaitingKeepsNobodyFromWriting()
    {
        var commands = new ConnectionCommands();
        await using var host = await CoreHost.StartAsync(
            DatabaseProvider.Sqlite, [], services => services.ConfigureDbContext<SqliteAppDbContext>(options => options.AddInterceptors(commands)));
        await host.ConnectAsync();
        host.Time.Advance(TimeSpan.FromHours(2));
        Task<TokenResult>? waiting = null;
        host.Klaviyo.On("POST /oauth/token", _ =>
        {
            var (reads, writes) = (commands.Reads, commands.Writes);
            waiting = Task.Run(() => GetAsync(host));
            SpinWait.SpinUntil(() => commands.Reads >= reads + 10);
            Assert.Equal(writes, commands.Writes);
            return Tokens("access-2");
        });

        await PumpAsync(host, Task.Run(() => GetAsync(host)));

        Assert.Equal("access-2", (await PumpAsync(host, waiting!)).Credential?.AccessToken);
    }

    private static Task<TokenResult> GetAsync(CoreHost host) => host.Get<KlaviyoTokens>().GetAsync(host.Store.Id, TestContext.Current.CancellationToken);

    private sealed class ConnectionCommands : DbCommandInterceptor
    {
        private int _reads;
        private int _writes;

        public int Reads => Volatile.Read(ref _reads);

        public int Writes => Volatile.Read(ref _writes);

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            Count(command);
            return new(result);
        }

        public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            Count(command);
            return new(result);
        }

        private void Count(DbCommand command)
        {
            if (command.CommandText.Contains("UPDATE \"KlaviyoConnections\"", StringComparison.Ordinal))
                Interlocked.Increment(ref _writes);
            else if (command.CommandText.Contains("FROM \"KlaviyoConnections\"", StringComparison.Ordinal))
                Interlocked.Increment(ref _reads);
        }
    }
}

public sealed class PostgresKlaviyoTokensTests() : KlaviyoTokensTests(DatabaseProvider.Postgres);

public abstract class KlaviyoTokensTests(DatabaseProvider provider) : IAsyncLifetime
{
    private CoreHost _host = default!;

    private KlaviyoTokens Subject => _host.Get<KlaviyoTokens>();

    private int Refreshes => _host.Klaviyo.Requests.Count(request => request.Path == "/oauth/token");

    public async ValueTask InitializeAsync()
    {
        _host = await CoreHost.StartAsync(provider);
        await _host.ConnectAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("expired")]
    [InlineData("revoked early")]
    public async Task TwentyParallelCalls_OldToken_OneRefreshAndNoFailedCall(string why)
    {
        const int calls = 20;
        var started = 0;
        _host.Time.Advance(why == "expired" ? TimeSpan.FromHours(2) : TimeSpan.Zero);
        _host.Klaviyo.On("GET /api/metrics", request => request.Authorization == "Bearer access-2" ? Json(200, "{}") : Error(401));
        _host.Klaviyo.On("POST /oauth/token", _ =>
        {
            // Klaviyo takes its time: every caller comes to find the old token meanwhile.
            SpinWait.SpinUntil(() => Volatile.Read(ref started) == calls);
            var later = _host.Time.GetUtcNow() + TimeSpan.FromSeconds(2);
            SpinWait.SpinUntil(() => _host.Time.GetUtcNow() > later);
            return Tokens("access-2");
        });

        var answers = await PumpAsync(Task.WhenAll(Enumerable.Range(0, calls).Select(_ => Task.Run(() =>
        {
            Interlocked.Increment(ref started);
            return CallAsync();
        }))));

        Assert.All(answers, answer => Assert.Equal(Verdict.Accepted, answer.Verdict));
        Assert.Equal(1, Refreshes);
    }

    [Fact]
    public async Task AboutToExpire_RefreshedEarlyWithTheStoredRefreshToken()
    {
        _host.Time.Advance(TimeSpan.FromMinutes(56));
        _host.Klaviyo.On("POST /oauth/token", _ => Tokens("access-2"));

        var token = await Subject.GetAsync(_host.Store.Id, TestContext.Current.CancellationToken);

        Assert.Equal((TokenState.Ready, "access-2"), (token.State, token.Credential?.AccessToken));
        var request = Assert.Single(_host.Klaviyo.Requests);
        Assert.Equal("grant_type=refresh_token&refresh_token=refresh-1", request.Body);
        Assert.StartsWith("Basic ", request.Authorization, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoNewRefreshToken_TheOldOneStays()
    {
        _host.Time.Advance(TimeSpan.FromHours(2));
        _host.Klaviyo.On("POST /oauth/token", _ => Tokens("access-2", refresh: null));
        await Subject.GetAsync(_host.Store.Id, TestContext.Current.CancellationToken);
        _host.Time.Advance(TimeSpan.FromHours(2));

        await Subject.GetAsync(_host.Store.Id, TestContext.Current.CancellationToken);

        Assert.All(_host.Klaviyo.Requests, request => Assert.Contains("refresh_token=refresh-1", request.Body, StringComparison.Ordinal));
        Assert.Equal(2, Refreshes);
    }

    [Fact]
    public async Task InvalidGrant_NeedsAttentionAndIsNotAskedAgain()
    {
        _host.Time.Advance(TimeSpan.FromHours(2));
        _host.Klaviyo.On("POST /oauth/token", _ => OAuthError(400, "invalid_grant"));

        var first = await Subject.GetAsync(_host.Store.Id, TestContext.Current.CancellationToken);
        var second = await Subject.GetAsync(_host.Store.Id, TestContext.Current.CancellationToken);

        Assert.Equal((TokenState.NeedsAttention, TokenState.NeedsAttention), (first.State, second.State));
        Assert.Equal(1, Refreshes);
        var connection = await _host.ConnectionAsync();
        Assert.Equal(ConnectionStatus.NeedsAttention, connection.Status);
        Assert.Contains("Connect again", connection.StatusReason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    public async Task ServerError_NeverNeedsAttention(int status)
    {
        _host.Time.Advance(TimeSpan.FromHours(2));
        _host.Klaviyo.On("POST /oauth/token", _ => OAuthError(status, "invalid_grant"));

        var token = await Subject.GetAsync(_host.Store.Id, TestContext.Current.CancellationToken);

        Assert.Equal(TokenState.Unavailable, token.State);
        Assert.Equal(ConnectionStatus.Connected, (await _host.ConnectionAsync()).Status);
    }

    [Fact]
    public async Task ServerError_TokenStillGood_IsUsed()
    {
        _host.Time.Advance(TimeSpan.FromMinutes(57));
        _host.Klaviyo.On("POST /oauth/token", _ => Html(503));

        var token = await Subject.GetAsync(_host.Store.Id, TestContext.Current.CancellationToken);

        Assert.Equal((TokenState.Ready, "access-1"), (token.State, token.Credential?.AccessToken));
    }

    [Fact]
    public async Task UnusedForWeeks_RefreshedSoThatItStaysConnected()
    {
        _host.Klaviyo.On("POST /oauth/token", _ => Tokens("access-2"));
        _host.Time.Advance(TimeSpan.FromDays(24));
        await Subject.RefreshIdleAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, Refreshes);

        _host.Time.Advance(TimeSpan.FromDays(2));
        await Subject.RefreshIdleAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, Refreshes);
        Assert.Equal(_host.Time.GetUtcNow(), (await _host.ConnectionAsync()).TokensRefreshedUtc);
    }

    [Fact(Timeout = 60_000)]
    public async Task LeaseFromBeforeTheClockWasSetBack_IsNotWaitedFor()
    {
        await LeaseAsync(TimeSpan.FromHours(6));
        _host.Klaviyo.On("POST /oauth/token", _ => Tokens("access-2"));

        var token = await Subject.RefreshAsync(_host.Store.Id, (await _host.ConnectionAsync()).TokenVersion, TestContext.Current.CancellationToken);

        Assert.Equal("access-2", token.Credential?.AccessToken);
    }

    [Fact]
    public async Task LeaseOfAProcessThatIsGone_IsTakenOverWhenItEnds()
    {
        await LeaseAsync(TimeSpan.FromSeconds(60));
        var end = _host.Time.GetUtcNow() + TimeSpan.FromSeconds(60);
        _host.Klaviyo.On("POST /oauth/token", _ => Tokens(_host.Time.GetUtcNow() > end ? "access-2" : "too early"));

        var refresh = Subject.RefreshAsync(_host.Store.Id, (await _host.ConnectionAsync()).TokenVersion, TestContext.Current.CancellationToken);

        Assert.Equal("access-2", (await PumpAsync(refresh)).Credential?.AccessToken);
    }

    [Fact]
    public async Task ConnectedAnewDuringARefresh_TheNewTokensStay()
    {
        _host.Time.Advance(TimeSpan.FromHours(2));
        _host.Klaviyo.On("POST /oauth/token", _ =>
        {
            var tokens = new TokenPair("access-of-the-person", "refresh-of-the-person", TimeSpan.FromHours(1), "events:write");
            Task.Run(() => _host.Get<ConnectionStore>().SaveAsync(_host.Store, new KlaviyoAccount("ABC123", "Acme Tools"), tokens, TestContext.Current.CancellationToken))
                .GetAwaiter().GetResult();
            return OAuthError(400, "invalid_grant");
        });

        var token = await Subject.GetAsync(_host.Store.Id, TestContext.Current.CancellationToken);

        Assert.Equal((TokenState.Ready, "access-of-the-person"), (token.State, token.Credential?.AccessToken));
    }

    [Fact]
    public async Task CallMeantForAnotherAccount_IsNotSent()
    {
        var answer = await _host.Get<KlaviyoCalls>().SendAsync(_host.Store.Id, "XYZ789", _host.Get<KlaviyoClient>().GetMetricsAsync, TestContext.Current.CancellationToken);

        Assert.False(answer.IsSent);
        Assert.Empty(_host.Klaviyo.Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task DisconnectedBeforeTheSecondTry_WhatMayHaveArrivedIsNotForgotten(bool mayHaveArrived)
    {
        _host.Klaviyo.On("POST /oauth/revoke", _ => Json(200, ""));

        var answer = await _host.Get<KlaviyoCalls>().SendAsync(
            _host.Store.Id,
            "ABC123",
            async (_, token) =>
            {
                await _host.Get<ConnectionStore>().DisconnectAsync(_host.Store, token);
                return new KlaviyoAnswer(Verdict.Unauthorized, 401, "", [], MayHaveArrived: mayHaveArrived);
            },
            TestContext.Current.CancellationToken);

        Assert.Equal((false, mayHaveArrived, "The store is not connected to Klaviyo."), (answer.IsSent, answer.MayHaveArrived, answer.Detail));
    }

    [Fact]
    public async Task InvalidClient_KeepsTheTokens()
    {
        _host.Time.Advance(TimeSpan.FromHours(2));
        _host.Klaviyo.On("POST /oauth/token", _ => OAuthError(401, "invalid_client"));

        var token = await Subject.GetAsync(_host.Store.Id, TestContext.Current.CancellationToken);

        Assert.Equal(TokenState.Misconfigured, token.State);
        Assert.Equal(ConnectionStatus.Connected, (await _host.ConnectionAsync()).Status);
    }

    [Fact]
    public async Task Tokens_AreNotReadableInTheDatabase()
    {
        var connection = await _host.ConnectionAsync();

        Assert.DoesNotContain("access-1", connection.AccessTokenProtected, StringComparison.Ordinal);
        Assert.DoesNotContain("refresh-1", connection.RefreshTokenProtected, StringComparison.Ordinal);
    }

    private Task<KlaviyoAnswer> CallAsync() =>
        _host.Get<KlaviyoCalls>().SendAsync(_host.Store.Id, "ABC123", _host.Get<KlaviyoClient>().GetMetricsAsync, TestContext.Current.CancellationToken);

    private Task LeaseAsync(TimeSpan length) => _host.Database.WriteAsync(
        db => db.KlaviyoConnections.ExecuteUpdateAsync(update => update
            .SetProperty(row => row.RefreshLeaseOwner, "gone")
            .SetProperty(row => row.RefreshLeaseUntilUtc, _host.Time.GetUtcNow() + length)),
        TestContext.Current.CancellationToken);

    private Task<T> PumpAsync<T>(Task<T> task) => PumpAsync(_host, task);

    /// <summary>Lets the pauses of those who wait for somebody else's refresh pass.</summary>
    protected static async Task<T> PumpAsync<T>(CoreHost host, Task<T> task)
    {
        while (!task.IsCompleted)
        {
            host.Time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        return await task;
    }
}
