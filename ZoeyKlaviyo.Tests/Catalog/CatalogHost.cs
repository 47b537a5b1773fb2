using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Catalog;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Sandbox;
using ZoeyKlaviyo.Sandbox.Klaviyo.Catalog;
using ZoeyKlaviyo.Sandbox.Zoey;
using ZoeyKlaviyo.Sandbox.Zoey.Catalog;
using ZoeyKlaviyo.Tests.Fixtures;
using CatalogBook = ZoeyKlaviyo.Sandbox.Klaviyo.Catalog.CatalogBook;
using StoreProduct = ZoeyKlaviyo.Sandbox.Zoey.Catalog.StoreProduct;

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

    /// <summary>As Klaviyo's own people delete it, behind our back.</summary>
    public void DeleteInKlaviyo(ZoeyKlaviyo.Sandbox.Klaviyo.Catalog.CatalogKind kind, string id) => Klaviyo.Read(Account, catalog =>
    {
        catalog.Remove(kind, id);
        return true;
    });

    /// <summary>Somebody else's job, which Klaviyo works on as on ours.</summary>
    public bool TryAddForeignJob(int rows) => Klaviyo.Accept(
        Account, ZoeyKlaviyo.Sandbox.Klaviyo.Catalog.CatalogKind.Category, ZoeyKlaviyo.Sandbox.Klaviyo.Catalog.CatalogOperation.Create,
        JsonSerializer.SerializeToElement(Enumerable.Range(0, rows).Select(row => new { type = "catalog-category", attributes = new { external_id = $"foreign-{row}", name = "Foreign" } }))) is not null;

    public Task<Run> RecordAsync(ZoeyKlaviyo.Core.Klaviyo.CatalogKind kind, string id) => RecordAsync(Core.Store, kind, id);

    /// <summary>What <c>Sync this record</c> does.</summary>
    public async Task<Run> RecordAsync(AuthorizedStore store, ZoeyKlaviyo.Core.Klaviyo.CatalogKind kind, string id)
    {
        Core.StartDispatcher();
        var row = (await StateAsync(kind)).Single(one => one.RecordId == id);
        var queued = await Core.Get<CatalogCommands>().SyncRecordAsync(store, row.Id, Cancel);
        return await Core.EndOfAsync(queued!.RunId);
    }

    /// <summary>Connects a store besides the first one to the same account.</summary>
    public Task<ConnectOutcome> ConnectAsync(AuthorizedStore store) => _host.ConnectAsync(store);

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

    /// <summary>The demo catalog gives way to simple products from id 1,000,000 on, each in a category or two.</summary>
    public void Generate(int products, int variantsPer = 0, int categories = 2) => Store.Catalog = new CatalogSize(products, variantsPer, categories);

    public static string Generated(int number) => (GeneratedCatalog.FirstId + number).ToString(CultureInfo.InvariantCulture);

    /// <summary>Called before a request to Klaviyo, or to the store, leaves.</summary>
    public Action<HttpRequestMessage> OnRequest
    {
        set => _host.OnRequest = value;
    }

    /// <summary>Klaviyo's catalog is the store's, record by record: by rules written down here once more.</summary>
    /// <param name="neighbour">The prefix of another store in the same account, whose records are left aside.</param>
    public void AssertEqualsStore(string prefix = "", string? neighbour = null)
    {
        bool IsOwn(string id) => neighbour is null || !id.StartsWith(neighbour, StringComparison.Ordinal);
        var view = new StoreCatalog(Store).Now;
        var categories = view.Categories.Where(category => category.ParentId != "1").ToList();
        Assert.Equal(
            categories.Select(category => ($"{prefix}c-{category.Id}", Breadcrumb(view, category))).Order(),
            Categories.Where(category => IsOwn(category.Id)).Select(category => (category.Id, category.Name)).Order());
        var products = view.Ids.Select(id => view.Find(id)!).ToList();
        var items = products.Where(product => product.ParentId is null).ToDictionary(product => product.Id);
        Assert.Equal(
            items.Values.Select(product => Line(prefix, product)).Order(StringComparer.Ordinal),
            Items.Where(item => IsOwn(item.Id)).Select(item => Line(item)).Order(StringComparer.Ordinal));
        Assert.Equal(
            products.Where(product => !product.IsConfigurable).Select(product => Line(prefix, product, items[product.ParentId ?? product.Id])).Order(StringComparer.Ordinal),
            Variants.Where(variant => IsOwn(variant.Id)).Select(variant => Line(variant)).Order(StringComparer.Ordinal));
    }

    private static string Breadcrumb(CatalogView view, StoreCategory category) =>
        view.FindCategory(category.ParentId) is { ParentId: not "1" } parent ? $"{Breadcrumb(view, parent)} > {category.Name}" : category.Name;

    private static string Line(string prefix, StoreProduct product) => string.Join('|', [
        prefix + product.Id, Text(product, "name"), Description(product), Url(product), Price(product), Image(product),
        product.IsVisible, string.Join(',', product.CategoryIds.Select(id => $"{prefix}c-{id}").Order(StringComparer.Ordinal))]);

    private static string Line(CatalogItem item) => string.Join('|', [
        item.Id, item.Title, item.Description, item.Url, Number(item.Price), item.ImageFullUrl, item.Published, string.Join(',', item.Categories.Order(StringComparer.Ordinal))]);

    private static string Line(string prefix, StoreProduct product, StoreProduct parent) => string.Join('|', [
        $"{prefix}v-{product.Id}", prefix + parent.Id, Text(product, "sku"), Text(product, "name"), Description(Text(product, "description") is "" ? parent : product, product), Url(parent), Price(product), Number(decimal.Parse(product.Quantity, CultureInfo.InvariantCulture)),
        1, Image(parent), parent.IsVisible && Text(product, "status") == "1"]);

    private static string Line(CatalogVariant variant) => string.Join('|', [
        variant.Id, variant.Item, variant.Sku, variant.Title, variant.Description, variant.Url, Number(variant.Price), Number(variant.InventoryQuantity), variant.InventoryPolicy, variant.ImageFullUrl, variant.Published]);

    private static string Text(StoreProduct product, string name) => product.Attributes[name]?.ToString() ?? "";

    private static string Description(StoreProduct product, StoreProduct? named = null) =>
        Text(product, "description") is { Length: > 0 } html ? html.Replace("<p>", "", StringComparison.Ordinal).Replace("</p>", "", StringComparison.Ordinal) : Text(named ?? product, "name");

    private static string Url(StoreProduct product) => Text(product, "url_key") is { Length: > 0 } key ? $"http://acme.test/{key}.html" : $"http://acme.test/catalog/product/view/id/{product.Id}";

    private static string Price(StoreProduct product) =>
        Number(decimal.Parse(Text(product, "special_price") is { Length: > 0 } special ? special : Text(product, "price"), CultureInfo.InvariantCulture));

    private static string Image(StoreProduct product) => product.Picture is null ? "" : $"http://acme.test/assets/{product.Picture}";

    private static string Number(decimal? number) => number?.ToString("0.####", CultureInfo.InvariantCulture) ?? "";

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
