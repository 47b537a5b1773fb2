using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Catalog;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Tests.Fixtures;

namespace ZoeyKlaviyo.Tests.Crashes;

public sealed class SqliteKilledCatalogTests() : KilledCatalogTests(DatabaseProvider.Sqlite);

public sealed class PostgresKilledCatalogTests() : KilledCatalogTests(DatabaseProvider.Postgres);

/// <summary>
/// The real process, killed (<c>kill -9</c>) while it reads the store's list, while Klaviyo works on its jobs, and while it sends one whose answer
/// is lost with it: in the end Klaviyo has every product, as the store has it.
/// </summary>
public abstract class KilledCatalogTests(DatabaseProvider provider) : IDisposable
{
    private const int Count = 350;
    private readonly DirectoryInfo _books = Directory.CreateTempSubdirectory("sandbox-books-");

    public void Dispose()
    {
        _books.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task KilledWhileItReadsSendsAndWaits_NothingIsMissing_AndEveryJobsEndIsRead()
    {
        await using var admin = await ConnectedAdmin.StartAsync(
            provider, new Dictionary<string, string> { ["Zoey__MaxRequestsPerSecond"] = "1000" },
            $"--Sandbox:DataDirectory={_books.FullName}", "--Sandbox:Limits:Enabled=false", "--Sandbox:CatalogJobs=0");
        await admin.Sandbox.GenerateCatalogAsync(new { products = Count, variantsPer = 0, categories = 3 });
        await admin.RunToTheEndAsync("Categories");

        // In the middle of the list; while a call is on its way, so that its answer is lost; while jobs are at work.
        await KillAsync(admin, () => admin.ReadAsync(db => db.StoreProducts.AnyAsync()));
        await admin.Sandbox.AddFaultAsync(new { match = "POST /api/catalog-item-bulk-create-jobs", kind = "slow", retryAfter = 3 });
        await KillAsync(admin, () => admin.ReadAsync(db => db.CatalogJobs.AnyAsync(job => job.KlaviyoId == null)));
        await admin.Sandbox.ClearFaultsAsync();
        await admin.Sandbox.SetCatalogFaultsAsync(new { stuck = true });
        await KillAsync(admin, () => admin.ReadAsync(db => db.CatalogJobs.AnyAsync(job => job.KlaviyoId != null)));
        await admin.Sandbox.SetCatalogFaultsAsync(new { });
        await ConnectedAdmin.UntilAsync(
            async () =>
            {
                await admin.RunToTheEndAsync("Products");
                return !await admin.ReadAsync(db => db.CatalogJobs.AnyAsync()) && await admin.ReadAsync(db => db.CatalogRecords.CountAsync(row => row.Kind == Core.Klaviyo.CatalogKind.Item && row.State == CatalogState.InSync)) == Count;
            },
            "every product is in Klaviyo");

        var items = (await admin.Sandbox.CatalogAsync()).GetProperty("items").EnumerateArray().Select(Line).ToList();
        Assert.Equal(Enumerable.Range(0, Count).Select(Expected).Order(StringComparer.Ordinal), items.Order(StringComparer.Ordinal));
        var jobs = await admin.Sandbox.CatalogJobsAsync();
        Assert.All(jobs, job => Assert.Equal("complete", job.GetProperty("status").GetString()));
        Assert.All(await admin.First.RunsAsync(), run => Assert.False(run.Status is "Queued" or "Running", $"{run}"));
    }

    /// <summary>The generated catalog's rules, once more.</summary>
    private static string Expected(int number)
    {
        var price = 5 + (number * 37 % 20_000 / 100m) - (number % 10 == 0 ? 1 : 0);
        var categories = new[] { number % 3, number % 3 == 0 ? (number + 1 + (number / 3 % 2)) % 3 : number % 3 }.Distinct().Select(category => $"c-{1001 + category}").Order(StringComparer.Ordinal);
        return string.Create(CultureInfo.InvariantCulture, $"{1_000_000 + number}|Generated product {number}|Number {number} of the range.|{price:0.##}|{string.Join(',', categories)}");
    }

    private static string Line(JsonElement item) => string.Create(
        CultureInfo.InvariantCulture,
        $"{item.GetProperty("id")}|{item.GetProperty("title")}|{item.GetProperty("description")}|{item.GetProperty("price").GetDecimal():0.##}|{string.Join(',', item.GetProperty("categories").EnumerateArray())}");

    private static async Task KillAsync(ConnectedAdmin admin, Func<Task<bool>> isTime)
    {
        await admin.First.SyncNowAsync("Products");
        await ConnectedAdmin.UntilAsync(isTime, "it is time to kill");
        await admin.First.KillAsync();
        Assert.True(await admin.ReadAsync(db => db.Runs.AnyAsync(run => run.Kind == SyncKind.Products && run.Status == RunStatus.Running)), "It was killed too late.");
        await admin.EndLeasesAsync();
        await admin.First.StartAsync();
    }
}
