using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Stores;
using ZoeyKlaviyo.Tests.Fixtures;

namespace ZoeyKlaviyo.Tests.Stores;

public sealed class SqliteStoreSetupTests() : StoreSetupTests(DatabaseProvider.Sqlite);

public sealed class PostgresStoreSetupTests() : StoreSetupTests(DatabaseProvider.Postgres);

public abstract class StoreSetupTests(DatabaseProvider provider)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task InstancesThatStartAtOnce_AgreeOnTheStores()
    {
        await using var host = await CoreHost.StartAsync(provider);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Setup(host, "beta", "public-beta").RunAsync(Cancel), Cancel)));

        Assert.Equal(["acme", "beta"], await host.ReadAsync(db => db.Stores.Select(store => store.Key).Order().ToListAsync(Cancel)));
    }

    [Fact]
    public async Task PublicKeyOfAStoreThatLeftTheConfiguration_IsRefusedNamingIt()
    {
        await using var host = await CoreHost.StartAsync(provider);

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => Setup(host, "beta", "public-acme").RunAsync(Cancel));

        Assert.Contains("PublicKey \"public-acme\" of Stores:N:Key \"beta\" belongs to the store \"acme\"", exception.Message, StringComparison.Ordinal);
    }

    private static StoreSetup Setup(CoreHost host, string key, string publicKey)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Stores:0:Key"] = key,
            ["Stores:0:BaseUrl"] = "http://beta.test",
            ["Stores:0:PublicKey"] = publicKey,
        }).Build();
        return new StoreSetup(host.Database, configuration, host.Get<ISecretProtector>(), host.Time);
    }
}
