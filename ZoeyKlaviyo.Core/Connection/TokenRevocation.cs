using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Connection;

/// <summary>A refresh token as the database has it, and the account that it opens.</summary>
internal sealed record StoredToken(string AccountId, string RefreshTokenProtected);

/// <summary>
/// Tells Klaviyo to end tokens that nobody keeps any more. Klaviyo may give the same refresh token for the same account again,
/// so it is told nothing while any store is connected to the account, or somebody has still to decide about it.
/// </summary>
public sealed partial class TokenRevocation(
    Database database, KlaviyoOAuthClient oauth, ISecretProtector protector, ILogger<TokenRevocation> logger)
{
    /// <param name="endingChoiceId">A choice that ends with the token, so that its row does not keep the account.</param>
    /// <returns>False when Klaviyo could not be told: the app then has to be removed there by hand.</returns>
    internal async Task<bool> RevokeAsync(StoredToken token, CancellationToken cancellationToken, string? endingChoiceId = null)
    {
        try
        {
            return await RevokeAsync(token.AccountId, protector.Unprotect(token.RefreshTokenProtected), cancellationToken, endingChoiceId);
        }
        catch (CryptographicException exception)
        {
            // The keys are gone, so nobody can name the token to Klaviyo any more.
            Log.NotTold(logger, exception);
            return false;
        }
    }

    /// <param name="accountId">Null when Klaviyo did not tell: the token is then compared with those that are kept.</param>
    /// <returns>False when Klaviyo could not be told: the app then has to be removed there by hand.</returns>
    internal async Task<bool> RevokeAsync(
        string? accountId, string refreshToken, CancellationToken cancellationToken, string? endingChoiceId = null)
    {
        try
        {
            var kept = await KeptAsync(endingChoiceId, cancellationToken);
            if (accountId is null ? kept.Exists(token => IsSame(token, refreshToken)) : kept.Exists(token => token.AccountId == accountId))
                return true;
            if (await oauth.RevokeAsync(refreshToken, cancellationToken))
                return true;
            Log.NotTold(logger, null);
        }
        catch (Exception exception) when (exception.IsDatabaseFailure())
        {
            // Better a token too many than the end of another store's connection.
            Log.NotTold(logger, exception);
        }

        return false;
    }

    private Task<List<StoredToken>> KeptAsync(string? endingChoiceId, CancellationToken cancellationToken) => database.ReadAsync(
        async db =>
        {
            var connected = await db.KlaviyoConnections
                .Select(row => new StoredToken(row.AccountId, row.RefreshTokenProtected)).ToListAsync(cancellationToken);
            var chosen = await db.PendingConnections.Where(row => row.ChoiceId != endingChoiceId)
                .Select(row => new StoredToken(row.AccountId, row.RefreshTokenProtected)).ToListAsync(cancellationToken);
            return connected.Concat(chosen).ToList();
        },
        cancellationToken);

    private bool IsSame(StoredToken token, string refreshToken)
    {
        try
        {
            return protector.Unprotect(token.RefreshTokenProtected) == refreshToken;
        }
        catch (CryptographicException)
        {
            // Nobody can use that one any more.
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(303, LogLevel.Warning, "Klaviyo could not be told to end tokens that are no longer used")]
        public static partial void NotTold(ILogger logger, Exception? exception);
    }
}
