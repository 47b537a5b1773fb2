using System.Text;
using System.Text.Json.Nodes;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Catalog;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Tests.Fixtures;

namespace ZoeyKlaviyo.Tests.Catalog;

public sealed class SqliteCatalogSearchTests() : CatalogSearchTests(DatabaseProvider.Sqlite);

public sealed class PostgresCatalogSearchTests() : CatalogSearchTests(DatabaseProvider.Postgres);

/// <summary>What people are told of a catalog, and what only some of them may decide.</summary>
public abstract class CatalogSearchTests(DatabaseProvider provider) : IAsyncLifetime
{
    private CatalogHost _host = default!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private CatalogSearch Search => _host.Core.Get<CatalogSearch>();

    private CatalogCommands Commands => _host.Core.Get<CatalogCommands>();

    public async ValueTask InitializeAsync() => _host = await CatalogHost.StartAsync(provider);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Counts_AreThoseOfTheRecordsBehindThem()
    {
        _host.Klaviyo.Faults = _host.Klaviyo.Faults with { Refuse = "Hammers" };
        _host.Generate(60);
        await _host.SyncAsync();
        foreach (var number in Enumerable.Range(0, 13))
            _host.Store.Products.Delete(CatalogHost.Generated(number));
        _host.Change(CatalogHost.Generated(20), new JsonObject { ["name"] = "Hammers" });
        await _host.SyncAsync();
        await Commands.KeepAsync(_host.Core.Store, CatalogKind.Variant, Cancel);
        _host.Store.Products.Delete(CatalogHost.Generated(30));
        await _host.SyncAsync();

        var seen = new List<(CatalogKind, CatalogPart)>();
        foreach (var line in (await SummaryAsync()).Lines)
        {
            foreach (var part in Enum.GetValues<CatalogPart>())
            {
                var listed = await AllAsync(new CatalogFilter(line.Kind, part));
                Assert.Equal((line.Kind, part, line.Counts[part]), (line.Kind, part, listed.Count));
                if (listed.Count > 0)
                    seen.Add((line.Kind, part));
            }
        }

        Assert.Superset(new HashSet<(CatalogKind, CatalogPart)>
        {
            (CatalogKind.Item, CatalogPart.Wanted), (CatalogKind.Item, CatalogPart.InSync), (CatalogKind.Item, CatalogPart.Held), (CatalogKind.Item, CatalogPart.Refused),
            (CatalogKind.Variant, CatalogPart.Kept),
        }, seen.ToHashSet());
    }

    [Fact]
    public async Task Text_FindsBySkuNameAndId_TheExactOnesFirst()
    {
        await _host.SyncAsync();

        var hammer = (await FindAsync("HAM-16")).Single(view => view.Record.Kind == CatalogKind.Item);
        Assert.Equal(("101", "Claw hammer 16 oz", CatalogState.InSync), (hammer.Record.ExternalId, hammer.Record.Name, hammer.Record.State));
        Assert.Equal((1, "Hand tools; Hand tools > Hammers"), (hammer.Variants, string.Join("; ", hammer.Categories)));
        Assert.NotNull(hammer.LastRun);
        Assert.Equal(["v-105"], (await FindAsync("GLV-M")).Select(view => view.Record.ExternalId));
        var gloves = await FindAsync("  work GLOVES ");
        Assert.Equal(["104", "v-105", "v-106", "v-107"], gloves.Select(view => view.Record.ExternalId).Order(StringComparer.Ordinal));
        Assert.Equal("Work gloves", gloves.Single(view => view.Record.ExternalId == "v-106").Parent!.Name);
        // The product itself stands before those that only have it in their SKU.
        Assert.Equal("104", (await FindAsync("GLV"))[0].Record.ExternalId);
        Assert.Equal(["c-4"], (await FindAsync("c-4")).Select(view => view.Record.ExternalId));
        Assert.Equal(["105", "106", "107"], (await AllAsync(new CatalogFilter(CatalogKind.Variant, ParentId: "104"))).Select(view => view.Record.RecordId).Order(StringComparer.Ordinal));
        foreach (var nothing in new[] { "", "  ", "100%", "no such" })
            Assert.Empty(await FindAsync(nothing));
    }

    [Fact]
    public async Task TooManyFound_SaysSo()
    {
        _host.Generate(30);
        await _host.ProductsAsync();

        var page = await Search.PageAsync(_host.Core.Store, new CatalogFilter(Text: "Generated"), null, Cancel);

        Assert.Equal((CatalogSearch.PageSize, true), (page.Records.Count, page.HasMore));
    }

    /// <summary>Somebody else held more while the dialog was open: what was agreed to is not what would happen.</summary>
    [Fact]
    public async Task Confirm_OfMoreThanWasShown_DoesNothing()
    {
        await HoldAsync();
        var preview = await Commands.PreviewAsync(_host.Core.Store, CatalogKind.Item, Cancel);
        Assert.Equal(new DeletionPreview(13, 0, 13), preview);

        Assert.Equal((0, null), await Commands.ConfirmDeletionsAsync(_host.Core.Store, CatalogKind.Item, 12, Cancel));
        Assert.Equal(13, (await Commands.PreviewAsync(_host.Core.Store, CatalogKind.Item, Cancel)).Count);
        Assert.Equal(13, (await Commands.ConfirmDeletionsAsync(_host.Core.Store, CatalogKind.Item, 13, Cancel)).Count);
        Assert.Equal((0, null), await Commands.ConfirmDeletionsAsync(_host.Core.Store, CatalogKind.Item, 13, Cancel));
    }

    [Fact]
    public async Task Support_LooksAndSyncsARecord_ButDecidesNothing()
    {
        await HoldAsync();
        var support = (await _host.Core.Get<StoreAccess>().OpenAsync(People.Support, "acme", Cancel))!;
        using var file = new MemoryStream(Encoding.UTF8.GetBytes("sku,parent_sku\nA-1,A\n"));

        await Assert.ThrowsAsync<AccessDeniedException>(() => Commands.ConfirmDeletionsAsync(support, CatalogKind.Item, Cancel));
        await Assert.ThrowsAsync<AccessDeniedException>(() => Commands.KeepAsync(support, CatalogKind.Item, Cancel));
        await Assert.ThrowsAsync<AccessDeniedException>(() => _host.Core.Get<VariantLinkFile>().TakeAsync(support, file, null, Cancel));
        var found = (await Search.PageAsync(support, new CatalogFilter(Text: "GEN-40"), null, Cancel)).Records[0];
        var run = await _host.Core.EndOfAsync((await Commands.SyncRecordAsync(support, found.Record.Id, Cancel))!.RunId);

        Assert.Equal((RunStatus.Succeeded, "Sam"), (run.Status, run.RequestedBy));
        Assert.Equal(13, (await SummaryAsync()).Lines.Single(line => line.Kind == CatalogKind.Item).Held);
    }

    /// <summary>What the store does not give is known until it gives it.</summary>
    [Fact]
    public async Task WhatTheStoreDoesNotGive_IsSaid_UntilItDoes()
    {
        await _host.CategoriesAsync();
        _host.Store.Quirks = _host.Store.Quirks with { Forbidden = ["stockitems", "categories"], CategoryFilterIgnored = true, ParentId = false };
        _host.Change("104", new JsonObject { ["sku"] = "WORK" });
        await _host.SyncAsync();

        var poor = (await SummaryAsync()).Listing!;
        Assert.All([poor.CategoriesProblem, poor.CategoryLinksProblem, poor.StockProblem], Assert.NotNull);
        Assert.Equal((1, null), (poor.ProductsWithoutVariants, poor.ProductsProblem));

        _host.Store.Quirks = new();
        await _host.SyncAsync();

        var rich = (await SummaryAsync()).Listing!;
        Assert.All([rich.CategoriesProblem, rich.CategoryLinksProblem, rich.StockProblem, rich.ProductsProblem], Assert.Null);
        Assert.Equal(0, rich.ProductsWithoutVariants);
    }

    /// <summary>A record's drawer tells what became of it so far, over all runs.</summary>
    [Fact]
    public async Task RunRecord_KnowsItsCatalogRecord_AndWhatWasTriedBefore()
    {
        _host.Klaviyo.Faults = _host.Klaviyo.Faults with { Refuse = "hammer" };
        await _host.CategoriesAsync();
        var run = await _host.ProductsAsync();
        _host.Core.Time.Advance(TimeSpan.FromHours(24));
        var again = await _host.ProductsAsync();
        var refused = (await _host.RecordsAsync(again)).Single(record => record.Result == RecordResult.Failed);

        var detail = await _host.Core.Get<RunDetails>().RecordAsync(_host.Core.Store, refused.Id, Cancel);

        Assert.Equal("101", detail!.Catalog!.ExternalId);
        Assert.Equal([run.Id, again.Id], detail.Attempts.Select(attempt => attempt.RunId));
        Assert.NotNull(detail.Advice);
    }

    private async Task HoldAsync()
    {
        _host.Generate(60);
        await _host.SyncAsync();
        foreach (var number in Enumerable.Range(0, 13))
            _host.Store.Products.Delete(CatalogHost.Generated(number));
        await _host.ProductsAsync();
    }

    private async Task<CatalogSummary> SummaryAsync() => (await _host.Core.Get<CatalogOverview>().ReadAsync(_host.Core.Store, Cancel))!;

    private async Task<IReadOnlyList<CatalogFinding>> FindAsync(string text) => (await Search.PageAsync(_host.Core.Store, new CatalogFilter(Text: text), null, Cancel)).Records;

    private async Task<List<CatalogFinding>> AllAsync(CatalogFilter filter)
    {
        var all = new List<CatalogFinding>();
        for (long? after = null; ;)
        {
            var page = await Search.PageAsync(_host.Core.Store, filter, after, Cancel);
            all.AddRange(page.Records);
            if (page.Next is null)
                return all;
            after = page.Next;
        }
    }
}
