using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Stores.Api;

/// <summary>
/// Writes the credentials of the configuration into the database, at each start. What did not change there stays as it is, with the tokens
/// that the store gave meanwhile; what people entered stays unless the configuration has something else.
/// </summary>
internal sealed class ConfiguredAccess(Database database, ISecretProtector protector, TimeProvider time)
{
    private const int MaxTries = 5;

    public async Task ApplyAsync(List<StoreOptions> configured, CancellationToken cancellationToken)
    {
        var withAccess = configured.Where(store => store.Credentials is not null).ToList();
        foreach (var store in withAccess)
            await ApplyAsync(store, cancellationToken);
        var keys = withAccess.ConvertAll(store => store.Key);
        await database.WriteAsync(
            db => db.ZoeyAccess
                .Where(row => row.FromConfiguration && !db.Stores.Any(store => store.Id == row.StoreId && keys.Contains(store.Key)))
                .ExecuteDeleteAsync(cancellationToken),
            cancellationToken);
    }

    private async Task ApplyAsync(StoreOptions options, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var (storeId, seen) = await database.ReadAsync(
                async db =>
                {
                    var id = await db.Stores.Where(store => store.Key == options.Key).Select(store => store.Id).SingleAsync(cancellationToken);
                    return (id, await db.ZoeyAccess.SingleOrDefaultAsync(row => row.StoreId == id, cancellationToken));
                },
                cancellationToken);
            var (mode, credentials) = (options.Mode, options.Credentials!);
            var old = seen is null ? null : TryRead(seen);
            if (seen?.FromConfiguration == true && seen.AuthMode == mode && old == credentials)
                return;
            var ciphertext = protector.Protect(credentials.ToJson());
            try
            {
                await database.WriteAsync(db => WriteAsync(db, storeId, seen, mode, ciphertext, IsSameGrant(old, credentials), cancellationToken), cancellationToken);
                return;
            }
            catch (DbUpdateException exception) when (tries < MaxTries && (exception is DbUpdateConcurrencyException || exception.IsDuplicate()))
            {
                // Another instance that starts at the same moment was faster.
                continue;
            }
        }
    }

    private async Task WriteAsync(
        AppDbContext db, int storeId, ZoeyAccess? seen, ZoeyAuthMode mode, string ciphertext, bool keepsTokens, CancellationToken cancellationToken)
    {
        var access = seen ?? new ZoeyAccess { StoreId = storeId, CredentialsProtected = "" };
        if (seen is null)
            db.ZoeyAccess.Add(access);
        else
            access = await db.ZoeyAccess.SingleOrDefaultAsync(row => row.StoreId == storeId && row.Version == seen.Version, cancellationToken)
                ?? throw new DbUpdateConcurrencyException("The credentials were changed at the same moment.");
        access.AuthMode = mode;
        access.CredentialsProtected = ciphertext;
        access.FromConfiguration = true;
        access.ChangedUtc = time.GetUtcNow();
        access.ChangedBy = "the configuration";
        access.Version++;
        if (!keepsTokens)
            access.Forget();
    }

    /// <summary>The store may have replaced the refresh token since: the one it was replaced by is as good as the configured one was.</summary>
    private static bool IsSameGrant(ZoeyCredentials? old, ZoeyCredentials now) =>
        old?.RefreshToken is not null && (old.RefreshToken, old.ClientId, old.TokenUrl) == (now.RefreshToken, now.ClientId, now.TokenUrl);

    private ZoeyCredentials? TryRead(ZoeyAccess access)
    {
        try
        {
            return ZoeyCredentials.FromJson(Decryption.Unprotect(protector, access.CredentialsProtected));
        }
        catch (ZoeyException)
        {
            return null;
        }
    }
}
