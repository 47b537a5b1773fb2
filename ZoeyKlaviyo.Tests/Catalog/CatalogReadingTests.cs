using System.Globalization;
using System.Text.Json.Nodes;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Sandbox.Zoey.Faults;

namespace ZoeyKlaviyo.Tests.Catalog;

public sealed class SqliteCatalogReadingTests() : CatalogReadingTests(DatabaseProvider.Sqlite);

public sealed class PostgresCatalogReadingTests() : CatalogReadingTests(DatabaseProvider.Postgres);

/// <summary>What is read of the store, how often, and what comes of what it does not give.</summary>
public abstract class CatalogReadingTests(DatabaseProvider provider) : IAsyncLifetime
{
    private CatalogHost _host = default!;

    public async ValueTask InitializeAsync() => _host = await CatalogHost.StartAsync(provider, new() { ["Zoey:TimeZone"] = "America/New_York" });

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Midnight is the store's: 05:00 UTC in New York's winter.</summary>
    [Fact]
    public async Task SpecialPrice_HoldsOnItsDaysInTheStoresZone()
    {
        _host.Change("101", new JsonObject { ["special_price"] = "20.0000", ["special_from_date"] = "2026-03-03 00:00:00", ["special_to_date"] = "2026-03-04 00:00:00" });
        await _host.CategoriesAsync();

        Assert.Equal((24.9m, 24.9m), await PricesAsync("2026-03-03T04:30:00Z"));
        Assert.Equal((20m, 20m), await PricesAsync("2026-03-03T05:30:00Z"));
        Assert.Equal((20m, 20m), await PricesAsync("2026-03-05T04:30:00Z"));
        Assert.Equal((24.9m, 24.9m), await PricesAsync("2026-03-05T05:30:00Z"));

        async Task<(decimal?, decimal?)> PricesAsync(string at)
        {
            _host.Core.Time.Advance(DateTimeOffset.Parse(at, CultureInfo.InvariantCulture) - _host.Core.Time.GetUtcNow());
            await _host.ProductsAsync();
            await _host.VariantsAsync();
            return (_host.Item("101").Price, _host.Variant("v-101").Price);
        }
    }

    [Fact]
    public async Task Stock_IsAWholeNumberThatKlaviyoTakes()
    {
        foreach (var (id, quantity) in new[] { ("101", "-5.0000"), ("102", "99999999999999.0000"), ("103", "7.9000"), ("105", "0.5000") })
            _host.Change(id, new JsonObject { ["qty"] = quantity });

        var (_, _, variants) = await _host.SyncAsync();

        Assert.Equal(RunStatus.Succeeded, variants.Status);
        Assert.Equal([0m, 1_000_000_000m, 7m, 0m], new[] { "101", "102", "103", "105" }.Select(id => _host.Variant($"v-{id}").InventoryQuantity));
    }

    /// <summary>One product's picture costs no other its own.</summary>
    [Fact]
    public async Task PictureThatCanNotBeRead_TheOthersAre_AndItIsReadTheNextTime()
    {
        _host.Store.Faults.Add(new StoreFault(StoreFaultKind.Status, "/products/101/images", Status: 500));

        var (_, products, _) = await _host.SyncAsync();

        Assert.Equal(RunStatus.Partial, products.Status);
        Assert.Contains("Not all pictures could be read", products.Message, StringComparison.Ordinal);
        Assert.Null(_host.Item("101").ImageFullUrl);
        Assert.All(new[] { "102", "103", "104" }, id => Assert.NotNull(_host.Item(id).ImageFullUrl));

        _host.Store.Faults.Clear();
        await _host.SyncAsync();
        _host.AssertEqualsStore();
    }

    [Fact]
    public async Task StoreHasNoPictures_ItIsAskedOnce()
    {
        _host.Generate(60);
        _host.Store.Faults.Add(new StoreFault(StoreFaultKind.Status, "/images", Status: 405));

        var run = await _host.ProductsAsync();

        Assert.Equal((60, 0), (run.Counts.Created, run.Counts.Failed));
        Assert.InRange(_host.Store.Requests.Counts["products/{id}/images"], 1, 2);
    }

    /// <summary>The Variants run reads the list again only when the Products run did not, or not to its end, or too long ago.</summary>
    [Fact]
    public async Task VariantsRun_TakesTheListOfTheProductsRun_IfItIsWholeAndFresh()
    {
        await _host.CategoriesAsync();
        await _host.ProductsAsync();
        Assert.Equal(0, await ListsOfVariantsAsync());
        _host.Core.Time.Advance(TimeSpan.FromMinutes(100));
        Assert.Equal(0, await ListsOfVariantsAsync());
        _host.Core.Time.Advance(TimeSpan.FromMinutes(30));
        Assert.NotEqual(0, await ListsOfVariantsAsync());
        Assert.Equal(0, await ListsOfVariantsAsync());

        _host.Store.Faults.Add(new StoreFault(StoreFaultKind.Html403, "/rest/products?", Skip: 2 + (_host.Categories.Count * 2)));
        Assert.Equal(RunStatus.Partial, (await _host.ProductsAsync()).Status);
        _host.Store.Faults.Clear();
        Assert.NotEqual(0, await ListsOfVariantsAsync());
        _host.AssertEqualsStore();

        async Task<int> ListsOfVariantsAsync()
        {
            _host.Store.Requests.Clear();
            Assert.Equal(RunStatus.Succeeded, (await _host.VariantsAsync()).Status);
            return _host.Store.Requests.Counts.GetValueOrDefault("products");
        }
    }

    /// <summary>Only <c>Resource not found.</c> in the store's own JSON says that a record is gone.</summary>
    [Theory]
    [InlineData(StoreFaultKind.Status, 404)]
    [InlineData(StoreFaultKind.Status, 405)]
    [InlineData(StoreFaultKind.Status, 401)]
    [InlineData(StoreFaultKind.Empty, null)]
    [InlineData(StoreFaultKind.NoContent, null)]
    [InlineData(StoreFaultKind.NonJson, null)]
    [InlineData(StoreFaultKind.Html503, null)]
    public async Task StoreSaysAnythingElse_NothingIsDeleted(StoreFaultKind kind, int? status)
    {
        await _host.SyncAsync();
        _host.Store.Products.Delete("103");
        _host.Store.Categories.Delete("8");
        _host.Store.Faults.Add(new StoreFault(kind, "/products/103", Status: status));
        _host.Store.Faults.Add(new StoreFault(kind, "/categories/8", Status: status));

        var (categories, products, variants) = await _host.SyncAsync();

        Assert.Equal((0, 0, 0), (categories.Counts.Deleted, products.Counts.Deleted, variants.Counts.Deleted));
        Assert.Equal((6, 4, 6), (_host.Categories.Count, _host.Items.Count, _host.Variants.Count));
        Assert.Contains("could be looked for", products.Message, StringComparison.Ordinal);

        _host.Store.Faults.Clear();
        await _host.SyncAsync();
        _host.AssertEqualsStore();
    }

    /// <summary>Where the store names no parents: a variant is invisible, and its SKU begins with its product's.</summary>
    [Fact]
    public async Task NoParentAttribute_SkusTell()
    {
        _host.Generate(30, variantsPer: 3);
        _host.Store.Quirks = _host.Store.Quirks with { ParentId = false };

        await _host.SyncAsync();

        Assert.Equal((30, 90), (_host.Items.Count, _host.Variants.Count));
        _host.AssertEqualsStore();
    }

    [Fact]
    public async Task ParentAttributeHoldsSkus_IsTheSame()
    {
        _host.Store.Quirks = _host.Store.Quirks with { ParentSku = true };

        await _host.SyncAsync();

        _host.AssertEqualsStore();
    }

    [Fact]
    public async Task RecordsThatKlaviyoRefusedToUpdate_AreDeletedAllTheSame()
    {
        await _host.SyncAsync();
        _host.Klaviyo.Faults = new(Refuse: "Nobody");
        _host.Change("103", new JsonObject { ["name"] = "Nobody wants it" });
        Assert.Equal(1, (await _host.ProductsAsync()).Counts.Failed);
        _host.Store.Products.Delete("103");

        var run = await _host.ProductsAsync();

        Assert.Equal(1, run.Counts.Deleted);
        Assert.DoesNotContain(await _host.StateAsync(CatalogKind.Item), row => row.RecordId == "103");
    }
}
