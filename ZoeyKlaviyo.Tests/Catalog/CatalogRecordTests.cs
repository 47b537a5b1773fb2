using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Catalog;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Tests.Catalog;

public sealed class SqliteCatalogRecordTests() : CatalogRecordTests(DatabaseProvider.Sqlite);

public sealed class PostgresCatalogRecordTests() : CatalogRecordTests(DatabaseProvider.Postgres);

/// <summary>One record that a person asks for, and who may decide about deletions.</summary>
public abstract class CatalogRecordTests(DatabaseProvider provider) : IAsyncLifetime
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
    public async Task ChangedProduct_IsSentWithItsVariant_AndNoOther()
    {
        await _host.SyncAsync();
        _host.Change("101", new JsonObject { ["price"] = "30.0000", ["qty"] = "2.0000" });
        _host.Change("102", new JsonObject { ["name"] = "Other" });

        var run = await _host.RecordAsync(CatalogKind.Item, "101");

        Assert.Equal((2, RunStatus.Succeeded), (run.Counts.Updated, run.Status));
        Assert.Equal((30m, 30m, 2m), (_host.Item("101").Price, _host.Variant("v-101").Price, _host.Variant("v-101").InventoryQuantity));
        Assert.NotEqual("Other", _host.Item("102").Title);
    }

    [Fact]
    public async Task Category_IsSent_AndWhatIsAsItShouldBeIsSaidSo()
    {
        await _host.SyncAsync();
        _host.Store.Categories.Change("4", new JsonObject { ["name"] = "Mallets" });

        Assert.Equal(1, (await _host.RecordAsync(CatalogKind.Category, "4")).Counts.Updated);
        Assert.Equal("Hand tools > Mallets", _host.Categories.Single(category => category.Id == "c-4").Name);

        var again = await _host.RecordAsync(CatalogKind.Category, "4");
        Assert.Equal(RecordResult.Unchanged, Assert.Single(await _host.RecordsAsync(again)).Result);
        Assert.Contains("Klaviyo has it as the store has it", again.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RefusedOne_IsTriedAtOnce()
    {
        _host.Klaviyo.Faults = new(Refuse: "Claw");
        await _host.SyncAsync();
        _host.Core.Time.Advance(TimeSpan.FromHours(-23) + TimeSpan.FromHours(24));
        await _host.ProductsAsync();
        _host.Klaviyo.Faults = new();

        var run = await _host.RecordAsync(CatalogKind.Item, "101");

        Assert.Equal(RunStatus.Succeeded, run.Status);
        Assert.Equal("Claw hammer 16 oz", _host.Item("101").Title);
    }

    [Fact]
    public async Task GoneInTheStore_IsSaidSo_AndNothingIsDeleted()
    {
        await _host.SyncAsync();
        _host.Store.Products.Delete("103");

        var run = await _host.RecordAsync(CatalogKind.Item, "103");

        var record = Assert.Single(await _host.RecordsAsync(run));
        Assert.Equal((RecordResult.Skipped, "catalog_not_in_store"), (record.Result, record.ErrorCode));
        Assert.Equal((4, 0L), (_host.Items.Count, _host.Klaviyo.Calls.Deletes));
    }

    /// <summary>A deletion that another run left behind waits for the next whole list.</summary>
    [Fact]
    public async Task DeletionLeftBehind_IsNotDoneByIt()
    {
        await _host.SyncAsync();
        _host.Store.Products.Delete("103");
        await _host.Core.Database.WriteAsync(
            db => db.CatalogRecords.Where(row => row.Kind == CatalogKind.Item && row.RecordId == "103").ExecuteUpdateAsync(
                update => update.SetProperty(row => row.Removal, Removal.Approved).SetProperty(row => row.State, CatalogState.Open).SetProperty(row => row.Operation, CatalogOperation.Delete), Cancel),
            Cancel);

        await _host.RecordAsync(CatalogKind.Item, "101");

        Assert.Equal(0, _host.Klaviyo.Calls.Deletes);
        await _host.SyncAsync();
        _host.AssertEqualsStore();
    }

    /// <summary>Which product a variant belongs to is known from the last whole list, where the store itself does not say.</summary>
    [Fact]
    public async Task VariantWhoseSkuTellsItsProduct_StaysWithIt()
    {
        _host.Store.Quirks = _host.Store.Quirks with { ParentId = false };
        await _host.SyncAsync();
        _host.Change("105", new JsonObject { ["price"] = "13.0000" });

        var run = await _host.RecordAsync(CatalogKind.Variant, "105");

        Assert.Equal((1, RunStatus.Succeeded), (run.Counts.Updated, run.Status));
        Assert.Equal(("104", 13m), (_host.Variant("v-105").Item, _host.Variant("v-105").Price));
    }

    [Fact]
    public async Task Support_MaySyncARecord_ButNotDecideAboutDeletions()
    {
        _host.Generate(10);
        await _host.SyncAsync();
        foreach (var number in Enumerable.Range(0, 9))
            _host.Store.Products.Delete(CatalogHost.Generated(number));
        await _host.ProductsAsync();
        var support = (await _host.Core.Get<StoreAccess>().OpenAsync(new Person("sam", "Sam", IsSupport: true, IsStoreAdmin: false, new HashSet<string>()), "acme", Cancel))!;
        var commands = _host.Core.Get<CatalogCommands>();

        await Assert.ThrowsAsync<AccessDeniedException>(() => commands.ConfirmDeletionsAsync(support, CatalogKind.Item, Cancel));
        await Assert.ThrowsAsync<AccessDeniedException>(() => commands.KeepAsync(support, CatalogKind.Item, Cancel));
        await Assert.ThrowsAsync<AccessDeniedException>(() => _host.Core.Get<VariantLinkFile>().TakeAsync(support, new MemoryStream([1]), null, Cancel));
        Assert.Equal(9, (await _host.StateAsync(CatalogKind.Item)).Count(row => row.Removal == Removal.Held));
        Assert.Equal(RunStatus.Succeeded, (await _host.RecordAsync(support, CatalogKind.Item, CatalogHost.Generated(9))).Status);
    }
}
