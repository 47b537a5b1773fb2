using ZoeyKlaviyo.Core.Connection;

namespace ZoeyKlaviyo.Admin.Connection;

/// <summary>Looks for connections that nothing has used for weeks, before Klaviyo revokes them, and for choices of another account that nobody decided on.</summary>
internal sealed partial class TokenKeeper(KlaviyoTokens tokens, AccountSwitch accounts, TimeProvider time, ILogger<TokenKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan s_every = TimeSpan.FromMinutes(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await accounts.ForgetExpiredAsync(stoppingToken);
                await tokens.RefreshIdleAsync(stoppingToken);
            }
#pragma warning disable CA1031 // what fails once must end neither the process nor the keeping of tokens
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                Log.Failed(logger, exception);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(610, LogLevel.Warning, "Idle connections could not be refreshed, or unused tokens not ended; it is tried again in half an hour")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
