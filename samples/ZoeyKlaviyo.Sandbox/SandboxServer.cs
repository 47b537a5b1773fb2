using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ZoeyKlaviyo.Sandbox.Faults;
using ZoeyKlaviyo.Sandbox.Hosting;
using ZoeyKlaviyo.Sandbox.Inspection;
using ZoeyKlaviyo.Sandbox.Klaviyo.Catalog;
using ZoeyKlaviyo.Sandbox.Klaviyo.Events;
using ZoeyKlaviyo.Sandbox.Klaviyo.Lists;
using ZoeyKlaviyo.Sandbox.Klaviyo.Profiles;
using ZoeyKlaviyo.Sandbox.Shop;
using ZoeyKlaviyo.Sandbox.Zoey;
using ZoeyKlaviyo.Sandbox.Zoey.Orders;

namespace ZoeyKlaviyo.Sandbox;

/// <summary>The stand-in for Klaviyo, the demo shop and its REST API, on a web server of its own.</summary>
public sealed class SandboxServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    /// <exception cref="IOException">What was kept in <see cref="SandboxOptions.DataDirectory"/> cannot be used.</exception>
    public SandboxServer(SandboxOptions? options = null, ILoggerFactory? loggerFactory = null)
    {
        options ??= new();
        // An empty builder: the full one would read the addresses and hosting startups meant for the application around it.
        var builder = WebApplication.CreateEmptyBuilder(new());
        // A question about a hundred addresses is longer than Kestrel's own limit.
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestLineSize = 32 * 1024);
        builder.Services.AddRouting();
        builder.Services.AddSingleton<ILoggerFactory>(new ForeignLogging(loggerFactory ?? NullLoggerFactory.Instance));
        // The lifetime of the application around it decides when to stop, not a second watch on Ctrl-C.
        builder.Services.AddSingleton<IHostLifetime, ForeignLifetime>();
        builder.Services.AddSandbox(options);
        _app = builder.Build();
        _app.Urls.Add(ListenUrl(options.Url));
        _app.UseSandbox();
    }

    /// <summary>Known once started.</summary>
    public Uri BaseAddress => new(_app.Urls.First());

    /// <summary>The events kept, in the order of arrival.</summary>
    public IReadOnlyList<ReceivedEvent> Events => _app.Services.GetRequiredService<EventBook>().Events;

    /// <summary>Klaviyo's profiles and what was asked about their consent.</summary>
    public ProfileBook Profiles => _app.Services.GetRequiredService<ProfileBook>();

    /// <summary>Klaviyo's catalogs and the jobs that changed them.</summary>
    public CatalogBook Catalog => _app.Services.GetRequiredService<CatalogBook>();

    public ListBook Lists => _app.Services.GetRequiredService<ListBook>();

    /// <summary>The shop's newsletter.</summary>
    public SubscriberBook Subscribers => _app.Services.GetRequiredService<SubscriberBook>();

    public IReadOnlyList<RecordedRequest> Requests => _app.Services.GetRequiredService<RequestLog>().Requests;

    public FaultSwitch Faults => _app.Services.GetRequiredService<FaultSwitch>();

    /// <summary>The shop's orders.</summary>
    public OrderBook Orders => _app.Services.GetRequiredService<OrderBook>();

    /// <summary>The quirks, faults and requests of the store's REST API.</summary>
    public StoreState Store => _app.Services.GetRequiredService<StoreState>();

    /// <summary>As the store's REST API shows it.</summary>
    public string WriteOrder(ShopOrder order) => _app.Services.GetRequiredService<IOrderJson>().Write(order);

    public static async Task<SandboxServer> StartNewAsync(SandboxOptions? options = null, CancellationToken cancellationToken = default)
    {
        var server = new SandboxServer(options ?? new() { Url = "http://127.0.0.1:0" });
        await server.StartAsync(cancellationToken);
        return server;
    }

    /// <exception cref="IOException">The port is taken.</exception>
    public Task StartAsync(CancellationToken cancellationToken = default) => _app.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken = default) => _app.StopAsync(cancellationToken);

    /// <summary>Forgets events, profiles, catalogs, requests, created lists, faults and all that was set about the store; tokens stay good.</summary>
    public void Reset() => _app.Services.GetRequiredService<InspectionEndpoints>().Reset();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>"localhost" stands for two addresses, which cannot share one free port picked by the system.</summary>
    private static string ListenUrl(string url) =>
        new Uri(url) is { Host: "localhost", Port: 0, Scheme: var scheme } ? $"{scheme}://127.0.0.1:0" : url;
}
