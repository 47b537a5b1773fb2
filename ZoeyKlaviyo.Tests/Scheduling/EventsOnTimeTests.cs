using System.Text;
using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Events.Intake;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Tests.Fixtures;

namespace ZoeyKlaviyo.Tests.Scheduling;

public sealed class SqliteEventsOnTimeTests() : EventsOnTimeTests(DatabaseProvider.Sqlite);

public sealed class PostgresEventsOnTimeTests() : EventsOnTimeTests(DatabaseProvider.Postgres);

/// <summary>Ten stores whose catalogs wait half an hour for Klaviyo, and two slots.</summary>
public abstract class EventsOnTimeTests(DatabaseProvider provider) : IAsyncLifetime
{
    private const int Stores = 10;
    private readonly List<AuthorizedStore> _stores = [];
    private CoreHost _host = default!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await CoreHost.StartAsync(provider, Settings(maxParallelRuns: 2), WaitingRun.Of(SyncKind.Products, TimeSpan.FromMinutes(30)));
        _host.Klaviyo.OnEvent(_ => KlaviyoStub.Accepted());
        var keys = Enumerable.Range(0, Stores).Select(number => $"store-{number}").ToHashSet();
        foreach (var key in keys)
        {
            var store = (await _host.Get<StoreAccess>().OpenAsync(CoreHost.Ana with { StoreKeys = keys }, key, Cancel))!;
            var tokens = new TokenPair("access-1", "refresh-1", TimeSpan.FromHours(4), string.Join(' ', KlaviyoScopes.All));
            await _host.Get<ConnectionStore>().SaveAsync(store, new KlaviyoAccount($"Account-{key}", key), tokens, Cancel);
            var editor = _host.Get<SettingsEditor>();
            await editor.SetEverythingToYesAsync(store, await editor.ReadAsync(store, Cancel), Cancel);
            _stores.Add(store);
        }

        await _host.Get<DueRuns>().QueueAsync(Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task EveryCatalogWaits_EventsOfAllStoresGoOutEveryTenMinutes()
    {
        foreach (var store in _stores)
            await _host.Get<RunQueue>().QueueAsync(store.Id, SyncKind.Products, RunTrigger.Manual, "Ana", Cancel);
        _host.StartDispatcher();
        await UntilAsync(db => db.Runs.CountAsync(run => run.Lane == Lane.Bulk && run.Status == RunStatus.Running, Cancel), Stores, "all catalogs wait");

        for (var minute = 4; minute <= 30; minute++)
        {
            await AdvanceToAsync(minute);
            if (minute % 10 == 9)
                await AddEventsAsync();
            if (minute % 10 != 0)
                continue;
            // The clock stands: they can only end by having gone out at once.
            var now = _host.Time.GetUtcNow();
            await UntilAsync(
                db => db.Runs.CountAsync(run => run.Kind == SyncKind.Events && run.Status == RunStatus.Succeeded && run.FinishedUtc == now, Cancel),
                Stores,
                $"the Events of {now:HH:mm} are out");
        }

        Assert.Equal(3 * Stores, _host.Klaviyo.Events.Count());
        var bulk = await _host.ReadAsync(db => db.Runs.Where(run => run.Lane == Lane.Bulk).ToListAsync(Cancel));
        Assert.All(bulk, run => Assert.Equal(RunStatus.Running, run.Status));
        await AdvanceToAsync(34);
        await UntilAsync(db => db.Runs.CountAsync(run => run.Lane == Lane.Bulk && run.Status == RunStatus.Succeeded, Cancel), Stores, "all catalogs are done");
    }

    [Fact]
    public async Task OneSlotAndTheWaitIsOver_DeliveryThatIsQueuedGoesFirst()
    {
        CoreHost? host = null;
        List<SyncKind> active = [];
        await using var started = host = await CoreHost.StartAsync(
            provider,
            new() { ["Sync:MaxParallelRuns"] = "1" },
            WaitingRun.Of(SyncKind.Products, TimeSpan.FromSeconds(5), async () => active = await ActiveAsync(host!)));
        await host.ConnectAsync();
        await host.AddEventsAsync(1);
        using var gate = new ManualResetEventSlim();
        using var arrived = new SemaphoreSlim(0);
        host.Klaviyo.OnEvent(_ =>
        {
            arrived.Release();
            gate.Wait(Cancel);
            return KlaviyoStub.Accepted();
        });
        await host.Get<RunQueue>().QueueAsync(host.Store.Id, SyncKind.Products, RunTrigger.Manual, "Ana", Cancel);
        host.StartDispatcher();
        await UntilAsync(host, db => db.Runs.CountAsync(run => run.Status == RunStatus.Running, Cancel), 1, "the catalog waits");
        await host.Get<RunQueue>().QueueAsync(host.Store.Id, SyncKind.Events, RunTrigger.Schedule, null, Cancel);
        await host.Get<RunQueue>().QueueAsync(host.Store.Id, SyncKind.Retries, RunTrigger.Manual, "Ana", Cancel);
        await arrived.WaitAsync(Cancel);

        host.Time.Advance(TimeSpan.FromSeconds(6));
        gate.Set();

        await UntilAsync(host, db => db.Runs.CountAsync(run => run.FinishedUtc != null, Cancel), 3, "all are done");
        Assert.Equal([SyncKind.Products], active);
    }

    private static Dictionary<string, string?> Settings(int maxParallelRuns)
    {
        var settings = new Dictionary<string, string?> { ["Sync:MaxParallelRuns"] = $"{maxParallelRuns}" };
        for (var number = 0; number < Stores; number++)
        {
            settings[$"Stores:{number + 1}:Key"] = $"store-{number}";
            settings[$"Stores:{number + 1}:Name"] = $"Store {number}";
            settings[$"Stores:{number + 1}:BaseUrl"] = $"http://store-{number}.test";
            settings[$"Stores:{number + 1}:PublicKey"] = $"public-{number}";
        }

        return settings;
    }

    private static Task<List<SyncKind>> ActiveAsync(CoreHost host) =>
        host.ReadAsync(db => db.Runs.Where(run => run.FinishedUtc == null).Select(run => run.Kind).ToListAsync(Cancel));

    private async Task AddEventsAsync()
    {
        for (var number = 0; number < Stores; number++)
        {
            var store = (await _host.Get<IntakeStores>().FindAsync($"public-{number}", Cancel))!;
            var answer = await _host.Get<EventIntake>().CollectAsync(store, Encoding.UTF8.GetBytes(
                $$$"""{"visitor":{"email":"jo@shop-demo.com"},"events":[{"id":"{{{Guid.NewGuid()}}}","type":"viewed_product"}]}"""));
            Assert.Equal(1, answer.Accepted);
        }
    }

    /// <summary>To this minute after nine, in the steps of the heartbeats, and then what the minute clock does.</summary>
    private async Task AdvanceToAsync(int minute)
    {
        var goal = new DateTimeOffset(2026, 3, 2, 9, minute, 0, TimeSpan.Zero);
        while (_host.Time.GetUtcNow() < goal)
        {
            _host.Time.Advance(TimeSpan.FromSeconds(15));
            var now = _host.Time.GetUtcNow();
            await UntilAsync(db => db.LaneLeases.CountAsync(lease => lease.Owner != null && lease.UntilUtc < now + TimeSpan.FromSeconds(45), Cancel), 0, "all have renewed");
        }

        await _host.Get<DueRuns>().QueueAsync(Cancel);
    }

    private Task UntilAsync(Func<AppDbContext, Task<int>> count, int expected, string what) => UntilAsync(_host, count, expected, what);

    private static Task UntilAsync(CoreHost host, Func<AppDbContext, Task<int>> count, int expected, string what) =>
        ConnectedAdmin.UntilAsync(async () => await host.ReadAsync(count) == expected, what);
}
