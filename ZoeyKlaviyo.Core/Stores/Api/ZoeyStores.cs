using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Stores.Api;

/// <summary>Stores' addresses and credentials, from the database.</summary>
public sealed class ZoeyStores(ZoeyAccessRows rows, ZoeyAccessTokens tokens, ISecretProtector protector, TimeProvider time) : IZoeyStores
{
    public async Task<ZoeyStore?> FindAsync(int storeId, CancellationToken cancellationToken) =>
        await rows.FindStoreAsync(storeId, cancellationToken) is { } found ? Create(found.BaseUrl, found.Access) : null;

    internal ZoeyStore Create(string baseUrl, ZoeyAccess access)
    {
        var credentials = ZoeyCredentials.FromJson(Decryption.Unprotect(protector, access.CredentialsProtected));
        return new ZoeyStore(
            access.StoreId,
            baseUrl.TrimEnd('/'),
            access.AuthMode == ZoeyAuthMode.OAuth1 ? new OAuth1Authenticator(credentials, time) : new OAuth2Authenticator(access.StoreId, tokens));
    }
}
