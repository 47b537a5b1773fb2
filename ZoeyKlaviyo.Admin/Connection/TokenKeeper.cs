using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Admin.Connection;

/// <summary>Looks every few hours for connections that nothing has used for weeks, before Klaviyo revokes them.</summary>
internal sealed partial class TokenKeeper(KlaviyoTokens tokens, TimeProvider time, ILogger<TokenKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan s_every = TimeSpan.FromHours(6);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await tokens.RefreshIdleAsync(stoppingToken);
            }
            catch (Exception exception) when (exception.IsDatabaseFailure())
            {
                Log.Failed(logger, exception);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(610, LogLevel.Warning, "Idle connections could not be refreshed; it is tried again in a few hours")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
