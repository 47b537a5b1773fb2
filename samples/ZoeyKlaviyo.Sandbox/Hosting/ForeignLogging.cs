using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ZoeyKlaviyo.Sandbox.Hosting;

/// <summary>
/// The log of the application around the sandbox, without what a second host says of its own start and stop:
/// its addresses would read as that application's, and a taken port is no error there.
/// </summary>
internal sealed class ForeignLogging(ILoggerFactory outer) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) =>
        categoryName.StartsWith("Microsoft.Extensions.Hosting", StringComparison.Ordinal)
        || categoryName.StartsWith("Microsoft.Hosting", StringComparison.Ordinal)
            ? NullLogger.Instance : outer.CreateLogger(categoryName);

    public void AddProvider(ILoggerProvider provider) => outer.AddProvider(provider);

    /// <summary>The factory belongs to whoever gave it.</summary>
    public void Dispose()
    {
    }
}
