using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Connection;

/// <summary>Tells Klaviyo to end tokens that nobody keeps any more.</summary>
public sealed partial class TokenRevocation(KlaviyoOAuthClient oauth, ISecretProtector protector, ILogger<TokenRevocation> logger)
{
    /// <returns>False when Klaviyo could not be told: the app then has to be removed there by hand.</returns>
    public async Task<bool> RevokeAsync(string refreshTokenProtected, CancellationToken cancellationToken)
    {
        try
        {
            if (await oauth.RevokeAsync(protector.Unprotect(refreshTokenProtected), cancellationToken))
                return true;
            Log.NotTold(logger, null);
        }
        catch (CryptographicException exception)
        {
            // The keys are gone, so nobody can name the token to Klaviyo any more.
            Log.NotTold(logger, exception);
        }

        return false;
    }

    private static partial class Log
    {
        [LoggerMessage(303, LogLevel.Warning, "Klaviyo could not be told to end tokens that are no longer used")]
        public static partial void NotTold(ILogger logger, Exception? exception);
    }
}
