using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Stores;

namespace ZoeyKlaviyo.Core.Connection;

/// <summary>The tokens in the database, and the lease that lets one process refresh them.</summary>
public sealed partial class TokenRows(
    Database database, ISecretProtector protector, StoreSignals signals, TimeProvider time, ILogger<TokenRows> logger)
{
    /// <summary>Longer than a refresh may take.</summary>
    private static readonly TimeSpan s_lease = TimeSpan.FromSeconds(60);

    /// <summary>Further ahead than any lease reaches: it is left from before the clock was set back.</summary>
    private DateTimeOffset TooFar => time.GetUtcNow() + (2 * s_lease);

    public Task<KlaviyoConnection?> FindAsync(int storeId, CancellationToken cancellationToken) =>
        database.ReadAsync(db => db.KlaviyoConnections.SingleOrDefaultAsync(row => row.StoreId == storeId, cancellationToken), cancellationToken);

    /// <summary>Connections whose tokens were last refreshed before <paramref name="beforeUtc"/>.</summary>
    public async Task<List<(int StoreId, int TokenVersion)>> IdleSinceAsync(DateTimeOffset beforeUtc, CancellationToken cancellationToken)
    {
        var idle = await database.ReadAsync(
            db => db.KlaviyoConnections
                .Where(row => row.Status == ConnectionStatus.Connected && row.TokensRefreshedUtc < beforeUtc)
                .Select(row => new { row.StoreId, row.TokenVersion })
                .ToListAsync(cancellationToken),
            cancellationToken);
        return idle.ConvertAll(row => (row.StoreId, row.TokenVersion));
    }

    /// <summary>Whether nobody refreshes the tokens, as far as this row says.</summary>
    public bool IsFree(KlaviyoConnection connection) => connection.RefreshLeaseUntilUtc is not { } until || until < time.GetUtcNow() || until > TooFar;

    /// <summary>Makes <paramref name="owner"/> the one who refreshes; null when somebody is or has.</summary>
    public Task<KlaviyoConnection?> TakeLeaseAsync(int storeId, int seenVersion, string owner, CancellationToken cancellationToken) => database.WriteAsync(
        async db =>
        {
            var (now, tooFar) = (time.GetUtcNow(), TooFar);
            var taken = await db.KlaviyoConnections
                .Where(row => row.StoreId == storeId && row.TokenVersion == seenVersion && row.Status == ConnectionStatus.Connected
                    && (row.RefreshLeaseUntilUtc == null || row.RefreshLeaseUntilUtc < now || row.RefreshLeaseUntilUtc > tooFar))
                .ExecuteUpdateAsync(
                    update => update.SetProperty(row => row.RefreshLeaseOwner, owner).SetProperty(row => row.RefreshLeaseUntilUtc, now + s_lease),
                    cancellationToken);
            return taken > 0 ? await db.KlaviyoConnections.AsNoTracking().SingleAsync(row => row.StoreId == storeId, cancellationToken) : null;
        },
        cancellationToken);

    /// <summary>Keeps the new pair and ends the lease.</summary>
    /// <returns>False when nothing was kept, since the lease is no longer <paramref name="owner"/>'s.</returns>
    public async Task<bool> SaveAsync(int storeId, string owner, TokenPair tokens, CancellationToken cancellationToken)
    {
        var accessToken = protector.Protect(tokens.AccessToken);
        var refreshToken = tokens.RefreshToken is { } token ? protector.Protect(token) : null;
        return await ChangeAsync(
            async db =>
            {
                var connection = await db.KlaviyoConnections.SingleOrDefaultAsync(row => row.StoreId == storeId && row.RefreshLeaseOwner == owner, cancellationToken);
                if (connection is null)
                    return false;
                var now = time.GetUtcNow();
                connection.AccessTokenProtected = accessToken;
                connection.RefreshTokenProtected = refreshToken ?? connection.RefreshTokenProtected;
                connection.AccessTokenExpiresUtc = now + tokens.ExpiresIn;
                connection.TokensRefreshedUtc = now;
                connection.TokenVersion++;
                connection.RefreshLeaseOwner = null;
                connection.RefreshLeaseUntilUtc = null;
                return true;
            },
            cancellationToken);
    }

    /// <summary>Marks the connection, if it still is as <paramref name="applies"/> asks, so that nobody tries its tokens again.</summary>
    public async Task NeedAttentionAsync(int storeId, Func<KlaviyoConnection, bool> applies, string reason, CancellationToken cancellationToken)
    {
        await ChangeAsync(
            async db =>
            {
                var connection = await db.KlaviyoConnections.SingleOrDefaultAsync(row => row.StoreId == storeId, cancellationToken);
                if (connection is null || connection.Status == ConnectionStatus.NeedsAttention || !applies(connection))
                    return false;
                connection.Status = ConnectionStatus.NeedsAttention;
                connection.StatusReason = reason;
                connection.StatusSinceUtc = time.GetUtcNow();
                connection.RefreshLeaseOwner = null;
                connection.RefreshLeaseUntilUtc = null;
                return true;
            },
            cancellationToken);
        signals.SettingsChanged(storeId);
    }

    /// <summary>Gives way to a person who has connected anew since the row was read: their tokens are the ones that count.</summary>
    private async Task<bool> ChangeAsync(Func<AppDbContext, Task<bool>> change, CancellationToken cancellationToken)
    {
        try
        {
            return await database.WriteAsync(change, cancellationToken);
        }
        catch (DbUpdateConcurrencyException exception)
        {
            Log.Superseded(logger, exception);
            return false;
        }
    }

    public Task ReleaseAsync(int storeId, string owner, CancellationToken cancellationToken) => database.WriteAsync(
        db => db.KlaviyoConnections.Where(row => row.StoreId == storeId && row.RefreshLeaseOwner == owner).ExecuteUpdateAsync(
            update => update.SetProperty(row => row.RefreshLeaseOwner, (string?)null).SetProperty(row => row.RefreshLeaseUntilUtc, (DateTimeOffset?)null),
            cancellationToken),
        cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(302, LogLevel.Information, "A token change gave way to a newer one")]
        public static partial void Superseded(ILogger logger, Exception exception);
    }
}
