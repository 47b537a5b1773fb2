using System.Globalization;
using System.Text.Json.Nodes;
using ZoeyKlaviyo.Core.Catalog;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;
using Theirs = ZoeyKlaviyo.Sandbox.Klaviyo.Catalog.CatalogKind;

namespace ZoeyKlaviyo.Tests.Catalog;

public sealed class SqliteCatalogTiesTests() : CatalogTiesTests(DatabaseProvider.Sqlite);

public sealed class PostgresCatalogTiesTests() : CatalogTiesTests(DatabaseProvider.Postgres);

/// <summary>Records that hang on others: what becomes of them when the others change, go, or were deleted in Klaviyo.</summary>
public abstract class CatalogTiesTests(DatabaseProvider provider) : IAsyncLifetime
{
    private CatalogHost _host = default!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await CatalogHost.StartAsync(provider);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task ProductBecomesAVariant_AndAProductAgain()
    {
        await _host.SyncAsync();
        _host.Change("103", new JsonObject { ["parent_id"] = "104", ["visibility"] = "1" });

        await _host.SyncAsync();

        Assert.Equal("104", _host.Variant("v-103").Item);
        Assert.DoesNotContain(_host.Items, item => item.Id == "103");
        _host.AssertEqualsStore();

        _host.Change("103", new JsonObject { ["parent_id"] = null, ["visibility"] = "4" });
        await _host.SyncAsync();

        Assert.Equal("103", _host.Variant("v-103").Item);
        _host.AssertEqualsStore();
    }

    [Fact]
    public async Task ConfigurableBecomesSimple_ItsVariantsGoWithTheStores()
    {
        await _host.SyncAsync();
        _host.Change("104", new JsonObject { ["type_id"] = "simple", ["qty"] = "4.0000" });
        foreach (var id in new[] { "105", "106", "107" })
            _host.Store.Products.Delete(id);

        await _host.SyncAsync();

        Assert.Equal("104", _host.Variant("v-104").Item);
        Assert.Equal(4, _host.Variants.Count);
        _host.AssertEqualsStore();
    }

    /// <summary>An item takes its variants along, whoever deletes it, and they are not believed to be there.</summary>
    [Fact]
    public async Task ProductDeletedInKlaviyo_ComesBackWithItsVariants()
    {
        await _host.SyncAsync();
        _host.DeleteInKlaviyo(Theirs.Item, "104");
        _host.Change("104", new JsonObject { ["name"] = "Gloves for work" });

        var (_, products, variants) = await _host.SyncAsync();

        Assert.Equal((1, 3), (products.Counts.Created, variants.Counts.Created));
        _host.AssertEqualsStore();
    }

    [Fact]
    public async Task CategoryDeletedInKlaviyo_ComesBackWithItsProducts()
    {
        await _host.SyncAsync();
        _host.DeleteInKlaviyo(Theirs.Category, "c-5");
        _host.Store.Categories.Change("5", new JsonObject { ["name"] = "Wrenches" });

        var (categories, products, _) = await _host.SyncAsync();

        Assert.Equal((1, 1), (categories.Counts.Created, products.Counts.Updated));
        _host.AssertEqualsStore();
    }

    /// <summary>The product's row names a category that Klaviyo does not have: it arrives without, and the category's next run brings both back.</summary>
    [Fact]
    public async Task ProductOfACategoryThatKlaviyoLost_ArrivesAllTheSame()
    {
        await _host.CategoriesAsync();
        _host.DeleteInKlaviyo(Theirs.Category, "c-3");
        _host.DeleteInKlaviyo(Theirs.Category, "c-4");
        _host.DeleteInKlaviyo(Theirs.Category, "c-5");

        var run = await _host.ProductsAsync();

        Assert.Equal((4, 0, 0, RunStatus.Succeeded), (run.Counts.Created, run.Counts.Failed, run.Counts.Skipped, run.Status));
        Assert.Empty(_host.Item("102").Categories);
        await _host.SyncAsync();
        _host.AssertEqualsStore();
    }

    [Fact]
    public async Task VariantOfAProductThatKlaviyoLost_WaitsForIt_AndIsToldSo()
    {
        await _host.CategoriesAsync();
        await _host.ProductsAsync();
        _host.DeleteInKlaviyo(Theirs.Item, "104");
        var jobs = _host.Klaviyo.Jobs.Count;

        var run = await _host.VariantsAsync();

        Assert.Equal((3, 0), (run.Counts.Created, run.Counts.Failed));
        Assert.Equal(1, _host.Klaviyo.Jobs.Count - jobs);
        Assert.All((await _host.StateAsync(CatalogKind.Variant)).FindAll(row => row.ParentId == "104"), row => Assert.Equal(CatalogState.Waiting, row.State));
        await _host.SyncAsync();
        _host.AssertEqualsStore();
    }

    /// <summary>As long as a category is in Klaviyo, so are its products in it.</summary>
    [Fact]
    public async Task CategoriesHeld_KeepTheirProducts_UntilTheyAreDeleted()
    {
        _host.Generate(40, categories: 10);
        await _host.SyncAsync();
        var before = _host.Items.Select(item => (item.Id, string.Join(',', item.Categories.Order()))).ToList();
        for (var id = 1001; id < 1009; id++)
            _host.Store.Categories.Delete(id.ToString(CultureInfo.InvariantCulture));

        var (categories, products, _) = await _host.SyncAsync();

        Assert.Contains("Held for your confirmation: 8 of 10", categories.Message, StringComparison.Ordinal);
        Assert.Equal((0, RunStatus.Succeeded), (products.Counts.Updated, products.Status));
        Assert.Equal(before, _host.Items.Select(item => (item.Id, string.Join(',', item.Categories.Order()))));

        var (_, queued) = await _host.Core.Get<CatalogCommands>().ConfirmDeletionsAsync(_host.Core.Store, CatalogKind.Category, Cancel);
        await _host.Core.EndOfAsync(queued!.RunId);
        await _host.SyncAsync();
        _host.AssertEqualsStore();
    }

    /// <summary>A category that went between the runs costs the others nothing.</summary>
    [Fact]
    public async Task CategoryGoneSinceItsRun_TheOthersAreRead()
    {
        await _host.SyncAsync();
        _host.Store.Categories.Delete("3");
        _host.Change("103", new JsonObject { ["category_ids"] = new JsonArray("8") });

        await _host.ProductsAsync();

        Assert.Equal(["c-8"], _host.Item("103").Categories);
    }

    /// <summary>New products in place of all the old ones make the loss no smaller.</summary>
    [Fact]
    public async Task CatalogReplacedByALargerOne_IsHeld()
    {
        _host.Generate(20);
        await _host.SyncAsync();
        for (var number = 0; number < 20; number++)
            _host.Store.Products.Delete(CatalogHost.Generated(number));
        for (var id = 2_000_000; id < 2_000_300; id++)
            _host.Change(id.ToString(CultureInfo.InvariantCulture), []);
        // The list's last page waits until the pages before it are in Klaviyo.
        _host.OnRequest = request =>
        {
            if (request.RequestUri!.AbsolutePath.EndsWith("/products", StringComparison.Ordinal) && request.RequestUri.Query.Contains("page=4", StringComparison.Ordinal))
                SpinWait.SpinUntil(() => _host.Items.Count >= 300, TimeSpan.FromMinutes(2));
        };

        var run = await _host.ProductsAsync();

        Assert.Equal((300, 0), (run.Counts.Created, run.Counts.Deleted));
        Assert.Contains("Held for your confirmation: 20 of 20", run.Message, StringComparison.Ordinal);
        Assert.Equal(320, _host.Items.Count);
    }
}
