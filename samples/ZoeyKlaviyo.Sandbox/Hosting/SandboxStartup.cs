using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ZoeyKlaviyo.Sandbox.Hosting;

[assembly: HostingStartup(typeof(SandboxStartup))]

namespace ZoeyKlaviyo.Sandbox.Hosting;

/// <summary>
/// Runs the sandbox beside the admin in development, with a demo store set up to use it.
/// Its settings are the lowest configuration source: whatever else is configured wins.
/// </summary>
public sealed class SandboxStartup : IHostingStartup
{
    private SandboxOptions? _options;

    public void Configure(IWebHostBuilder builder)
    {
        builder.ConfigureAppConfiguration((context, configuration) =>
        {
            var settings = configuration as IConfiguration ?? configuration.Build();
            if (!IsWanted(context.HostingEnvironment, settings))
                return;
            _options = SandboxSettings.Read(settings, subscribers: true);
            configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = SandboxSettings.ForAdmin(_options) });
        });
        builder.ConfigureServices(services =>
        {
            if (_options is { } options)
                services.AddHostedService(provider => ActivatorUtilities.CreateInstance<SandboxHostedService>(provider, options));
        });
    }

    private static bool IsWanted(IHostEnvironment environment, IConfiguration settings) =>
        environment.IsDevelopment()
        && !string.Equals(settings["Sandbox:Enabled"], "false", StringComparison.OrdinalIgnoreCase)
        && string.IsNullOrEmpty(settings["Klaviyo:ApiBaseUrl"])
        && string.IsNullOrEmpty(settings["Stores:0:BaseUrl"]);
}
