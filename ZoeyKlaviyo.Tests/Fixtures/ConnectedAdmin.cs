using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ZoeyKlaviyo.Core;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Sandbox;

namespace ZoeyKlaviyo.Tests.Fixtures;

/// <summary>
/// The real application in processes of its own on one database, with one store, <c>demo</c>, that is connected to a stand-in
/// for Klaviyo (a process, too) and has every switch set to Yes. Time is real: wait with <see cref="UntilAsync"/>.
/// </summary>
internal sealed class ConnectedAdmin : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);
    private readonly Dictionary<string, string> _settings;
    private readonly List<AdminInstance> _instances = [];
    private readonly string _firstAddress;

    private ConnectedAdmin(TestDatabase database, SandboxProcess sandbox, string firstAddress, IReadOnlyDictionary<string, string> settings)
    {
        Database = database;
        _firstAddress = firstAddress;
        Sandbox = sandbox;
        _settings = new(settings)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Sandbox:Enabled"] = "false",
            ["Database:Provider"] = database.Provider.ToString(),
            ["ConnectionStrings:ZoeyKlaviyo"] = database.ConnectionString,
            ["Klaviyo:AuthorizeUrl"] = sandbox.Address + "/oauth/authorize",
            ["Klaviyo:ApiBaseUrl"] = sandbox.Address,
            ["Klaviyo:ClientId"] = "sandbox-client",
            ["Klaviyo:ClientSecret"] = "sandbox-secret",
            ["Stores:0:Key"] = "demo",
            ["Stores:0:Name"] = "Demo store",
            ["Stores:0:BaseUrl"] = sandbox.Address,
            ["Stores:0:PublicKey"] = SandboxOptions.StorePublicKey,
            ["Stores:0:FeedSecret"] = SandboxOptions.FeedSecret,
            ["Stores:0:ConsumerKey"] = SandboxOptions.ConsumerKey,
            ["Stores:0:ConsumerSecret"] = SandboxOptions.ConsumerSecret,
            ["Stores:0:AccessToken"] = SandboxOptions.AccessToken,
            ["Stores:0:TokenSecret"] = SandboxOptions.TokenSecret,
            ["Collect:PerMinutePerAddress"] = "0",
        };
    }

    public TestDatabase Database { get; }

    public SandboxProcess Sandbox { get; }

    /// <summary>The process that was started first.</summary>
    public AdminInstance First => _instances[0];

    /// <param name="settings">Further configuration of every process, such as <c>Sync:RetryEvery</c>.</param>
    /// <param name="sandboxArguments">Further arguments of the stand-in, such as <c>--Sandbox:DataDirectory=…</c>.</param>
    public static async Task<ConnectedAdmin> StartAsync(
        DatabaseProvider provider, IReadOnlyDictionary<string, string>? settings = null, params string[] sandboxArguments)
    {
        var database = await TestDatabase.CreateAsync(provider);
        // The shop's pages name the application, which does not run yet.
        var address = NewAddress();
        var sandbox = await SandboxProcess.StartAsync(["--Sandbox:AdminUrl", address, .. sandboxArguments]);
        var admin = new ConnectedAdmin(database, sandbox, address, settings ?? new Dictionary<string, string>());
        try
        {
            var first = await admin.StartInstanceAsync();
            await admin.SetEverythingToYesAsync();
            await first.ConnectAsync(admin.Sandbox);
            return admin;
        }
        catch
        {
            await admin.DisposeAsync();
            throw;
        }
    }

    /// <summary>One more process on the same database; on SQLite only after the others are gone.</summary>
    public async Task<AdminInstance> StartInstanceAsync()
    {
        var instance = new AdminInstance(_instances.Count == 0 ? _firstAddress : NewAddress(), _settings);
        _instances.Add(instance);
        await instance.StartAsync();
        return instance;
    }

    /// <summary>Starts a process that is expected to refuse.</summary>
    public Task<(int ExitCode, string Output, string Errors)> RunToEndAsync() =>
        AdminProcess.RunToEndAsync(_settings, TestContext.Current.CancellationToken);

    /// <summary>Looks into the database past every process, for what a killed one has left there.</summary>
    public async Task<T> ReadAsync<T>(Func<AppDbContext, Task<T>> read)
    {
        await using var core = BuildCore();
        return await core.GetRequiredService<Database>().ReadAsync(read, TestContext.Current.CancellationToken);
    }

    /// <summary>On PostgreSQL, as if the lease of whoever was killed had run out; on SQLite nobody waits for that.</summary>
    public async Task EndLeasesAsync()
    {
        await using var core = BuildCore();
        await core.GetRequiredService<Database>().WriteAsync(
            db => db.LaneLeases.Where(lease => lease.Owner != null).ExecuteUpdateAsync(
                update => update.SetProperty(lease => lease.UntilUtc, TimeProvider.System.GetUtcNow().AddSeconds(-1)), TestContext.Current.CancellationToken),
            TestContext.Current.CancellationToken);
    }

    /// <summary>Starts a run on the first process and waits for its end.</summary>
    public async Task RunToTheEndAsync(string kind)
    {
        var run = await First.SyncNowAsync(kind);
        await UntilAsync(
            async () => (await First.RunsAsync()).SingleOrDefault(line => line.Run == run)?.Status is not (null or "Queued" or "Running"),
            $"the {kind} run ends");
    }

    public static async Task UntilAsync(Func<Task<bool>> isSo, string what)
    {
        var deadline = TimeProvider.System.GetUtcNow() + s_patience;
        while (!await isSo())
        {
            Assert.True(TimeProvider.System.GetUtcNow() < deadline, $"It did not come to this: {what}.");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in _instances)
            await instance.DisposeAsync();
        await Sandbox.DisposeAsync();
        await Database.DisposeAsync();
    }

    /// <summary>What a person does on the page; there is no address for it.</summary>
    private async Task SetEverythingToYesAsync()
    {
        await using var core = BuildCore();
        var person = new Person("ana", "Ana", IsSupport: false, IsStoreAdmin: true, new HashSet<string> { "demo" });
        var store = await core.GetRequiredService<StoreAccess>().OpenAsync(person, "demo", TestContext.Current.CancellationToken);
        var editor = core.GetRequiredService<SettingsEditor>();
        var seen = await editor.ReadAsync(store!, TestContext.Current.CancellationToken);
        Assert.Null((await editor.SetEverythingToYesAsync(store!, seen, TestContext.Current.CancellationToken)).Problem);
    }

    private static string NewAddress() => $"http://127.0.0.1:{AppProcess.FreePort()}";

    private ServiceProvider BuildCore()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(_settings.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))).Build();
        return new ServiceCollection().AddLogging(logging => logging.ClearProviders())
            .AddSingleton(TimeProvider.System).AddCore(configuration).BuildServiceProvider();
    }
}
