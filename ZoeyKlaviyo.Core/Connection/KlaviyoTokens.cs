using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Storage;

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
    TokenRows rows, KlaviyoOAuthClient oauth, TokenRevocation revocation, ISecretProtector protector, TimeProvider time, ILogger<KlaviyoTokens> logger)
{
    private const string Undecryptable = "The stored tokens can't be decrypted: the encryption keys have changed. Connect again.";
    internal static readonly TimeSpan RefreshEarly = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_earlyRefreshPause = TimeSpan.FromMinutes(1);

    /// <summary>Klaviyo revokes a refresh token after 90 days without use (its OAuth guide).</summary>
    private static readonly TimeSpan s_idle = TimeSpan.FromDays(25);

    private static readonly TimeSpan s_pollWhileLeased = TimeSpan.FromMilliseconds(50);
    private readonly ConcurrentDictionary<int, DateTimeOffset> _earlyRefreshFailedUtc = new();

    public async Task<TokenResult> GetAsync(int storeId, CancellationToken cancellationToken)
    {
        var connection = await rows.FindAsync(storeId, cancellationToken);
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
            var connection = await rows.FindAsync(storeId, cancellationToken);
            if (connection is null)
                return new TokenResult(TokenState.NotConnected, null, 0, "The store is not connected to Klaviyo.");
            if (connection.TokenVersion != seenVersion || connection.Status == ConnectionStatus.NeedsAttention)
                return Result(connection);
            // Those who wait only read: a write each time would keep others from writing.
            if (rows.IsFree(connection) && await rows.TakeLeaseAsync(storeId, seenVersion, owner, cancellationToken) is { } leased)
                return await RefreshLeasedAsync(leased, owner, cancellationToken);
            await Task.Delay(s_pollWhileLeased, time, cancellationToken);
        }
    }

    /// <summary>Refreshes what nobody has used for weeks, so that a quiet store stays connected.</summary>
    public async Task RefreshIdleAsync(CancellationToken cancellationToken)
    {
        var idle = await rows.IdleSinceAsync(time.GetUtcNow() - s_idle, cancellationToken);
        foreach (var (storeId, version) in idle)
            await RefreshAsync(storeId, version, cancellationToken);
    }

    /// <summary>Klaviyo refuses even a fresh token. Does nothing when the pair has been replaced meanwhile.</summary>
    public Task RejectAsync(int storeId, int version, string reason, CancellationToken cancellationToken) =>
        rows.NeedAttentionAsync(storeId, connection => connection.TokenVersion == version, reason, cancellationToken);

    private async Task<TokenResult> RefreshLeasedAsync(KlaviyoConnection connection, string owner, CancellationToken cancellationToken)
    {
        if (TryUnprotect(connection.RefreshTokenProtected) is not { } refreshToken)
        {
            await rows.NeedAttentionAsync(connection.StoreId, row => row.RefreshLeaseOwner == owner, Undecryptable, cancellationToken);
            return new TokenResult(TokenState.NeedsAttention, null, connection.TokenVersion, Undecryptable);
        }

        var answer = await oauth.RefreshAsync(refreshToken, cancellationToken);
        Log.Refreshed(logger, connection.StoreId, answer.Outcome);
        switch (answer.Outcome)
        {
            case TokenOutcome.Granted:
                // The store was disconnected, or connected to another account, during the refresh: it keeps no new pair.
                if (!await rows.SaveAsync(connection.StoreId, owner, answer.Tokens!, cancellationToken))
                    await revocation.RevokeAsync(connection.AccountId, answer.Tokens!.RefreshToken ?? refreshToken, cancellationToken);
                break;
            case TokenOutcome.InvalidGrant:
                await rows.NeedAttentionAsync(
                    connection.StoreId,
                    row => row.RefreshLeaseOwner == owner,
                    "Klaviyo no longer accepts this connection: the app was removed in Klaviyo, or it was unused for 90 days. Connect again.",
                    cancellationToken);
                break;
            default:
                await rows.ReleaseAsync(connection.StoreId, owner, cancellationToken);
                return answer.Outcome == TokenOutcome.Unavailable
                    ? new TokenResult(TokenState.Unavailable, null, connection.TokenVersion, $"Klaviyo could not be asked for a new token: {answer.Detail}.")
                    : new TokenResult(TokenState.Misconfigured, null, connection.TokenVersion, RefusalOf(answer));
        }

        return await rows.FindAsync(connection.StoreId, cancellationToken) is { } current
            ? Result(current)
            : new TokenResult(TokenState.NotConnected, null, 0, "The store was disconnected meanwhile.");
    }

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

        [LoggerMessage(301, LogLevel.Error, "A stored token can't be decrypted with the present Data Protection keys")]
        public static partial void CannotDecrypt(ILogger logger, Exception exception);
    }
}
