using System.Text.Json.Nodes;
using ZoeyKlaviyo.Core.Catalog;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Sandbox.Zoey.Faults;

namespace ZoeyKlaviyo.Tests.Catalog;

public sealed class SqliteCatalogDeletionTests() : CatalogDeletionTests(DatabaseProvider.Sqlite);

public sealed class PostgresCatalogDeletionTests() : CatalogDeletionTests(DatabaseProvider.Postgres);

/// <summary>What is deleted in Klaviyo, and what never is.</summary>
public abstract class CatalogDeletionTests(DatabaseProvider provider) : IAsyncLifetime
{
    private CatalogHost _host = default!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await CatalogHost.StartAsync(provider);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Below 50: at most 5, never all; from 50 on: a fifth.</summary>
    [Theory]
    [InlineData(6, 5, true)]
    [InlineData(6, 6, false)]
    [InlineData(1, 1, false)]
    [InlineData(49, 6, false)]
    [InlineData(60, 12, true)]
    [InlineData(60, 13, false)]
    public void Limit_IsAsWritten(int known, int lost, bool isAllowed) => Assert.Equal(isAllowed, lost <= DeletionGuard.Limit(known));

    [Fact]
    public async Task TooManyLost_AreHeld_ThenConfirmed()
    {
        _host.Generate(60);
        await _host.SyncAsync();
        Lose(13);

        var (_, held, _) = await _host.SyncAsync();

        Assert.Equal((0, 60, RunStatus.Partial), (held.Counts.Deleted, _host.Items.Count, held.Status));
        Assert.Contains("Held for your confirmation: 13 of 60", held.Message, StringComparison.Ordinal);
        var line = (await ReadAsync()).Lines.Single(one => one.Kind == CatalogKind.Item);
        Assert.Equal((13, 5), (line.Held, line.HeldSample.Count));

        var (count, queued) = await _host.Core.Get<CatalogCommands>().ConfirmDeletionsAsync(_host.Core.Store, CatalogKind.Item, Cancel);
        var run = await _host.Core.EndOfAsync(queued!.RunId);

        Assert.Equal((13, 13, 47), (count, run.Counts.Deleted, _host.Items.Count));
        Assert.Equal(RunStatus.Succeeded, run.Status);
        // The variants' own run deletes, and asks, for itself; what went with its product is gone already.
        await _host.VariantsAsync();
        _host.AssertEqualsStore();
    }

    [Fact]
    public async Task TooManyLost_Kept_StayAndAreNotAskedAboutAgain()
    {
        _host.Generate(60);
        await _host.SyncAsync();
        Lose(13);
        await _host.ProductsAsync();

        Assert.Equal(13, await _host.Core.Get<CatalogCommands>().KeepAsync(_host.Core.Store, CatalogKind.Item, Cancel));
        var run = await _host.ProductsAsync();

        Assert.Equal((0, 60, RunStatus.Succeeded), (run.Counts.Deleted, _host.Items.Count, run.Status));
        var line = (await ReadAsync()).Lines.Single(one => one.Kind == CatalogKind.Item);
        Assert.Equal((0, 13, 47), (line.Held, line.Kept, line.Total));
    }

    [Fact]
    public async Task HeldOrConfirmed_ButSeenAgain_IsNotDeleted()
    {
        _host.Generate(60);
        await _host.SyncAsync();
        Lose(20);
        await _host.ProductsAsync();
        _host.Store.Products.Clear();

        var (_, queued) = await _host.Core.Get<CatalogCommands>().ConfirmDeletionsAsync(_host.Core.Store, CatalogKind.Item, Cancel);
        var run = await _host.Core.EndOfAsync(queued!.RunId);

        Assert.Equal((0, 60, RunStatus.Succeeded), (run.Counts.Deleted, _host.Items.Count, run.Status));
        Assert.Equal(0, (await ReadAsync()).Lines.Sum(line => line.Held + line.Confirmed));
    }

    /// <summary>Half a list, none at all, a list for guests, a store that forbids: nothing goes, whatever was lost.</summary>
    [Theory]
    [InlineData("half")]
    [InlineData("empty")]
    [InlineData("guest")]
    [InlineData("forbidden")]
    [InlineData("html")]
    public async Task BrokenList_DeletesNothing_AndSaysSo(string how)
    {
        _host.Generate(250);
        await _host.SyncAsync();
        Lose(3);
        switch (how)
        {
            case "half":
                _host.Store.Faults.Add(new StoreFault(StoreFaultKind.Status, "/products", Status: 500, Skip: 6));
                break;
            case "empty":
                _host.Store.Faults.Add(new StoreFault(StoreFaultKind.Empty, "/products"));
                break;
            case "guest":
                _host.Store.Quirks = _host.Store.Quirks with { GuestListing = true };
                break;
            case "forbidden":
                _host.Store.Quirks = _host.Store.Quirks with { Forbidden = ["products"] };
                break;
            case "html":
                _host.Store.Faults.Add(new StoreFault(StoreFaultKind.Html403, "/products"));
                break;
        }

        var (_, products, variants) = await _host.SyncAsync();

        Assert.Equal((0, 0, 250, 250), (products.Counts.Deleted, variants.Counts.Deleted, _host.Items.Count, _host.Variants.Count));
        Assert.NotEqual(RunStatus.Succeeded, products.Status);
        Assert.Equal(0, products.Counts.Updated);
        Assert.True(products.Message!.Length > 40, products.Message);

        _host.Store.Faults.Clear();
        _host.Store.Quirks = _host.Store.Quirks with { GuestListing = false, Forbidden = [] };
        await _host.SyncAsync();

        Assert.Equal(247, _host.Items.Count);
        _host.AssertEqualsStore();
    }

    [Fact]
    public async Task ListLacksWhatTheStoreStillHas_IsKept()
    {
        await _host.SyncAsync();
        // The list is another than what the store answers for each alone.
        var isListed = true;
        _host.Store.Products.Delete("103");
        _host.OnRequest = request =>
        {
            if (isListed && request.RequestUri!.AbsolutePath.EndsWith("/products/103", StringComparison.Ordinal))
            {
                isListed = false;
                _host.Store.Products.Clear();
            }
        };

        var run = await _host.ProductsAsync();

        Assert.Equal((0, 4), (run.Counts.Deleted, _host.Items.Count));
        Assert.Contains("still has", run.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StoreDoesNotSayThatARecordIsGone_IsKept()
    {
        await _host.SyncAsync();
        _host.Store.Products.Delete("103");
        _host.Store.Faults.Add(new StoreFault(StoreFaultKind.Html403, "/products/103"));

        var run = await _host.ProductsAsync();

        Assert.Equal((0, 4, RunStatus.Partial), (run.Counts.Deleted, _host.Items.Count, run.Status));
        Assert.Contains("could be looked for", run.Message, StringComparison.Ordinal);
    }

    /// <summary>A role that may no longer read the parent's attribute would make a product of every variant.</summary>
    [Fact]
    public async Task EveryVariantLosesItsProduct_IsHeld()
    {
        _host.Generate(30, variantsPer: 3);
        await _host.SyncAsync();
        _host.Store.Quirks = _host.Store.Quirks with { ParentId = false };
        foreach (var number in Enumerable.Range(0, 120).Where(number => number % 4 != 0))
            _host.Change(CatalogHost.Generated(number), new JsonObject { ["sku"] = $"OTHER{number}" });

        await _host.ProductsAsync();
        var variants = await _host.VariantsAsync();

        Assert.Equal((0, 90), (variants.Counts.Deleted, _host.Variants.Count));
        Assert.Contains("Held for your confirmation: 90 of 90", variants.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CategoryThatKlaviyoNeverHad_IsForgottenWithoutACall()
    {
        _host.Klaviyo.Faults = _host.Klaviyo.Faults with { Refuse = "Drills" };
        await _host.CategoriesAsync();
        _host.Store.Categories.Delete("7");

        var run = await _host.CategoriesAsync();

        Assert.Equal((0, RunStatus.Succeeded), (run.Counts.Deleted, run.Status));
        Assert.DoesNotContain(await _host.StateAsync(CatalogKind.Category), row => row.RecordId == "7");
    }

    private void Lose(int count)
    {
        foreach (var number in Enumerable.Range(0, count))
            _host.Store.Products.Delete(CatalogHost.Generated(number * 4));
    }

    private async Task<CatalogSummary> ReadAsync() => (await _host.Core.Get<CatalogOverview>().ReadAsync(_host.Core.Store, Cancel))!;
}
