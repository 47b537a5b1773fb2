using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Catalog;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Sandbox;
using ZoeyKlaviyo.Sandbox.Klaviyo.Catalog;
using ZoeyKlaviyo.Sandbox.Zoey;
using ZoeyKlaviyo.Tests.Fixtures;
using CatalogBook = ZoeyKlaviyo.Sandbox.Klaviyo.Catalog.CatalogBook;

namespace ZoeyKlaviyo.Tests.Catalog;

/// <summary>The Core with the stand-ins for Klaviyo and for the store, whose demo catalog has 6 categories and its products.</summary>
internal sealed class CatalogHost : IAsyncDisposable
{
    public const string Account = "ABC123";
    private readonly SandboxHost _host;

    private CatalogHost(SandboxHost host) => _host = host;

    public CoreHost Core => _host.Core;

    public SandboxServer Sandbox => _host.Sandbox;

    public StoreState Store => Sandbox.Store;

    public CatalogBook Klaviyo => Sandbox.Catalog;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<CatalogHost> StartAsync(DatabaseProvider provider, Dictionary<string, string?>? settings = null) =>
        new(await SandboxHost.StartAsync(provider, settings: new(settings ?? [])
        {
            ["Stores:0:ConsumerKey"] = SandboxOptions.ConsumerKey,
            ["Stores:0:ConsumerSecret"] = SandboxOptions.ConsumerSecret,
            ["Stores:0:AccessToken"] = SandboxOptions.AccessToken,
            ["Stores:0:TokenSecret"] = SandboxOptions.TokenSecret,
            // The fake clock is not to be waited for at each request.
            ["Zoey:MaxRequestsPerSecond"] = "100000",
        }));

    public Task<Run> CategoriesAsync() => Core.RunAsync(SyncKind.Categories);

    public Task<Run> ProductsAsync() => Core.RunAsync(SyncKind.Products);

    public Task<Run> VariantsAsync() => Core.RunAsync(SyncKind.Variants);

    /// <summary>All three, in the order of the night.</summary>
    public async Task<(Run Categories, Run Products, Run Variants)> SyncAsync()
    {
        var runs = (await CategoriesAsync(), await ProductsAsync(), await VariantsAsync());
        // The next sync is another day's.
        Core.Time.Advance(TimeSpan.FromHours(24));
        return runs;
    }

    public void Change(string id, JsonObject attributes) => Store.Products.Change(id, attributes);

    public IReadOnlyList<CatalogItem> Items => Klaviyo.Items(Account);

    public IReadOnlyList<CatalogVariant> Variants => Klaviyo.Variants(Account);

    public IReadOnlyList<CatalogCategory> Categories => Klaviyo.Categories(Account);

    public CatalogItem Item(string id) => Items.Single(item => item.Id == id);

    public CatalogVariant Variant(string id) => Variants.Single(variant => variant.Id == id);

    public Task<List<RunRecord>> RecordsAsync(Run run) => Core.RecordsAsync(run.Id);

    public Task<List<CatalogRecord>> StateAsync(ZoeyKlaviyo.Core.Klaviyo.CatalogKind kind) =>
        Core.ReadAsync(db => db.CatalogRecords.Where(row => row.Kind == kind).OrderBy(row => row.Id).ToListAsync(Cancel));

    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
