using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Stores.Api;

/// <summary>
/// Stores' OAuth 2 access tokens, refreshed a few minutes early. However many ask at once, in however many processes, one refreshes and the
/// others wait for it: the lease is a column of the credentials' row.
/// </summary>
public sealed partial class ZoeyAccessTokens(
    ZoeyAccessRows rows, ZoeyTokenClient client, ISecretProtector protector, TimeProvider time, ILogger<ZoeyAccessTokens> logger)
{
    internal static readonly TimeSpan RefreshEarly = TimeSpan.FromMinutes(3);

    /// <summary>How long a refused token is not asked for again, and a failed early refresh not repeated.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMinutes(1);
    /// <summary>With a second, two and four between them, so that the last one starts before the lease may be taken by somebody else.</summary>
    private const int MaxSaves = 4;
    private static readonly TimeSpan s_pollWhileLeased = TimeSpan.FromMilliseconds(50);
    private readonly ConcurrentDictionary<int, Failure> _failures = new();
    private readonly ConcurrentDictionary<int, TimeSpan> _lifetimes = new();

    private sealed record Failure(int Version, string? RefreshToken, DateTimeOffset AtUtc, ZoeyException Exception);

    /// <exception cref="ZoeyException">There is no token to be had.</exception>
    internal async Task<string> GetAsync(int storeId, CancellationToken cancellationToken)
    {
        var access = await FindAsync(storeId, cancellationToken);
        var now = time.GetUtcNow();
        var isGood = access.AccessTokenProtected is not null && access.AccessTokenExpiresUtc > now;
        if (isGood && (Early(access) > now || FailureOf(access) is not null))
            return Unprotect(access.AccessTokenProtected!);
        try
        {
            return await RefreshAsync(access, cancellationToken);
        }
        catch (ZoeyException) when (isGood)
        {
            // It could not be refreshed early, but is good to its end.
            return Unprotect(access.AccessTokenProtected!);
        }
    }

    /// <summary>Gets another token than <paramref name="refused"/>.</summary>
    /// <exception cref="ZoeyException">There is none to be had.</exception>
    internal async Task RenewAsync(int storeId, string? refused, CancellationToken cancellationToken)
    {
        var access = await FindAsync(storeId, cancellationToken);
        if (access.AccessTokenProtected is { } current && Unprotect(current) == refused)
            await RefreshAsync(access, cancellationToken);
    }

    /// <summary>Refreshes unless somebody already has: <paramref name="seen"/> is the row whose token was found wanting.</summary>
    private async Task<string> RefreshAsync(ZoeyAccess seen, CancellationToken cancellationToken)
    {
        for (var access = seen; ; access = await FindAsync(seen.StoreId, cancellationToken))
        {
            if (access.Version != seen.Version && access.AccessTokenProtected is null)
                seen = access;
            else if (access.AccessTokenProtected is { } token && (token != seen.AccessTokenProtected || access.AccessTokenExpiresUtc != seen.AccessTokenExpiresUtc))
                return Unprotect(token);
            if (FailureOf(access) is { } failure)
                throw new ZoeyException(failure.Exception.Problem, failure.Exception.Message, failure.Exception.HttpStatus, failure.Exception);
            // Those who wait only read: a write each time would keep others from writing.
            if (!rows.IsFree(access) || await rows.TakeLeaseAsync(access, cancellationToken) is not { } lease)
                await Task.Delay(s_pollWhileLeased, time, cancellationToken);
            else if (await RefreshLeasedAsync(access, lease) is { } refreshed)
                return refreshed;
        }
    }

    /// <summary>Not to be cancelled: a store that has replaced the refresh token gives the new one only once.</summary>
    /// <returns>Null when the credentials were changed meanwhile: the token is not theirs.</returns>
    private async Task<string?> RefreshLeasedAsync(ZoeyAccess access, DateTimeOffset lease)
    {
        try
        {
            var credentials = ZoeyCredentials.FromJson(Unprotect(access.CredentialsProtected));
            var refreshToken = access.RefreshTokenProtected is { } rotated ? Unprotect(rotated) : credentials.RefreshToken ?? "";
            var tokens = await client.RefreshAsync(credentials, refreshToken);
            var isSaved = await SaveAsync(access, lease, tokens);
            _failures.TryRemove(access.StoreId, out _);
            _lifetimes[access.StoreId] = tokens.ExpiresIn;
            Log.Refreshed(logger, access.StoreId, tokens.RefreshToken is not null);
            return isSaved ? tokens.AccessToken : null;
        }
        catch (ZoeyException exception)
        {
            Log.NotRefreshed(logger, access.StoreId, exception.Message);
            _failures[access.StoreId] = new Failure(access.Version, access.RefreshTokenProtected, time.GetUtcNow(), exception);
            await rows.ReleaseAsync(access, lease);
            throw;
        }
    }

    /// <summary>Tries for a while: what is not kept of a replaced refresh token is lost.</summary>
    private async Task<bool> SaveAsync(ZoeyAccess access, DateTimeOffset lease, ZoeyTokens tokens)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await rows.SaveAsync(access, lease, tokens);
            }
            catch (Exception exception) when (tries < MaxSaves)
            {
                Log.NotSaved(logger, exception, access.StoreId);
                await Task.Delay(TimeSpan.FromSeconds(1 << (tries - 1)), time, CancellationToken.None);
            }
        }
    }

    /// <summary>Why the last refresh failed, a moment ago and with the same credentials; one that may go better now is none.</summary>
    private Failure? FailureOf(ZoeyAccess access) =>
        _failures.TryGetValue(access.StoreId, out var failure) && failure.Version == access.Version && failure.RefreshToken == access.RefreshTokenProtected
        && time.GetUtcNow() - failure.AtUtc < (failure.Exception.Problem == ZoeyProblem.Unavailable && !IsGood(access) ? TimeSpan.FromSeconds(1) : s_pause)
            ? failure
            : null;

    private bool IsGood(ZoeyAccess access) => access.AccessTokenProtected is not null && access.AccessTokenExpiresUtc > time.GetUtcNow();

    /// <summary>A token of a few minutes is refreshed in its last quarter: it would be too old from the start otherwise.</summary>
    private DateTimeOffset? Early(ZoeyAccess access) => access.AccessTokenExpiresUtc
        - (_lifetimes.TryGetValue(access.StoreId, out var lifetime) && lifetime / 4 < RefreshEarly ? lifetime / 4 : RefreshEarly);

    private async Task<ZoeyAccess> FindAsync(int storeId, CancellationToken cancellationToken) =>
        await rows.FindAsync(storeId, cancellationToken)
        ?? throw new ZoeyException(ZoeyProblem.NotSetUp, "The store's API credentials were removed meanwhile.");

    private string Unprotect(string ciphertext) => Decryption.Unprotect(protector, ciphertext);

    private static partial class Log
    {
        [LoggerMessage(610, LogLevel.Information, "The store API's token of store {StoreId} was refreshed; with a new refresh token: {IsRotated}")]
        public static partial void Refreshed(ILogger logger, int storeId, bool isRotated);

        [LoggerMessage(611, LogLevel.Warning, "The store API's token of store {StoreId} can't be refreshed: {Reason}")]
        public static partial void NotRefreshed(ILogger logger, int storeId, string reason);

        [LoggerMessage(612, LogLevel.Warning, "The store API's new token of store {StoreId} could not be saved, it is tried again")]
        public static partial void NotSaved(ILogger logger, Exception exception, int storeId);
    }
}

/// <summary>OAuth 2: the store's present access token in the header.</summary>
internal sealed class OAuth2Authenticator(int storeId, ZoeyAccessTokens tokens) : IZoeyAuthenticator
{
    public async Task AuthorizeAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await tokens.GetAsync(storeId, cancellationToken));

    public async Task<bool> RenewAsync(HttpRequestMessage refused, CancellationToken cancellationToken)
    {
        await tokens.RenewAsync(storeId, refused.Headers.Authorization?.Parameter, cancellationToken);
        return true;
    }
}

internal static class Decryption
{
    /// <exception cref="ZoeyException">The encryption keys have changed.</exception>
    public static string Unprotect(ISecretProtector protector, string ciphertext)
    {
        try
        {
            return protector.Unprotect(ciphertext);
        }
        catch (CryptographicException exception)
        {
            throw new ZoeyException(
                ZoeyProblem.Credentials, "The stored credentials can't be decrypted: the encryption keys have changed. Enter them again.", inner: exception);
        }
    }
}
