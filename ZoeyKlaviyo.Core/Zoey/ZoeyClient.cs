namespace ZoeyKlaviyo.Core.Zoey;

/// <summary>
/// A store's REST API, read only. Every call keeps to the store's pace, is tried again while the store does not answer, and ends in what was
/// asked for or a <see cref="ZoeyException"/>.
/// </summary>
public sealed class ZoeyClient : IZoeyStore
{
    /// <summary>Whether the store has an address and credentials.</summary>
    public Task<bool> IsSetUpAsync(int storeId, CancellationToken cancellationToken) => Task.FromResult(false);

    /// <summary>Orders placed at or after a time, oldest first, a page at a time.</summary>
    public IAsyncEnumerable<IReadOnlyList<ZoeyOrder>> ListOrdersAsync(int storeId, DateTimeOffset createdFromUtc, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>One order with its lines; null when the store has none with this id.</summary>
    public Task<ZoeyOrder?> FindOrderAsync(int storeId, string entityId, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>Those of the orders that the store still has; in as few requests as the store's filters allow.</summary>
    public Task<IReadOnlyList<ZoeyOrder>> FindOrdersAsync(int storeId, IReadOnlyCollection<string> entityIds, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<ZoeyProduct>> FindProductsAsync(int storeId, IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<ZoeyProduct>> FindProductsBySkuAsync(int storeId, IReadOnlyCollection<string> skus, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>The ids of the categories a product is in.</summary>
    public Task<IReadOnlyList<string>> ReadCategoryIdsAsync(int storeId, string productId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<ZoeyCategory>> ReadCategoriesAsync(int storeId, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>The address of a product's main picture; null when it has none.</summary>
    public Task<string?> FindImageAsync(int storeId, string productId, CancellationToken cancellationToken) => throw new NotSupportedException();

    /// <summary>An order, or an array of them, as the store pushes it.</summary>
    /// <returns>In the order of the body; null where an element is no order.</returns>
    /// <exception cref="System.Text.Json.JsonException">The body is not JSON.</exception>
    public IReadOnlyList<ZoeyOrder?> ParseOrders(ReadOnlyMemory<byte> body) => throw new NotSupportedException();
}
