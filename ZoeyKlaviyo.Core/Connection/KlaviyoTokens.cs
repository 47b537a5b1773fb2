using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Stores;

namespace ZoeyKlaviyo.Core.Connection;

public enum TokenState
{
    Ready,
    NotConnected,
    NeedsAttention,

    /// <summary>Klaviyo can't be reached to refresh an expired token.</summary>
    Unavailable,

    /// <summary>Klaviyo does not accept our client id and secret.</summary>
    Misconfigured,
}

/// <param name="Version">Names the pair of tokens, for <see cref="KlaviyoTokens.RefreshAsync"/>.</param>
public sealed record TokenResult(TokenState State, KlaviyoCredential? Credential, int Version, string Reason);

/// <summary>
/// A store's access token, refreshed a few minutes early. However many ask at once, in however many processes, one refreshes
/// and the others wait for it: the lease is a column of the connection.
/// </summary>
public sealed partial class KlaviyoTokens(
    Database database, KlaviyoOAuthClient oauth, ISecretProtector protector, StoreSignals signals, TimeProvider time, ILogger<KlaviyoTokens> logger)
{
    private const string Undecryptable = "The stored tokens can't be decrypted: the encryption keys have changed. Connect again.";
    internal static readonly TimeSpan RefreshEarly = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_earlyRefreshPause = TimeSpan.FromMinutes(1);

    /// <summary>Klaviyo revokes a refresh token after 90 days without use (its OAuth guide).</summary>
    private static readonly TimeSpan s_idle = TimeSpan.FromDays(25);

    private readonly ConcurrentDictionary<int, DateTimeOffset> _earlyRefreshFailedUtc = new();
    private static readonly TimeSpan s_lease = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_pollWhileLeased = TimeSpan.FromMilliseconds(50);

    public async Task<TokenResult> GetAsync(int storeId, CancellationToken cancellationToken)
    {
        var connection = await FindAsync(storeId, cancellationToken);
        if (connection is null)
            return new TokenResult(TokenState.NotConnected, null, 0, "The store is not connected to Klaviyo.");
        var now = time.GetUtcNow();
        if (connection.Status == ConnectionStatus.NeedsAttention || connection.AccessTokenExpiresUtc - RefreshEarly > now)
            return Result(connection);
        var isGood = connection.AccessTokenExpiresUtc > now;
        if (isGood && _earlyRefreshFailedUtc.TryGetValue(storeId, out var failed) && now - failed < s_earlyRefreshPause)
            return Result(connection);
        var refreshed = await RefreshAsync(storeId, connection.TokenVersion, cancellationToken);
        if (!isGood || refreshed.State is not (TokenState.Unavailable or TokenState.Misconfigured))
            return refreshed;
        // It could not be refreshed early, but is good to its end; not every call has to find that out.
        _earlyRefreshFailedUtc[storeId] = now;
        return Result(connection);
    }

    /// <summary>Refreshes unless somebody already has: <paramref name="seenVersion"/> is the pair that was found wanting.</summary>
    public async Task<TokenResult> RefreshAsync(int storeId, int seenVersion, CancellationToken cancellationToken)
    {
        var owner = Guid.NewGuid().ToString("N");
        while (true)
        {
            var (connection, leased) = await database.WriteAsync(db => TakeLeaseAsync(db, storeId, seenVersion, owner, cancellationToken), cancellationToken);
            if (connection is null)
                return new TokenResult(TokenState.NotConnected, null, 0, "The store is not connected to Klaviyo.");
            if (connection.TokenVersion != seenVersion || connection.Status == ConnectionStatus.NeedsAttention)
                return Result(connection);
            if (leased)
                return await RefreshLeasedAsync(connection, owner, cancellationToken);
            await Task.Delay(s_pollWhileLeased, time, cancellationToken);
        }
    }

    /// <summary>Refreshes what nobody has used for weeks, so that a quiet store stays connected.</summary>
    public async Task RefreshIdleAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - s_idle;
        var idle = await database.ReadAsync(
            db => db.KlaviyoConnections
                .Where(row => row.Status == ConnectionStatus.Connected && row.TokensRefreshedUtc < before)
                .Select(row => new { row.StoreId, row.TokenVersion })
                .ToListAsync(cancellationToken),
            cancellationToken);
        foreach (var connection in idle)
            await RefreshAsync(connection.StoreId, connection.TokenVersion, cancellationToken);
    }

    /// <summary>Klaviyo refuses even a fresh token. Does nothing when the pair has been replaced meanwhile.</summary>
    public Task RejectAsync(int storeId, int version, string reason, CancellationToken cancellationToken) =>
        NeedAttentionAsync(storeId, connection => connection.TokenVersion == version, reason, cancellationToken);

    private async Task<(KlaviyoConnection? Connection, bool Leased)> TakeLeaseAsync(
        AppDbContext db, int storeId, int seenVersion, string owner, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var taken = await db.KlaviyoConnections
            .Where(row => row.StoreId == storeId && row.TokenVersion == seenVersion && row.Status == ConnectionStatus.Connected
                && (row.RefreshLeaseUntilUtc == null || row.RefreshLeaseUntilUtc < now))
            .ExecuteUpdateAsync(
                update => update.SetProperty(row => row.RefreshLeaseOwner, owner).SetProperty(row => row.RefreshLeaseUntilUtc, now + s_lease),
                cancellationToken);
        return (await db.KlaviyoConnections.AsNoTracking().SingleOrDefaultAsync(row => row.StoreId == storeId, cancellationToken), taken > 0);
    }

    private async Task<TokenResult> RefreshLeasedAsync(KlaviyoConnection connection, string owner, CancellationToken cancellationToken)
    {
        if (TryUnprotect(connection.RefreshTokenProtected) is not { } refreshToken)
        {
            await NeedAttentionAsync(connection.StoreId, row => row.RefreshLeaseOwner == owner, Undecryptable, cancellationToken);
            return new TokenResult(TokenState.NeedsAttention, null, connection.TokenVersion, Undecryptable);
        }

        var answer = await oauth.RefreshAsync(refreshToken, cancellationToken);
        Log.Refreshed(logger, connection.StoreId, answer.Outcome);
        switch (answer.Outcome)
        {
            case TokenOutcome.Granted:
                await SaveAsync(connection.StoreId, owner, answer.Tokens!, cancellationToken);
                break;
            case TokenOutcome.InvalidGrant:
                await NeedAttentionAsync(
                    connection.StoreId,
                    row => row.RefreshLeaseOwner == owner,
                    "Klaviyo no longer accepts this connection: the app was removed in Klaviyo, or it was unused for 90 days. Connect again.",
                    cancellationToken);
                break;
            default:
                await ReleaseAsync(connection.StoreId, owner, cancellationToken);
                return answer.Outcome == TokenOutcome.Unavailable
                    ? new TokenResult(TokenState.Unavailable, null, connection.TokenVersion, $"Klaviyo could not be asked for a new token: {answer.Detail}.")
                    : new TokenResult(TokenState.Misconfigured, null, connection.TokenVersion, RefusalOf(answer));
        }

        return await FindAsync(connection.StoreId, cancellationToken) is { } current
            ? Result(current)
            : new TokenResult(TokenState.NotConnected, null, 0, "The store was disconnected meanwhile.");
    }

    private async Task SaveAsync(int storeId, string owner, TokenPair tokens, CancellationToken cancellationToken)
    {
        var accessToken = protector.Protect(tokens.AccessToken);
        var refreshToken = tokens.RefreshToken is { } token ? protector.Protect(token) : null;
        await ChangeAsync(
            async db =>
            {
                var connection = await db.KlaviyoConnections.SingleOrDefaultAsync(row => row.StoreId == storeId && row.RefreshLeaseOwner == owner, cancellationToken);
                if (connection is null)
                    return;
                var now = time.GetUtcNow();
                connection.AccessTokenProtected = accessToken;
                connection.RefreshTokenProtected = refreshToken ?? connection.RefreshTokenProtected;
                connection.AccessTokenExpiresUtc = now + tokens.ExpiresIn;
                connection.TokensRefreshedUtc = now;
                connection.TokenVersion++;
                connection.RefreshLeaseOwner = null;
                connection.RefreshLeaseUntilUtc = null;
            },
            cancellationToken);
    }

    private async Task NeedAttentionAsync(int storeId, Func<KlaviyoConnection, bool> applies, string reason, CancellationToken cancellationToken)
    {
        await ChangeAsync(
            async db =>
            {
                var connection = await db.KlaviyoConnections.SingleOrDefaultAsync(row => row.StoreId == storeId, cancellationToken);
                if (connection is null || connection.Status == ConnectionStatus.NeedsAttention || !applies(connection))
                    return;
                connection.Status = ConnectionStatus.NeedsAttention;
                connection.StatusReason = reason;
                connection.StatusSinceUtc = time.GetUtcNow();
                connection.RefreshLeaseOwner = null;
                connection.RefreshLeaseUntilUtc = null;
            },
            cancellationToken);
        signals.SettingsChanged(storeId);
    }

    /// <summary>Gives way to a person who has connected anew since the row was read: their tokens are the ones that count.</summary>
    private async Task ChangeAsync(Func<AppDbContext, Task> change, CancellationToken cancellationToken)
    {
        try
        {
            await database.WriteAsync(change, cancellationToken);
        }
        catch (DbUpdateConcurrencyException exception)
        {
            Log.Superseded(logger, exception);
        }
    }

    private Task ReleaseAsync(int storeId, string owner, CancellationToken cancellationToken) => database.WriteAsync(
        db => db.KlaviyoConnections.Where(row => row.StoreId == storeId && row.RefreshLeaseOwner == owner).ExecuteUpdateAsync(
            update => update.SetProperty(row => row.RefreshLeaseOwner, (string?)null).SetProperty(row => row.RefreshLeaseUntilUtc, (DateTimeOffset?)null),
            cancellationToken),
        cancellationToken);

    private Task<KlaviyoConnection?> FindAsync(int storeId, CancellationToken cancellationToken) =>
        database.ReadAsync(db => db.KlaviyoConnections.SingleOrDefaultAsync(row => row.StoreId == storeId, cancellationToken), cancellationToken);

    private TokenResult Result(KlaviyoConnection connection)
    {
        if (connection.Status == ConnectionStatus.NeedsAttention)
            return new TokenResult(TokenState.NeedsAttention, null, connection.TokenVersion, connection.StatusReason ?? "");
        return TryUnprotect(connection.AccessTokenProtected) is { } accessToken
            ? new TokenResult(TokenState.Ready, new KlaviyoCredential(connection.AccountId, accessToken), connection.TokenVersion, "")
            : new TokenResult(TokenState.Misconfigured, null, connection.TokenVersion, Undecryptable);
    }

    private static string RefusalOf(TokenAnswer answer) => answer.Outcome == TokenOutcome.InvalidClient
        ? "Klaviyo does not accept this application's client id and secret. The operator has to check Klaviyo:ClientId and Klaviyo:ClientSecret."
        : $"Klaviyo refused to give a new token: {answer.Detail}.";

    private string? TryUnprotect(string ciphertext)
    {
        try
        {
            return protector.Unprotect(ciphertext);
        }
        catch (CryptographicException exception)
        {
            Log.CannotDecrypt(logger, exception);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(300, LogLevel.Information, "Token refresh for store {StoreId}: {Outcome}")]
        public static partial void Refreshed(ILogger logger, int storeId, TokenOutcome outcome);

        [LoggerMessage(302, LogLevel.Information, "A token change gave way to a newer one")]
        public static partial void Superseded(ILogger logger, Exception exception);

        [LoggerMessage(301, LogLevel.Error, "A stored token can't be decrypted with the present Data Protection keys")]
        public static partial void CannotDecrypt(ILogger logger, Exception exception);
    }
}
