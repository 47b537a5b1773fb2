using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Stores.Api;

/// <summary>The stores' credentials in the database, and the lease that lets one process refresh an OAuth 2 token.</summary>
public sealed class ZoeyAccessRows(Database database, ISecretProtector protector, TimeProvider time)
{
    /// <summary>Longer than a refresh may take.</summary>
    private static readonly TimeSpan s_lease = TimeSpan.FromSeconds(60);

    /// <summary>Further ahead than any lease reaches: it is left from before the clock was set back.</summary>
    private DateTimeOffset TooFar => time.GetUtcNow() + (2 * s_lease);

    public Task<ZoeyAccess?> FindAsync(int storeId, CancellationToken cancellationToken) =>
        database.ReadAsync(db => db.ZoeyAccess.SingleOrDefaultAsync(row => row.StoreId == storeId, cancellationToken), cancellationToken);

    /// <summary>Null when there are no credentials, or the store has no address.</summary>
    public async Task<(string BaseUrl, ZoeyAccess Access)?> FindStoreAsync(int storeId, CancellationToken cancellationToken)
    {
        var found = await database.ReadAsync(
            db => db.ZoeyAccess.Where(row => row.StoreId == storeId)
                .Join(db.Stores, row => row.StoreId, store => store.Id, (row, store) => new { store.BaseUrl, Access = row })
                .SingleOrDefaultAsync(cancellationToken),
            cancellationToken);
        return found is null || found.BaseUrl.Length == 0 ? null : (found.BaseUrl, found.Access);
    }

    /// <summary>Whether nobody refreshes the token, as far as this row says.</summary>
    public bool IsFree(ZoeyAccess access) => access.RefreshLeaseUntilUtc is not { } until || until < time.GetUtcNow() || until > TooFar;

    /// <summary>Makes the caller the one who refreshes.</summary>
    /// <returns>The lease's end, which names it: it ends at an odd millisecond of its own. Null when somebody else refreshes or has changed the row.</returns>
    public Task<DateTimeOffset?> TakeLeaseAsync(ZoeyAccess seen, CancellationToken cancellationToken) => database.WriteAsync(
        async db =>
        {
            var (now, tooFar) = (time.GetUtcNow(), TooFar);
            var until = now + s_lease + TimeSpan.FromMilliseconds(Random.Shared.Next(1000));
            var taken = await db.ZoeyAccess
                .Where(row => row.StoreId == seen.StoreId && row.Version == seen.Version && row.AccessTokenProtected == seen.AccessTokenProtected
                    && (row.RefreshLeaseUntilUtc == null || row.RefreshLeaseUntilUtc < now || row.RefreshLeaseUntilUtc > tooFar))
                .ExecuteUpdateAsync(update => update.SetProperty(row => row.RefreshLeaseUntilUtc, until), cancellationToken);
            return taken > 0 ? (DateTimeOffset?)until : null;
        },
        cancellationToken);

    /// <summary>Keeps the new tokens and ends the lease.</summary>
    /// <returns>False when nothing was kept, as the credentials were changed meanwhile.</returns>
    public Task<bool> SaveAsync(ZoeyAccess leased, DateTimeOffset lease, ZoeyTokens tokens)
    {
        var accessToken = protector.Protect(tokens.AccessToken);
        var refreshToken = tokens.RefreshToken is { } token ? protector.Protect(token) : leased.RefreshTokenProtected;
        var expiresUtc = time.GetUtcNow() + tokens.ExpiresIn;
        // Not to be cancelled: the store may know the old refresh token no longer.
        return database.WriteAsync(
            async db => await Leased(db, leased, lease).ExecuteUpdateAsync(
                update => update
                    .SetProperty(row => row.AccessTokenProtected, accessToken)
                    .SetProperty(row => row.AccessTokenExpiresUtc, expiresUtc)
                    .SetProperty(row => row.RefreshTokenProtected, refreshToken)
                    .SetProperty(row => row.RefreshLeaseUntilUtc, (DateTimeOffset?)null),
                CancellationToken.None) > 0,
            CancellationToken.None);
    }

    public Task ReleaseAsync(ZoeyAccess leased, DateTimeOffset lease) => database.WriteAsync(
        db => Leased(db, leased, lease).ExecuteUpdateAsync(
            update => update.SetProperty(row => row.RefreshLeaseUntilUtc, (DateTimeOffset?)null), CancellationToken.None),
        CancellationToken.None);

    /// <summary>Keeps a test's result; does nothing when the credentials are no longer those that were tested.</summary>
    public Task SaveProbeAsync(ZoeyAccess tested, ZoeyProbeReport report, CancellationToken cancellationToken)
    {
        var (json, now) = (report.ToJson(), time.GetUtcNow());
        return database.WriteAsync(
            db => db.ZoeyAccess.Where(row => row.StoreId == tested.StoreId && row.Version == tested.Version).ExecuteUpdateAsync(
                update => update.SetProperty(row => row.Probe, json).SetProperty(row => row.ProbedUtc, now), cancellationToken),
            cancellationToken);
    }

    private static IQueryable<ZoeyAccess> Leased(AppDbContext db, ZoeyAccess leased, DateTimeOffset lease) =>
        db.ZoeyAccess.Where(row => row.StoreId == leased.StoreId && row.RefreshLeaseUntilUtc == lease);
}
