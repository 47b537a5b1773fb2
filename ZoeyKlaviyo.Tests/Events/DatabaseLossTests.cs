using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Storage.Sqlite;
using ZoeyKlaviyo.Tests.Fixtures;
using static ZoeyKlaviyo.Tests.Fixtures.KlaviyoStub;

namespace ZoeyKlaviyo.Tests.Events;

/// <summary>The database fails for a moment, just after an event may have reached Klaviyo.</summary>
public sealed class DatabaseLossTests
{
    [Theory]
    [InlineData("when asking whether Klaviyo is up")]
    [InlineData("when refreshing the token after a 401")]
    public async Task AfterAnEventMayHaveArrived_ItStaysInDoubtAndNeverGoesOutInBulk(string where)
    {
        var database = new FailingOnce();
        await using var host = await CoreHost.StartAsync(
            DatabaseProvider.Sqlite, [], services => services.ConfigureDbContext<SqliteAppDbContext>(options => options.AddInterceptors(database)));
        await host.ConnectAsync();
        host.Klaviyo.On("GET /api/metrics", _ => Json(200, """{"data":[]}""")).On("POST /oauth/token", _ => Tokens("access-2"));
        await host.FillOutboxAsync(1);
        var tries = 0;
        host.Klaviyo.On("POST /api/events", _ =>
        {
            tries++;
            if (tries == 2 && where == "when refreshing the token after a 401")
            {
                database.FailNext();
                return Error(401);
            }

            if (tries == 3)
                database.FailNext();
            throw new HttpRequestException(HttpRequestError.ResponseEnded, "The response ended prematurely.");
        });
        await host.RunAsync(SyncKind.Events);
        Assert.True(database.HasFailed);
        Assert.True(Assert.Single(await host.PayloadsAsync()).InDoubt);

        await host.FillOutboxAsync(3, from: 2);
        host.Klaviyo.OnEvent(_ => Accepted());
        await host.RunAsync(SyncKind.Events);

        Assert.DoesNotContain(host.Klaviyo.BulkCalls.SelectMany(BulkBodies.Read), entry => entry.UniqueId == "event-000001");
        Assert.All(await host.PayloadsAsync(), payload => Assert.Equal(Core.Events.PayloadState.Sent, payload.State));
    }

    /// <summary>Fails the next look at the connection.</summary>
    private sealed class FailingOnce : DbCommandInterceptor
    {
        private int _isArmed;

        public bool HasFailed { get; private set; }

        public void FailNext() => _isArmed = 1;

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            if (command.CommandText.Contains("KlaviyoConnections", StringComparison.Ordinal) && Interlocked.Exchange(ref _isArmed, 0) == 1)
            {
                HasFailed = true;
                throw new SqliteException("database is locked", 5);
            }

            return new(result);
        }
    }
}
