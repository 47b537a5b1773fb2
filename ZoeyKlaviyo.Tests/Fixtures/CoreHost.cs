using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using ZoeyKlaviyo.Core;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Events.Intake;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Stores;

namespace ZoeyKlaviyo.Tests.Fixtures;

/// <summary>The whole Core on a real database and a fake clock, with one store, <c>acme</c>, and a stub for Klaviyo.</summary>
public sealed class CoreHost : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 3, 0, TimeSpan.Zero);

    private static readonly TimeSpan s_creep = TimeSpan.FromMilliseconds(500);

    private readonly TestDatabase _database;
    private readonly bool _ownsDatabase;
    private readonly ServiceProvider _services;
    private readonly CancellationTokenSource _stop = new();
    private Task? _dispatcher;

    private CoreHost(
        TestDatabase database, bool ownsDatabase, FakeTimeProvider time, KlaviyoStub klaviyo, Dictionary<string, string?> settings,
        Action<IServiceCollection>? configure = null)
    {
        _database = database;
        _ownsDatabase = ownsDatabase;
        Time = time;
        Klaviyo = klaviyo;
        IsAnswering = () => klaviyo.IsAnswering;
        _services = Build(settings, configure);
    }

    public FakeTimeProvider Time { get; }

    public KlaviyoStub Klaviyo { get; }

    /// <summary>Whether an answer is under way that the clock has to wait for; the stub's, unless something else answers.</summary>
    public Func<bool> IsAnswering { get; set; }

    /// <summary>By how much the clock goes on at a time while a run is waited for; less than the time between heartbeats.</summary>
    public TimeSpan Step { get; set; } = TimeSpan.FromMilliseconds(500);

    public static Person Ana { get; } = new("ana", "Ana", IsSupport: false, IsStoreAdmin: true, new HashSet<string> { "acme" });

    public AuthorizedStore Store { get; private set; } = default!;

    public Database Database => Get<Database>();

    public static Task<CoreHost> StartAsync(DatabaseProvider provider) => StartAsync(provider, []);

    /// <param name="configure">Adds services, such as a kind of sync that exists only in a test.</param>
    public static async Task<CoreHost> StartAsync(
        DatabaseProvider provider, Dictionary<string, string?> settings, Action<IServiceCollection>? configure = null)
    {
        var time = new FakeTimeProvider(Start);
        var host = new CoreHost(await TestDatabase.CreateAsync(provider), true, time, new KlaviyoStub(), settings, configure);
        try
        {
            await host.PrepareAsync();
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>On a database that outlives the host, such as one of an earlier start.</summary>
    public static async Task<CoreHost> StartAsync(
        TestDatabase database, Dictionary<string, string?>? settings = null, Action<IServiceCollection>? configure = null, DateTimeOffset? at = null)
    {
        var host = new CoreHost(database, false, new FakeTimeProvider(at ?? Start), new KlaviyoStub(), settings ?? [], configure);
        await host.PrepareAsync();
        return host;
    }

    /// <summary>Another process on the same database, clock and Klaviyo; on SQLite only after this one has let go of the file.</summary>
    public async Task<CoreHost> StartAnotherAsync()
    {
        var host = new CoreHost(_database, false, Time, Klaviyo, []);
        try
        {
            await host.PrepareAsync();
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public Task<T> ReadAsync<T>(Func<AppDbContext, Task<T>> read) => Database.ReadAsync(read, TestContext.Current.CancellationToken);

    public Task<List<Payload>> PayloadsAsync() => ReadAsync(db => db.Payloads.OrderBy(payload => payload.Id).ToListAsync());

    public Task<List<RunRecord>> RecordsAsync(long runId) =>
        ReadAsync(db => db.RunRecords.Where(record => record.RunId == runId).OrderBy(record => record.Id).ToListAsync());

    public Task<KlaviyoConnection> ConnectionAsync() => ReadAsync(db => db.KlaviyoConnections.SingleAsync());

    /// <summary>Connected to account ABC123 with tokens that last an hour, and every switch set to Yes.</summary>
    public async Task ConnectAsync(string accountId = "ABC123")
    {
        var tokens = new TokenPair("access-1", "refresh-1", TimeSpan.FromHours(1), string.Join(' ', KlaviyoScopes.All));
        await Get<ConnectionStore>().SaveAsync(Store, new KlaviyoAccount(accountId, "Acme Tools"), tokens, TestContext.Current.CancellationToken);
        var editor = Get<SettingsEditor>();
        await editor.SetEverythingToYesAsync(Store, await editor.ReadAsync(Store, default), default);
    }

    public async Task SetAsync(Switch @switch, bool isOn)
    {
        var editor = Get<SettingsEditor>();
        var view = (await editor.ReadAsync(Store, default)).Single(row => row.Definition.Switch == @switch);
        var outcome = await editor.SetAsync(Store, new SwitchChange(@switch, isOn, view.Version), default);
        Assert.Null(outcome.Problem);
    }

    public async Task<CollectAnswer> CollectAsync(string json)
    {
        var store = await Get<IntakeStores>().FindAsync("public-acme", default);
        return await Get<EventIntake>().CollectAsync(store!, Encoding.UTF8.GetBytes(json));
    }

    /// <summary>Puts events of distinct shoppers in the outbox: <c>shopper1@shop-demo.com</c> and on.</summary>
    public async Task AddEventsAsync(int count, int from = 1)
    {
        for (var i = from; i < from + count; i++)
        {
            var answer = await CollectAsync(
                $$$"""{"visitor":{"email":"shopper{{{i}}}@shop-demo.com"},"events":[{"id":"event-{{{i}}}","type":"added_to_cart","value":19.9,"currency":"USD","properties":{"AddedItemProductName":"Mug"}}]}""");
            Assert.Equal(1, answer.Accepted);
        }
    }

    /// <summary>Many events at once, past intake: <c>shopper1@shop-demo.com</c> and on, each with <c>event-1</c> and on.</summary>
    public Task FillOutboxAsync(
        int count, int from = 1, int? shoppers = null, int propertyLength = 10, char letter = 'm', string metric = "Added to Cart") =>
        Database.WriteAsync(
            db =>
            {
                db.Payloads.AddRange(Enumerable.Range(from, count).Select(number => new Payload
                {
                    StoreId = Store.Id,
                    AccountId = "ABC123",
                    Metric = metric,
                    Email = $"shopper{(number - 1) % (shoppers ?? int.MaxValue) + 1}@shop-demo.com",
                    UniqueId = $"event-{number:000000}",
                    OccurredUtc = Time.GetUtcNow(),
                    ReceivedUtc = Time.GetUtcNow(),
                    Properties = $"{{\"AddedItemProductName\":\"{new string(letter, propertyLength)}\"}}",
                    Value = 19.9m,
                    Currency = "USD",
                }));
                return Task.CompletedTask;
            },
            default);

    /// <summary>As if the first cycle of all that waits had been refused.</summary>
    public Task MoveToRetryAsync() => Database.WriteAsync(
        db => db.Payloads.ExecuteUpdateAsync(update => update.SetProperty(payload => payload.State, PayloadState.Retry).SetProperty(payload => payload.IsRetry, true)), default);

    /// <summary>Queues a run as Sync now does and waits for its end; pauses between tries pass at once.</summary>
    public async Task<Run> RunAsync(SyncKind kind)
    {
        StartDispatcher();
        var queued = await Get<SyncCommands>().SyncNowAsync(Store, kind, default);
        return await EndOfAsync(queued.RunId);
    }

    public async Task<Run> EndOfAsync(long runId)
    {
        var patience = TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(5);
        var moved = TimeProvider.System.GetTimestamp();
        while (true)
        {
            Assert.True(TimeProvider.System.GetUtcNow() < patience, $"Run {runId} does not end.");
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            var (run, lease) = await ReadAsync(async db => (
                await db.Runs.SingleAsync(row => row.Id == runId),
                await db.LaneLeases.Where(row => row.Owner != null).MinAsync(row => row.UntilUtc)));
            if (!run.IsActive)
                return run;
            // The fake clock must outrun neither an answer nor the heartbeat, which needs real time to write its renewal.
            // One that began late has its first beat further ahead: the clock creeps there.
            var isBeating = lease is null || lease - Time.GetUtcNow() > LaneLeases.Length / 2;
            if (!IsAnswering() && (isBeating || TimeProvider.System.GetElapsedTime(moved) > s_creep))
            {
                Time.Advance(isBeating ? Step : TimeSpan.FromSeconds(1));
                moved = TimeProvider.System.GetTimestamp();
            }

            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }
    }

    /// <summary>Waits for a call that no run makes; pauses between tries pass at once.</summary>
    public async Task<T> EndOfAsync<T>(Task<T> call)
    {
        while (!call.IsCompleted)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            if (!IsAnswering())
                Time.Advance(Step);
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }

        return await call;
    }

    public void StartDispatcher() => _dispatcher ??= Task.Run(() => Get<RunDispatcher>().RunAsync(_stop.Token));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_dispatcher is not null)
            await _dispatcher;
        await _services.DisposeAsync();
        _stop.Dispose();
        if (_ownsDatabase)
            await _database.DisposeAsync();
    }

    private async Task PrepareAsync()
    {
        await Get<DatabaseStart>().RunAsync(default);
        await Get<StoreSetup>().RunAsync(default);
        Store = (await Get<StoreAccess>().OpenAsync(Ana, "acme", default))!;
    }

    private ServiceProvider Build(Dictionary<string, string?> settings, Action<IServiceCollection>? configure)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Database:Provider"] = _database.Provider.ToString(),
            ["ConnectionStrings:ZoeyKlaviyo"] = _database.ConnectionString,
            ["Klaviyo:ApiBaseUrl"] = "http://klaviyo.test",
            ["Klaviyo:AuthorizeUrl"] = "http://klaviyo.test/oauth/authorize",
            ["Klaviyo:ClientId"] = "client",
            ["Klaviyo:ClientSecret"] = "secret",
            ["Klaviyo:Limits:Enabled"] = "false",
            ["Stores:0:Key"] = "acme",
            ["Stores:0:Name"] = "Acme Tools",
            ["Stores:0:BaseUrl"] = "http://acme.test",
            ["Stores:0:PublicKey"] = "public-acme",
        }).AddInMemoryCollection(settings).Build();
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
        services.AddMetrics();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton<ISecretProtector, ReversingProtector>();
        services.AddCore(configuration);
        services.AddHttpClient<KlaviyoHttp>().ConfigurePrimaryHttpMessageHandler(() => Klaviyo);
        services.AddHttpClient<KlaviyoOAuthClient>().ConfigurePrimaryHttpMessageHandler(() => Klaviyo);
        configure?.Invoke(services);
        return services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    /// <summary>Data Protection belongs to the host; this shows all the same whether something went through it.</summary>
    private sealed class ReversingProtector : ISecretProtector
    {
        public string Protect(string plaintext) => "protected:" + new string([.. plaintext.Reverse()]);

        public string Unprotect(string ciphertext) =>
            ciphertext.StartsWith("protected:", StringComparison.Ordinal)
                ? new string([.. ciphertext["protected:".Length..].Reverse()])
                : throw new System.Security.Cryptography.CryptographicException("Not protected by this protector.");
    }
}
