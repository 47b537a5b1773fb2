using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage.Sqlite;
using ZoeyKlaviyo.Tests.Fixtures;

namespace ZoeyKlaviyo.Tests.Storefront;

/// <summary>The real application, whose store <c>acme</c> a test connects and switches.</summary>
public sealed class StorefrontApp : AppFactory
{
    public const string ScriptPath = "/storefront/public-acme.js";

    private static readonly Person s_ana = new("ana", "Ana", false, true, new HashSet<string> { "acme" });

    /// <summary>Stands between the application and its database, for a test of a failure.</summary>
    public IInterceptor? Database { get; init; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async Task<AuthorizedStore> StoreAsync() => (await Services.GetRequiredService<StoreAccess>().OpenAsync(s_ana, "acme", Cancel))!;

    /// <summary>Connected, with every switch set to Yes.</summary>
    public async Task ConnectAsync()
    {
        var store = await StoreAsync();
        var tokens = new TokenPair("access", "refresh", TimeSpan.FromHours(1), "events:write");
        await Services.GetRequiredService<ConnectionStore>().SaveAsync(store, new KlaviyoAccount("ABC123", "Acme"), tokens, Cancel);
        var editor = Services.GetRequiredService<SettingsEditor>();
        await editor.SetEverythingToYesAsync(store, await editor.ReadAsync(store, Cancel), Cancel);
    }

    public async Task DisconnectAsync() => await Services.GetRequiredService<ConnectionStore>().DisconnectAsync(await StoreAsync(), Cancel);

    public async Task SetAsync(Switch @switch, bool isOn)
    {
        var store = await StoreAsync();
        var editor = Services.GetRequiredService<SettingsEditor>();
        var view = (await editor.ReadAsync(store, Cancel)).Single(row => row.Definition.Switch == @switch);
        Assert.Null((await editor.SetAsync(store, new SwitchChange(@switch, isOn, view.Version), Cancel)).Problem);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        if (Database is not null)
            builder.ConfigureServices(services => services.ConfigureDbContext<SqliteAppDbContext>(options => options.AddInterceptors(Database)));
    }
}
