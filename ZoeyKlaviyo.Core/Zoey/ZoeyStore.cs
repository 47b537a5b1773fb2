namespace ZoeyKlaviyo.Core.Zoey;

/// <summary>Proves to a store's REST API who is asking.</summary>
public interface IZoeyAuthenticator
{
    /// <summary>Adds the <c>Authorization</c> header; asked anew for every try.</summary>
    /// <exception cref="ZoeyException">There is nothing to authenticate with.</exception>
    Task AuthorizeAsync(HttpRequestMessage request, CancellationToken cancellationToken);

    /// <summary>After a 401: gets something newer than what <paramref name="refused"/> was sent with.</summary>
    /// <returns>False when there is nothing newer to be had.</returns>
    Task<bool> RenewAsync(HttpRequestMessage refused, CancellationToken cancellationToken);
}

/// <param name="BaseUrl">Without a slash at the end.</param>
public sealed record ZoeyStore(int Id, string BaseUrl, IZoeyAuthenticator Authenticator);

/// <summary>Knows the stores' addresses and credentials.</summary>
public interface IZoeyStores
{
    /// <summary>Null without an address or credentials.</summary>
    /// <exception cref="ZoeyException">The credentials are there but can't be read.</exception>
    Task<ZoeyStore?> FindAsync(int storeId, CancellationToken cancellationToken);
}

internal static class ZoeyStoresExtensions
{
    /// <exception cref="ZoeyException">The store has no address or credentials, or they can't be read.</exception>
    public static async Task<ZoeyStore> RequireAsync(this IZoeyStores stores, int storeId, CancellationToken cancellationToken) =>
        await stores.FindAsync(storeId, cancellationToken)
        ?? throw new ZoeyException(ZoeyProblem.NotSetUp, "The store's API is not set up. Enter its address and credentials under Store API.");
}
