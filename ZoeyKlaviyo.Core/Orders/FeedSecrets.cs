using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Orders;

/// <summary>What stores sign their pushes with: read each time, decrypted once.</summary>
public sealed class FeedSecrets(Database database, ISecretProtector protector)
{
    private readonly ConcurrentDictionary<int, (string Protected, byte[] Secret)> _decrypted = new();

    /// <returns>Null when the store has none, or it was encrypted with keys that are gone: nothing is taken from the store then.</returns>
    public async Task<byte[]?> FindAsync(int storeId, CancellationToken cancellationToken)
    {
        var encrypted = await database.ReadAsync(
            db => db.Stores.Where(store => store.Id == storeId).Select(store => store.FeedSecretProtected).SingleOrDefaultAsync(cancellationToken), cancellationToken);
        if (string.IsNullOrEmpty(encrypted))
            return null;
        if (_decrypted.TryGetValue(storeId, out var known) && known.Protected == encrypted)
            return known.Secret;
        try
        {
            var secret = Encoding.UTF8.GetBytes(protector.Unprotect(encrypted));
            _decrypted[storeId] = (encrypted, secret);
            return secret;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
