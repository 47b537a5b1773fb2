using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Storage.Sqlite;
using ZoeyKlaviyo.Tests.Fixtures;

namespace ZoeyKlaviyo.Tests.Storage;

public sealed class SqliteStorageTests() : StorageTests(DatabaseProvider.Sqlite)
{
    [Fact]
    public async Task EveryConnection_IsSetForDurability()
    {
        await using var host = await CoreHost.StartAsync(DatabaseProvider.Sqlite);
        var pragmas = await host.ReadAsync(async db => new[]
        {
            await PragmaAsync(db, "journal_mode"), await PragmaAsync(db, "synchronous"), await PragmaAsync(db, "busy_timeout"), await PragmaAsync(db, "foreign_keys"),
        });

        Assert.Equal(["wal", "2", "10000", "1"], pragmas);
    }

    [Fact]
    public async Task SecondProcessOnTheSameFile_RefusesToStartAndSaysWhy()
    {
        await using var host = await CoreHost.StartAsync(DatabaseProvider.Sqlite);

        var exception = await Assert.ThrowsAsync<DatabaseInUseException>(host.StartAnotherAsync);

        Assert.Contains("in use by another ZoeyKlaviyo process", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LeftoverMigrationLock_IsMendedAtStart()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using (var first = await CoreHost.StartAsync(database))
        {
            await first.Database.WriteAsync(
                db => db.Database.ExecuteSqlAsync(
                    $"INSERT INTO \"__EFMigrationsLock\" (\"Id\", \"Timestamp\") VALUES (1, '2026-01-01')", TestContext.Current.CancellationToken),
                TestContext.Current.CancellationToken);
        }

        await using var second = await CoreHost.StartAsync(database);

        Assert.Equal("acme", second.Store.Key);
        Assert.Equal(0, await second.ReadAsync(db => db.Database.SqlQuery<int>($"SELECT COUNT(*) AS \"Value\" FROM \"__EFMigrationsLock\"").SingleAsync(TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task RequestsThatArriveDuringAWrite_AreWrittenTogether()
    {
        await using var host = await CoreHost.StartAsync(DatabaseProvider.Sqlite);
        await host.ConnectAsync();
        await host.AddEventsAsync(1);
        var writes = 0;
        using var subscription = host.Get<Core.Stores.StoreSignals>().OnRunsChanged(_ => Interlocked.Increment(ref writes));
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var blocking = host.Database.WriteAsync(_ => release.Task, TestContext.Current.CancellationToken);

        var answers = Enumerable.Range(0, 100)
            .Select(i => host.CollectAsync("{\"visitor\":{\"email\":\"jo@shop-demo.com\"},\"events\":[{\"id\":\"e-" + i + "\",\"type\":\"viewed_product\"}]}"))
            .ToList();
        Assert.DoesNotContain(answers, answer => answer.IsCompleted);
        release.SetResult();
        await blocking;

        Assert.Equal(100, (await Task.WhenAll(answers)).Sum(answer => answer.Accepted));
        Assert.InRange(writes, 1, 3);
    }

    private static async Task<string> PragmaAsync(AppDbContext db, string name)
    {
        await db.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var command = db.Database.GetDbConnection().CreateCommand();
#pragma warning disable CA2100 // the names above
        command.CommandText = $"PRAGMA {name}";
#pragma warning restore CA2100
        return Convert.ToString(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken), System.Globalization.CultureInfo.InvariantCulture)!;
    }
}

public sealed class PostgresStorageTests() : StorageTests(DatabaseProvider.Postgres);

public abstract class StorageTests(DatabaseProvider provider)
{
    [Fact]
    public async Task Migrations_MatchTheModel()
    {
        await using var host = await CoreHost.StartAsync(provider);

        Assert.False(await host.ReadAsync(db => Task.FromResult(db.Database.HasPendingModelChanges())));
    }

    [Fact]
    public async Task SecondStart_KeepsWhatIsThere()
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await using (var first = await CoreHost.StartAsync(database))
        {
            await first.ConnectAsync();
            await first.AddEventsAsync(1);
        }

        await using var second = await CoreHost.StartAsync(database);

        Assert.Single(await second.PayloadsAsync());
        Assert.All(await second.Get<SettingsEditor>().ReadAsync(second.Store, TestContext.Current.CancellationToken), view => Assert.True(view.IsOn));
    }

    [Fact]
    public async Task StoresOfTheConfiguration_AreAppliedAgainAtEachStart()
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await using (await CoreHost.StartAsync(database))
        {
        }

        await using var second = await CoreHost.StartAsync(database, new()
        {
            ["Stores:0:Name"] = "Renamed",
            ["Stores:0:StorefrontUrl"] = "https://www.acme.test/shop/",
            ["Stores:0:FeedSecret"] = "s3cret",
        });

        var store = await second.ReadAsync(db => db.Stores.SingleAsync(TestContext.Current.CancellationToken));
        Assert.Equal(("Renamed", "https://www.acme.test/shop", "https://www.acme.test"), (store.Name, store.StorefrontUrl, store.AllowedOrigins));
        Assert.DoesNotContain("s3cret", store.FeedSecretProtected, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongStores_AreRefusedNamingEveryKey()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => CoreHost.StartAsync(provider, new()
        {
            ["Stores:0:Key"] = "Not A Key",
            ["Stores:1:Key"] = "beta",
            ["Stores:1:BaseUrl"] = "beta.test",
            ["Stores:1:PublicKey"] = "public-acme",
        }));

        Assert.Contains("Stores:0:Key", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Stores:1:BaseUrl", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Stores:1:PublicKey", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ManyRequestsAtOnce_EachEventStoredOnce()
    {
        await using var host = await CoreHost.StartAsync(provider);
        await host.ConnectAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 400).Select(i => Task.Run(() => host.CollectAsync(
            "{\"visitor\":{\"email\":\"jo@shop-demo.com\"},\"events\":[{\"id\":\"e-" + (i % 100) + "\",\"type\":\"viewed_product\",\"value\":0.5}]}"))));

        Assert.Equal(100, answers.Sum(answer => answer.Accepted));
        Assert.Equal(300, answers.Sum(answer => answer.Ignored.Count(row => row.Reason == "duplicate")));
        var payloads = await host.PayloadsAsync();
        Assert.Equal(100, payloads.Select(payload => payload.UniqueId).Distinct().Count());
        Assert.All(payloads, payload => Assert.Equal((0.5m, "{}"), (payload.Value, payload.Properties)));
    }

    [Fact]
    public async Task ActiveOnSite_FromManyTabsAtOnce_CountsOnce()
    {
        await using var host = await CoreHost.StartAsync(provider);
        await host.ConnectAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => host.CollectAsync(
            "{\"visitor\":{\"email\":\"jo@shop-demo.com\"},\"events\":[{\"id\":\"a-" + i + "\",\"type\":\"active_on_site\"}]}"))));

        Assert.Equal(1, answers.Sum(answer => answer.Accepted));
        host.Time.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(1, (await host.CollectAsync("""{"visitor":{"email":"jo@shop-demo.com"},"events":[{"id":"later","type":"active_on_site"}]}""")).Accepted);
    }
}
