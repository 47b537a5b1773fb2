using System.Globalization;
using System.Text.Json;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Bench.Catalog;

/// <summary>A store, a Klaviyo and the application between them, each a process of its own, over an empty database.</summary>
internal sealed class CatalogSession : IAsyncDisposable
{
    private readonly BenchDatabase _database;
    private readonly Child _store;
    private readonly Child _klaviyo;
    private readonly Child _application;

    private CatalogSession(BenchDatabase database, Child store, Child klaviyo, Child application) =>
        (_database, _store, _klaviyo, _application) = (database, store, klaviyo, application);

    public static async Task<CatalogSession> StartAsync(DatabaseProvider provider, string? server, int products)
    {
        var database = await BenchDatabase.CreateAsync(provider, server);
        var store = Child.Start("store", "--products", products.ToString(CultureInfo.InvariantCulture));
        var klaviyo = Child.Start("catalog-klaviyo");
        var (storeUrl, klaviyoUrl) = (await UrlAsync(store), await UrlAsync(klaviyo));
        var application = Child.Start("synchronize-catalog", [.. database.Arguments, "--store", storeUrl, "--klaviyo", klaviyoUrl]);
        await application.ReadAsync();
        return new CatalogSession(database, store, klaviyo, application);
    }

    public Task ChangeStoreAsync() => _store.AskAsync("change");

    public Task RestockAsync() => _store.AskAsync("restock");

    public Task NextDayAsync() => _application.AskAsync("day");

    /// <summary>How long each of them takes to answer from now on, in milliseconds.</summary>
    public async Task SlowDownAsync(int store, int klaviyo)
    {
        await _store.AskAsync(string.Create(CultureInfo.InvariantCulture, $"latency {store}"));
        await _klaviyo.AskAsync(string.Create(CultureInfo.InvariantCulture, $"latency {klaviyo}"));
    }

    public async Task<CatalogNight> NightAsync() =>
        new([await RunAsync(SyncKind.Categories), await RunAsync(SyncKind.Products), await RunAsync(SyncKind.Variants)]);

    /// <exception cref="InvalidOperationException">It did not succeed, or Klaviyo was sent what made no sense.</exception>
    public async Task<CatalogMeasure> RunAsync(SyncKind kind)
    {
        await _store.AskAsync("count");
        await _klaviyo.AskAsync("count");
        var run = await _application.AskAsync(kind.ToString());
        var measure = new CatalogMeasure(kind, run, await _store.AskAsync("count"), await _klaviyo.AskAsync("count"));
        Progress.Note($"{_database.Provider} {kind}: {measure.Seconds:0.0} s, {Words(run)}; store {Words(measure.Store)}; Klaviyo {Words(measure.Klaviyo)}");
        return run.GetProperty("status").GetString() == nameof(RunStatus.Succeeded) && measure.Count("mistakes") == 0
            ? measure
            : throw new InvalidOperationException($"{kind} went wrong: {run}, Klaviyo counted {measure.Klaviyo}");
    }

    public async ValueTask DisposeAsync()
    {
        await _application.DisposeAsync();
        await _klaviyo.DisposeAsync();
        await _store.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static async Task<string> UrlAsync(Child child) => (await child.ReadAsync()).GetProperty("url").GetString()!;

    private static string Words(JsonElement counts) => string.Join(", ", counts.EnumerateObject().Select(count => $"{count.Name} {count.Value}"));
}
