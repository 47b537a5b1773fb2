using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Storage.Postgres;
using ZoeyKlaviyo.Core.Storage.Sqlite;
using ZoeyKlaviyo.Core.Zoey;
using ZoeyKlaviyo.Tests.Fixtures;
using static ZoeyKlaviyo.Tests.Zoey.ZoeyStub;

namespace ZoeyKlaviyo.Tests.Zoey;

public sealed class SqliteZoeyAccessTokensTests() : ZoeyAccessTokensTests(DatabaseProvider.Sqlite);

public sealed class PostgresZoeyAccessTokensTests() : ZoeyAccessTokensTests(DatabaseProvider.Postgres);

public abstract class ZoeyAccessTokensTests(DatabaseProvider provider) : IAsyncLifetime
{
    private const string TokenPath = "/oauth2/token";
    private readonly FailingSaves _saves = new();
    private TestDatabase _database = default!;
    private CoreHost _host = default!;
    private ZoeyStub _store = default!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IEnumerable<SeenStoreRequest> Refreshes => _store.Requests.Where(request => request.Path == TokenPath);

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(provider);
        (_host, _store) = await StartAsync(_database, OAuth2, configure: services =>
        {
            services.ConfigureDbContext<SqliteAppDbContext>(options => options.AddInterceptors(_saves));
            services.ConfigureDbContext<PostgresAppDbContext>(options => options.AddInterceptors(_saves));
        });
        _store.On("products/7/categories", _ => Json("[]")).On(TokenPath, _ => Tokens($"access-{Refreshes.Count()}", $"refresh-{Refreshes.Count() + 1}"));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task ManyCallsAtOnce_RefreshOnce()
    {
        await _store.PumpAsync(async (client, store) =>
        {
            await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => client.ReadCategoryIdsAsync(store, "7", Cancel))));
            return true;
        });

        var refresh = Assert.Single(Refreshes);
        Assert.Equal("grant_type=refresh_token&refresh_token=refresh-1", refresh.Body);
        Assert.Equal($"Basic {Convert.ToBase64String("client-1:client-secret-1"u8)}", refresh.Authorization);
        Assert.All(_store.Requests.Except(Refreshes), request => Assert.Equal("Bearer access-1", request.Authorization));
    }

    [Fact]
    public async Task ReplacedRefreshToken_SurvivesARestart()
    {
        await CallAsync();
        var at = _host.Time.GetUtcNow() + TimeSpan.FromHours(2);
        await _host.DisposeAsync();
        (_host, _store) = await StartAsync(_database, OAuth2, at);
        _store.On("products/7/categories", _ => Json("[]")).On(TokenPath, _ => Tokens("access-9", null));

        await CallAsync();
        _host.Time.Advance(TimeSpan.FromHours(2));
        await CallAsync();

        Assert.Equal(["refresh-2", "refresh-2"], Refreshes.Select(request => request.Body.Split('=')[^1]));
    }

    [Fact]
    public async Task ReplacedRefreshToken_IsKeptThoughTheDatabaseFailsForAMoment()
    {
        _saves.ToFail = 3;

        await CallAsync();
        _host.Time.Advance(TimeSpan.FromHours(2));
        await CallAsync();

        Assert.Equal(0, _saves.ToFail);
        Assert.Equal(["refresh-1", "refresh-2"], Refreshes.Select(request => request.Body.Split('=')[^1]));
    }

    [Fact]
    public async Task Unauthorized_RefreshesAndTriesOnceMore()
    {
        await CallAsync();
        _store.On("products/7/categories", request => request.Authorization == "Bearer access-1" ? Error(401, "Expired.") : Json("[]"));
        await CallAsync();
        Assert.Equal(2, Refreshes.Count());

        _store.On("products/7/categories", _ => Error(401, "No."));
        Assert.Equal(ZoeyProblem.Credentials, (await _store.FailAsync()).Problem);
        Assert.Equal(3, Refreshes.Count());
    }

    [Fact]
    public async Task Token_IsRefreshedAFewMinutesEarly_AndGoodToItsEndWhenThatFails()
    {
        await CallAsync();
        _host.Time.Advance(TimeSpan.FromMinutes(58));
        _store.On(TokenPath, _ => Html(502));

        await CallAsync();

        Assert.Equal(2, Refreshes.Count());
        Assert.Equal("Bearer access-1", _store.Requests.Last().Authorization);
    }

    [Fact]
    public async Task RefusedRefresh_IsAboutTheCredentialsAndNamesNone()
    {
        _store.On(TokenPath, _ => Json("""{"error":"invalid_grant","error_description":"refresh-1 is revoked"}""", 400));

        var exception = await _store.FailAsync();

        Assert.Equal(ZoeyProblem.Credentials, exception.Problem);
        Assert.DoesNotMatch("refresh-1|client-secret-1", exception.ToString());
        Assert.Single(_store.Requests);
    }

    [Fact]
    public async Task Tokens_AreNotReadableInTheDatabase()
    {
        await CallAsync();

        var row = await _host.ReadAsync(db => db.ZoeyAccess.SingleAsync(Cancel));
        Assert.DoesNotMatch("access-1|refresh-|client-secret", $"{row.AccessTokenProtected} {row.RefreshTokenProtected} {row.CredentialsProtected}");
        Assert.Null(row.RefreshLeaseUntilUtc);
    }

    /// <summary>Fails what writes tokens so many times.</summary>
    private sealed class FailingSaves : DbCommandInterceptor
    {
        public int ToFail { get; set; }

        public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            // What keeps tokens sets the refresh token; what takes or ends the lease does not.
            if (ToFail == 0 || !command.CommandText.Contains("\"RefreshTokenProtected\" =", StringComparison.Ordinal))
                return new(result);
            ToFail--;
            throw new TimeoutException("The database does not answer.");
        }
    }

    private Task<IReadOnlyList<string>> CallAsync() => _store.PumpAsync((client, store) => client.ReadCategoryIdsAsync(store, "7", Cancel));
}
