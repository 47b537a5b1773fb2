using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Audit;
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
    public async Task First_EverythingIsThere_ThenNothingIsSent()
    {
        var (categories, products, variants) = await _host.SyncAsync();

        Assert.Equal((RunStatus.Succeeded, RunStatus.Succeeded, RunStatus.Succeeded), (categories.Status, products.Status, variants.Status));
        // Four products, of which one has three variants.
        Assert.Equal((6, 4, 6), (categories.Counts.Created, products.Counts.Created, variants.Counts.Created));
        Assert.Equal(16, (await _host.RecordsAsync(categories)).Concat(await _host.RecordsAsync(products)).Concat(await _host.RecordsAsync(variants)).Count(record => record.Result == RecordResult.Created));
        _host.AssertEqualsStore();
        var calls = _host.Klaviyo.Calls;

        (categories, products, variants) = await _host.SyncAsync();

        Assert.Equal(calls, _host.Klaviyo.Calls);
        Assert.Equal((6, 4, 6), (categories.Counts.Unchanged, products.Counts.Unchanged, variants.Counts.Unchanged));
        Assert.Empty(await _host.RecordsAsync(products));
    }

    [Fact]
    public async Task OnePercentChanged_OnlyThatIsSent_InOneJobAKind()
    {
        _host.Generate(300);
        await _host.SyncAsync();
        var calls = _host.Klaviyo.Calls;
        foreach (var number in new[] { 3, 150, 299 })
            _host.Change(CatalogHost.Generated(number), new JsonObject { ["price"] = "77.5000", ["special_price"] = null, ["name"] = $"New name {number}" });

        var (_, products, variants) = await _host.SyncAsync();

        Assert.Equal((3, 297), (products.Counts.Updated, products.Counts.Unchanged));
        Assert.Equal((3, 297), (variants.Counts.Updated, variants.Counts.Unchanged));
        Assert.Equal((0, 2), (_host.Klaviyo.Calls.Creates - calls.Creates, _host.Klaviyo.Calls.Updates - calls.Updates));
        _host.AssertEqualsStore();
    }

    [Fact]
    public async Task CategoryRenamed_ItsChildrenAreCalledAnew_AndItemsAreNotTouched()
    {
        await _host.SyncAsync();
        _host.Store.Categories.Change("3", new JsonObject { ["name"] = "Tools for hands" });

        var (categories, products, _) = await _host.SyncAsync();

        Assert.Equal(3, categories.Counts.Updated);
        Assert.Equal("Tools for hands > Hammers", _host.Categories.Single(category => category.Id == "c-4").Name);
        Assert.Equal(0, products.Counts.Updated);
        _host.AssertEqualsStore();
    }

    [Fact]
    public async Task MovedBetweenCategories_IsInTheNewOnesOnly()
    {
        await _host.SyncAsync();
        _host.Change("101", new JsonObject { ["category_ids"] = new JsonArray("6", "7") });
        _host.Change("102", new JsonObject { ["category_ids"] = new JsonArray("3", "5", "8") });
        _host.Change("103", new JsonObject { ["category_ids"] = new JsonArray() });

        var (_, products, _) = await _host.SyncAsync();

        Assert.Equal(RunStatus.Succeeded, products.Status);
        Assert.Equal(["c-6", "c-7"], _host.Item("101").Categories.Order());
        Assert.Empty(_host.Item("103").Categories);
        _host.AssertEqualsStore();
    }

    [Fact]
    public async Task CategoryDeleted_ItemsStayAndAreInOneLess()
    {
        await _host.SyncAsync();
        _host.Store.Categories.Delete("4");

        var (categories, products, _) = await _host.SyncAsync();

        Assert.Equal(1, categories.Counts.Deleted);
        Assert.Equal(["c-3"], _host.Item("101").Categories);
        Assert.Equal(0, products.Counts.Updated);
        _host.AssertEqualsStore();
    }

    [Fact]
    public async Task ProductDeleted_ThenCreatedAgain_GoesAndComesBackWithItsVariants()
    {
        await _host.SyncAsync();
        _host.Store.Products.Delete("103");

        var (_, products, _) = await _host.SyncAsync();

        Assert.Equal(1, products.Counts.Deleted);
        Assert.Contains(await _host.RecordsAsync(products), record => record is { Result: RecordResult.Deleted, Operation: "Delete" } && record.Record.Contains("DRL-18V", StringComparison.Ordinal));
        _host.AssertEqualsStore();

        _host.Store.Products.Clear();
        var (_, again, variants) = await _host.SyncAsync();

        Assert.Equal((1, 1), (again.Counts.Created, variants.Counts.Created));
        _host.AssertEqualsStore();
    }

    [Fact]
    public async Task VariantMovedToAnotherProduct_IsDeletedAndCreatedThere()
    {
        _host.Generate(20, variantsPer: 2);
        await _host.SyncAsync();
        var (variant, from, to) = (CatalogHost.Generated(1), CatalogHost.Generated(0), CatalogHost.Generated(3));
        Assert.Equal(from, _host.Variant($"v-{variant}").Item);
        _host.Change(variant, new JsonObject { ["parent_id"] = to });

        var (_, _, variants) = await _host.SyncAsync();

        Assert.Equal((1, 1), (variants.Counts.Deleted, variants.Counts.Created));
        Assert.Equal(to, _host.Variant($"v-{variant}").Item);
        _host.AssertEqualsStore();
    }

    [Fact]
    public async Task DisabledOrInvisible_IsKeptUnpublished()
    {
        await _host.SyncAsync();
        _host.Change("101", new JsonObject { ["status"] = "2" });
        _host.Change("102", new JsonObject { ["visibility"] = "1" });

        var (_, products, variants) = await _host.SyncAsync();

        Assert.Equal((2, 0), (products.Counts.Updated, products.Counts.Deleted));
        Assert.Equal(2, variants.Counts.Updated);
        Assert.False(_host.Item("101").Published || _host.Item("102").Published || _host.Variant("v-101").Published);
        Assert.True(_host.Item("103").Published);
    }

    [Fact]
    public async Task StockChanged_OnlyItsVariantIsSent()
    {
        await _host.SyncAsync();
        _host.Change("105", new JsonObject { ["qty"] = "0.0000" });
        _host.Change("106", new JsonObject { ["qty"] = "3.0000" });

        var (_, products, variants) = await _host.SyncAsync();

        Assert.Equal((0, 2), (products.Counts.Updated, variants.Counts.Updated));
        Assert.Equal((0m, 3m), (_host.Variant("v-105").InventoryQuantity, _host.Variant("v-106").InventoryQuantity));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(101)]
    public async Task SoManyProducts_TakeAsFewJobsAsThereCanBe(int count)
    {
        _host.Generate(count);
        if (count == 0)
        {
            foreach (var id in new[] { "101", "102", "103", "104", "105", "106", "107" })
                _host.Store.Products.Delete(id);
        }

        var (_, products, variants) = await _host.SyncAsync();

        Assert.Equal((count, count), (products.Counts.Created, variants.Counts.Created));
        Assert.Equal((count + 99) / 100 * 2 + 1, _host.Klaviyo.Calls.Creates);
        Assert.Equal(0, _host.Klaviyo.Calls.Updates);
        // An empty list is never an empty store.
        Assert.Equal(count == 0 ? RunStatus.Failed : RunStatus.Succeeded, products.Status);
        if (count > 0)
            _host.AssertEqualsStore();
    }

    [Fact]
    public async Task UnicodeAndVeryLongFields_ArriveAsFarAsKlaviyoTakesThem()
    {
        _host.Change("101", new JsonObject
        {
            ["name"] = "Hämmer 🔨 " + new string('n', 5000),
            ["sku"] = "HÄM-🔨",
            ["description"] = "<div><p>Öl &amp; Wasser</p><script>alert(1)</script><ul><li>eins</li><li>zw<b>ei</b></li></ul>" + new string('x', 50_000) + "</div>",
            ["url_key"] = "hämmer 🔨",
        });

        var (_, products, variants) = await _host.SyncAsync();

        Assert.Equal((RunStatus.Succeeded, RunStatus.Succeeded), (products.Status, variants.Status));
        var item = _host.Item("101");
        Assert.StartsWith("Hämmer 🔨 nnn", item.Title, StringComparison.Ordinal);
        Assert.StartsWith("Öl & Wasser eins zwei xxx", item.Description, StringComparison.Ordinal);
        Assert.InRange(item.Description.Length, 5000, 20_000);
        Assert.Equal("http://acme.test/h%C3%A4mmer%20%F0%9F%94%A8.html", item.Url);
        Assert.Equal("HÄM-🔨", _host.Variant("v-101").Sku);
    }

    [Fact]
    public async Task FunctionSwitchedOff_NothingIsSentAndNothingIsDeleted()
    {
        await _host.SyncAsync();
        await _host.Core.SetAsync(Core.Settings.Switch.Products, false);
        _host.Store.Products.Delete("103");

        var run = await _host.ProductsAsync();

        Assert.Equal(RunStatus.Skipped, run.Status);
        Assert.Contains("Products is No", run.Message, StringComparison.Ordinal);
        Assert.Equal(4, _host.Items.Count);
    }

    [Fact]
    public async Task IsEnabledSwitchedOffMeanwhile_NothingMoreIsSent()
    {
        _host.Generate(300);
        await _host.CategoriesAsync();
        var posts = 0;
        _host.OnRequest = request =>
        {
            if (request.Method == HttpMethod.Post && request.RequestUri!.AbsolutePath.Contains("catalog-item", StringComparison.Ordinal) && ++posts == 1)
                _host.Core.Database.WriteAsync(db => db.SwitchStates.Where(state => state.Switch == Core.Settings.Switch.IsEnabled).ExecuteUpdateAsync(update => update.SetProperty(state => state.IsOn, false)), default).GetAwaiter().GetResult();
        };

        var run = await _host.ProductsAsync();

        Assert.Equal(RunStatus.Partial, run.Status);
        Assert.Contains("Is Enabled is No", run.Message, StringComparison.Ordinal);
        Assert.InRange(posts, 1, 2);
    }

    [Fact]
    public async Task VariantsBeforeProducts_WaitForTheirProduct()
    {
        var early = await _host.VariantsAsync();

        Assert.Equal((0, 6), (early.Counts.Created, early.Counts.Skipped));
        Assert.Contains("6 waiting for their product", early.Message, StringComparison.Ordinal);
        Assert.All(await _host.RecordsAsync(early), record => Assert.NotNull(ErrorAdvice.For(record.ErrorCode)));

        await _host.SyncAsync();

        _host.AssertEqualsStore();
    }

}
