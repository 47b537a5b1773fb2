using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Catalog;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Sandbox;
using ZoeyKlaviyo.Tests.Fixtures;
using Theirs = ZoeyKlaviyo.Sandbox.Klaviyo.Catalog.CatalogKind;

namespace ZoeyKlaviyo.Tests.Catalog;

public sealed class SqliteCatalogStoresTests() : CatalogStoresTests(DatabaseProvider.Sqlite);

public sealed class PostgresCatalogStoresTests() : CatalogStoresTests(DatabaseProvider.Postgres);

/// <summary>Several stores on one Klaviyo account, one store on several, and ids that change.</summary>
public abstract class CatalogStoresTests(DatabaseProvider provider)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TwoStoresOnOneAccount_EachHasItsOwn_AndLosesItsOwn()
    {
        await using var host = await StartTwoAsync("", "b-");
        var beta = await OpenBetaAsync(host);
        Assert.Equal(ConnectOutcome.Connected, await host.ConnectAsync(beta));
        var editor = host.Core.Get<SettingsEditor>();
        await editor.SetEverythingToYesAsync(beta, await editor.ReadAsync(beta, Cancel), Cancel);

        await host.SyncAsync();
        await SyncAsync(host, beta);

        Assert.Equal((12, 8, 12), (host.Categories.Count, host.Items.Count, host.Variants.Count));
        host.AssertEqualsStore("", neighbour: "b-");
        Assert.Equal(host.Item("101") with { Id = "", Categories = [] }, host.Item("b-101") with { Id = "", Categories = [], Created = host.Item("101").Created, Updated = host.Item("101").Updated });
        Assert.Equal(["b-c-3", "b-c-4"], host.Item("b-101").Categories.Order());
        Assert.Equal("b-104", host.Variant("b-v-105").Item);

        host.Store.Products.Delete("103");
        await SyncAsync(host, beta);

        Assert.DoesNotContain(host.Items, item => item.Id == "b-103");
        Assert.Contains(host.Items, item => item.Id == "103");
        await host.SyncAsync();
        host.AssertEqualsStore("", neighbour: "b-");
    }

    /// <summary>Product 15 behind <c>shop2</c> would be product 215 behind <c>shop</c>.</summary>
    [Theory]
    [InlineData("b-", "b-")]
    [InlineData("", "2")]
    [InlineData("shop2", "shop")]
    public async Task PrefixesThatMakeTheSameId_ConnectingIsRefused(string first, string second)
    {
        await using var host = await StartTwoAsync(first, second);

        Assert.Equal(ConnectOutcome.PrefixTaken, await host.ConnectAsync(await OpenBetaAsync(host)));
    }

    [Fact]
    public async Task PrefixChanged_OldIdsAreHeld_ThenGiveWayToTheNew()
    {
        await using var host = await CatalogHost.StartAsync(provider);
        await host.SyncAsync();
        await host.Core.Database.WriteAsync(db => db.Stores.ExecuteUpdateAsync(update => update.SetProperty(store => store.IdPrefix, "n-"), Cancel), Cancel);

        var (categories, products, variants) = await host.SyncAsync();

        Assert.All(new[] { categories, products, variants }, run => Assert.Contains("Held for your confirmation", run.Message, StringComparison.Ordinal));
        host.AssertEqualsStore();
        foreach (var kind in Enum.GetValues<CatalogKind>())
        {
            var (_, queued) = await host.Core.Get<CatalogCommands>().ConfirmDeletionsAsync(host.Core.Store, kind, Cancel);
            if (queued is not null)
                await host.Core.EndOfAsync(queued.RunId);
        }

        await host.SyncAsync();
        host.AssertEqualsStore("n-");
    }

    /// <summary>The job works on what it was sent, whatever the store is called by its end.</summary>
    [Fact]
    public async Task PrefixChangedWhileAJobIsAtWork_NothingIsLeftBehind()
    {
        await using var host = await CatalogHost.StartAsync(provider);
        host.Klaviyo.Faults = new(Stuck: true);
        host.Core.Step = TimeSpan.FromSeconds(10);
        await host.CategoriesAsync();
        await host.Core.Database.WriteAsync(db => db.Stores.ExecuteUpdateAsync(update => update.SetProperty(store => store.IdPrefix, "n-"), Cancel), Cancel);
        await host.CategoriesAsync();
        host.Klaviyo.Faults = new();
        await host.CategoriesAsync();

        var rows = await host.StateAsync(CatalogKind.Category);

        Assert.Equal(host.Categories.Select(category => category.Id).Order(), rows.Where(row => row.IsInKlaviyo).Select(row => row.KlaviyoExternalId!).Order());
        Assert.NotEmpty(host.Categories);
    }

    [Fact]
    public async Task ConnectedToAnotherAccountMeanwhile_NothingMoreIsSent_AndTheFirstGoesOnLater()
    {
        await using var host = await CatalogHost.StartAsync(provider);
        host.Generate(900);
        await host.CategoriesAsync();
        var posts = 0;
        host.OnRequest = request =>
        {
            if (request.Method == HttpMethod.Post && request.RequestUri!.AbsolutePath.Contains("catalog-item", StringComparison.Ordinal) && Interlocked.Increment(ref posts) == 1)
                ConnectTo("OTHER1").GetAwaiter().GetResult();
        };

        var run = await host.ProductsAsync();

        Assert.NotEqual(RunStatus.Succeeded, run.Status);
        Assert.Contains("another Klaviyo account", run.Message, StringComparison.Ordinal);
        Assert.InRange(posts, 1, 4);
        Assert.InRange(host.Klaviyo.Jobs.Where(job => job.Kind == Theirs.Item).Sum(job => job.Rows), 100, 400);

        await ConnectTo(CatalogHost.Account);
        await host.SyncAsync();
        host.AssertEqualsStore();
        Assert.Equal(900, host.Klaviyo.Jobs.Where(job => job.Kind == Theirs.Item).Sum(job => job.Rows));

        Task ConnectTo(string account) => host.Core.Database.WriteAsync(
            db => db.KlaviyoConnections.ExecuteUpdateAsync(update => update.SetProperty(row => row.AccountId, account), default), default);
    }

    /// <summary>What is said of products in events is what the catalog calls them.</summary>
    [Fact]
    public async Task EventsNameTheCatalogsProducts()
    {
        await using var host = await CatalogHost.StartAsync(provider, new() { ["Stores:0:IdPrefix"] = "b-" });
        await host.SyncAsync();
        await host.Core.CollectAsync("""
            {"visitor":{"email":"jo@shop-demo.com"},"events":[
              {"id":"1","type":"viewed_product","properties":{"ProductID":"101"}},
              {"id":"2","type":"added_to_cart","properties":{"AddedItemProductID":"104","Items":[{"ProductID":"102"},{"ProductID":"104"}]}}]}
            """);

        await host.Core.RunAsync(SyncKind.Events);

        var named = host.Sandbox.Events.SelectMany(one => Ids(JsonNode.Parse(one.Properties.GetRawText())!.AsObject())).ToList();
        Assert.Equal(["b-101", "b-102", "b-104", "b-104"], named.Order(StringComparer.Ordinal));
        Assert.All(named, id => Assert.Contains(host.Items, item => item.Id == id));

        static IEnumerable<string> Ids(JsonObject properties) => new[] { properties["ProductID"], properties["AddedItemProductID"] }
            .Concat(properties["Items"]?.AsArray().Select(item => item!["ProductID"]) ?? []).OfType<JsonNode>().Select(id => id.GetValue<string>());
    }

    private static async Task SyncAsync(CatalogHost host, AuthorizedStore store)
    {
        host.Core.StartDispatcher();
        foreach (var kind in new[] { SyncKind.Categories, SyncKind.Products, SyncKind.Variants })
            await host.Core.EndOfAsync((await host.Core.Get<SyncCommands>().SyncNowAsync(store, kind, Cancel)).RunId);
    }

    private static async Task<AuthorizedStore> OpenBetaAsync(CatalogHost host) =>
        (await host.Core.Get<StoreAccess>().OpenAsync(CoreHost.Ana with { StoreKeys = new HashSet<string> { "beta" } }, "beta", Cancel))!;

    /// <summary>Two names for one shop.</summary>
    private Task<CatalogHost> StartTwoAsync(string first, string second) => CatalogHost.StartAsync(provider, new()
    {
        ["Stores:0:IdPrefix"] = first,
        ["Stores:1:Key"] = "beta",
        ["Stores:1:Name"] = "Beta",
        ["Stores:1:BaseUrl"] = "http://acme.test",
        ["Stores:1:PublicKey"] = "public-beta",
        ["Stores:1:IdPrefix"] = second,
        ["Stores:1:ConsumerKey"] = SandboxOptions.ConsumerKey,
        ["Stores:1:ConsumerSecret"] = SandboxOptions.ConsumerSecret,
        ["Stores:1:AccessToken"] = SandboxOptions.AccessToken,
        ["Stores:1:TokenSecret"] = SandboxOptions.TokenSecret,
    });
}
