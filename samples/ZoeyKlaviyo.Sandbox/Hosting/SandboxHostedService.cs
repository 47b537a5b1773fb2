using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ZoeyKlaviyo.Sandbox.Hosting;

/// <summary>Starts the sandbox before the admin's own services and stops it after them.</summary>
internal sealed partial class SandboxHostedService(SandboxOptions options, ILoggerFactory loggerFactory) : IHostedService, IAsyncDisposable
{
    private readonly ILogger _logger = loggerFactory.CreateLogger<SandboxServer>();
    private SandboxServer? _server;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        SandboxServer? server = null;
        try
        {
            server = new SandboxServer(options, loggerFactory);
            await server.StartAsync(cancellationToken);
            _server = server;
            Log.Started(_logger, server.BaseAddress);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.NotStarted(_logger, options.Url, exception.Message);
            if (server is not null)
                await server.DisposeAsync();
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => _server?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The sandbox (stand-in for Klaviyo, demo shop) listens on {Url}")]
        public static partial void Started(ILogger logger, Uri url);

        [LoggerMessage(2, LogLevel.Warning, "The sandbox could not start on {Url}, the admin goes on without it: {Reason}")]
        public static partial void NotStarted(ILogger logger, string url, string reason);
    }
}
