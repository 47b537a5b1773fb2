using ZoeyKlaviyo.Admin.Hosting;
using ZoeyKlaviyo.Core;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Stores;

namespace ZoeyKlaviyo.Bench;

/// <summary>The one store of every measurement: connected to Klaviyo, everything set to Yes.</summary>
internal static class Shop
{
    public const string AccountId = "BENCH1";
    public const string PublicKey = "bench-public";
    public const string Origin = "https://shop.example";

    private const string Never = "0 0 1 1 *";
    private static readonly Person s_admin = new("bench", "Bench", IsSupport: false, IsStoreAdmin: true, new HashSet<string> { "bench" });

    /// <param name="klaviyo">Where Klaviyo's stand-in listens.</param>
    public static Dictionary<string, string?> Settings(BenchOptions options, string klaviyo, bool limits) => new()
    {
        ["Database:Provider"] = options["provider"],
        ["ConnectionStrings:ZoeyKlaviyo"] = options["database"],
        ["Klaviyo:ApiBaseUrl"] = klaviyo,
        ["Klaviyo:ClientId"] = "client",
        ["Klaviyo:ClientSecret"] = "secret",
        ["Klaviyo:Limits:Enabled"] = limits ? "true" : "false",
        ["Stores:0:Key"] = "bench",
        ["Stores:0:Name"] = "Bench",
        ["Stores:0:BaseUrl"] = Origin,
        ["Stores:0:PublicKey"] = PublicKey,
        // Standard output belongs to the answers.
        ["Logging:Console:LogToStandardErrorThreshold"] = "Trace",
        // No run but the one that is measured.
        ["Sync:Schedules:Events"] = Never,
        ["Sync:Schedules:Subscribers"] = Never,
        ["Sync:Schedules:Categories"] = Never,
        ["Sync:Schedules:Products"] = Never,
        ["Sync:Schedules:Variants"] = Never,
    };

    public static async Task<AuthorizedStore> OpenAsync(IServiceProvider services) =>
        (await services.GetRequiredService<StoreAccess>().OpenAsync(s_admin, "bench", CancellationToken.None))!;

    public static async Task ConnectAsync(IServiceProvider services)
    {
        var store = await OpenAsync(services);
        var tokens = new TokenPair("access", "refresh", TimeSpan.FromDays(30), string.Join(' ', KlaviyoScopes.All));
        await services.GetRequiredService<ConnectionStore>().SaveAsync(store, new KlaviyoAccount(AccountId, "Bench"), tokens, CancellationToken.None);
        var editor = services.GetRequiredService<SettingsEditor>();
        await editor.SetEverythingToYesAsync(store, await editor.ReadAsync(store, CancellationToken.None), CancellationToken.None);
    }

    /// <summary>The Core without pages and clock, its database migrated and the store known.</summary>
    public static async Task<ServiceProvider> StartCoreAsync(Dictionary<string, string?> settings, Action<IServiceCollection>? configure = null)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddSingleton(TimeProvider.System);
        services.AddLogging(logging => logging.AddConfiguration(configuration.GetSection("Logging")).AddConsole().SetMinimumLevel(LogLevel.Warning));
        services.AddMetrics();
        services.AddCore(configuration);
        services.AddSecretProtection();
        configure?.Invoke(services);
        var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<DatabaseStart>().RunAsync(CancellationToken.None);
        provider.GetRequiredService<ISecretProtector>().Protect("");
        await provider.GetRequiredService<StoreSetup>().RunAsync(CancellationToken.None);
        return provider;
    }
}
