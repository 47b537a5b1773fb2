using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Tests.Catalog;

public sealed class SqliteCatalogSyncTests() : CatalogSyncTests(DatabaseProvider.Sqlite);

public sealed class PostgresCatalogSyncTests() : CatalogSyncTests(DatabaseProvider.Postgres);

/// <summary>The store's catalog and Klaviyo's, compared record by record after each sync.</summary>
public abstract class CatalogSyncTests(DatabaseProvider provider) : IAsyncLifetime
{
    private CatalogHost _host = default!;

    public async ValueTask InitializeAsync() => _host = await CatalogHost.StartAsync(provider);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task First_EverythingIsThere()
    {
        var (categories, products, variants) = await _host.SyncAsync();

        Assert.Equal((RunStatus.Succeeded, RunStatus.Succeeded, RunStatus.Succeeded), (categories.Status, products.Status, variants.Status));
        Assert.Equal((6, 8, 12), (categories.Counts.Created, products.Counts.Created, variants.Counts.Created));
    }
}
