using System.Text.Json;

namespace ZoeyKlaviyo.Core.Zoey;

/// <summary>A store's REST API as those see it who read from it; <see cref="ZoeyClient"/> says what each call does.</summary>
public interface IZoeyClient
{
    /// <inheritdoc cref="ZoeyClient.IsSetUpAsync"/>
    Task<bool> IsSetUpAsync(int storeId, CancellationToken cancellationToken);

    /// <inheritdoc cref="ZoeyClient.ListOrdersAsync"/>
    /// <exception cref="ZoeyException">The store did not give it.</exception>
    IAsyncEnumerable<ZoeyOrderPage> ListOrdersAsync(int storeId, DateTimeOffset createdFromUtc, CancellationToken cancellationToken);

    /// <inheritdoc cref="ZoeyClient.FindOrderAsync"/>
    /// <exception cref="ZoeyException">The store did not give it.</exception>
    Task<ZoeyOrder?> FindOrderAsync(int storeId, string entityId, CancellationToken cancellationToken);

    /// <inheritdoc cref="ZoeyClient.FindOrdersAsync"/>
    /// <exception cref="ZoeyException">The store did not give it.</exception>
    Task<ZoeyOrderPage> FindOrdersAsync(int storeId, IReadOnlyCollection<string> entityIds, CancellationToken cancellationToken);

    /// <exception cref="ZoeyException">The store did not give it.</exception>
    Task<IReadOnlyList<ZoeyProduct>> FindProductsAsync(int storeId, IReadOnlyCollection<string> ids, CancellationToken cancellationToken);

    /// <exception cref="ZoeyException">The store did not give it.</exception>
    Task<IReadOnlyList<ZoeyProduct>> FindProductsBySkuAsync(int storeId, IReadOnlyCollection<string> skus, CancellationToken cancellationToken);

    /// <inheritdoc cref="ZoeyClient.ReadCategoryIdsAsync"/>
    /// <exception cref="ZoeyException">The store did not give it.</exception>
    Task<IReadOnlyList<string>> ReadCategoryIdsAsync(int storeId, string productId, CancellationToken cancellationToken);

    /// <exception cref="ZoeyException">The store did not give it.</exception>
    Task<IReadOnlyList<ZoeyCategory>> ReadCategoriesAsync(int storeId, CancellationToken cancellationToken);

    /// <inheritdoc cref="ZoeyClient.FindImageAsync"/>
    /// <exception cref="ZoeyException">The store did not give it.</exception>
    Task<string?> FindImageAsync(int storeId, string productId, CancellationToken cancellationToken);

    /// <inheritdoc cref="ZoeyClient.ParseOrders"/>
    /// <exception cref="JsonException">The body is not JSON.</exception>
    IReadOnlyList<ZoeyOrder?> ParseOrders(ReadOnlyMemory<byte> body);

    /// <inheritdoc cref="ZoeyClient.ListSubscribersAsync"/>
    /// <exception cref="ZoeyException">The store did not give it.</exception>
    IAsyncEnumerable<ZoeySubscriberPage> ListSubscribersAsync(int storeId, CancellationToken cancellationToken);

    /// <inheritdoc cref="ZoeyClient.ListNewestSubscribersAsync"/>
    /// <exception cref="ZoeyException">The store did not give it.</exception>
    IAsyncEnumerable<ZoeySubscriberPage> ListNewestSubscribersAsync(
        int storeId, DateTimeOffset? changedFromUtc, long? knownId, CancellationToken cancellationToken);

    /// <inheritdoc cref="ZoeyClient.ParseSubscribers"/>
    /// <exception cref="JsonException">The body is not JSON.</exception>
    IReadOnlyList<ZoeySubscriber?> ParseSubscribers(ReadOnlyMemory<byte> body);

    /// <inheritdoc cref="ZoeyClient.ListProductsAsync"/>
    /// <exception cref="ZoeyException">The store did not give it.</exception>
    IAsyncEnumerable<IReadOnlyList<ZoeyCatalogProduct>> ListProductsAsync(int storeId, CancellationToken cancellationToken);

    /// <inheritdoc cref="ZoeyClient.FindProductAsync"/>
    /// <exception cref="ZoeyException">The store did not give it.</exception>
    Task<ZoeyCatalogProduct?> FindProductAsync(int storeId, string productId, CancellationToken cancellationToken);

    /// <inheritdoc cref="ZoeyClient.ListStockAsync"/>
    /// <exception cref="ZoeyException">The store did not give it.</exception>
    IAsyncEnumerable<IReadOnlyList<ZoeyStock>> ListStockAsync(int storeId, CancellationToken cancellationToken);

    /// <inheritdoc cref="ZoeyClient.FindStockAsync"/>
    /// <exception cref="ZoeyException">The store did not give it.</exception>
    Task<IReadOnlyList<ZoeyStock>> FindStockAsync(int storeId, IReadOnlyCollection<string> productIds, CancellationToken cancellationToken);

    /// <inheritdoc cref="ZoeyClient.ListCategoriesAsync"/>
    /// <exception cref="ZoeyException">The store did not give it.</exception>
    Task<IReadOnlyList<ZoeyCategory>> ListCategoriesAsync(int storeId, CancellationToken cancellationToken);

    /// <inheritdoc cref="ZoeyClient.HasCategoryAsync"/>
    /// <exception cref="ZoeyException">The store did not give it.</exception>
    Task<bool> HasCategoryAsync(int storeId, string categoryId, CancellationToken cancellationToken);

    /// <inheritdoc cref="ZoeyClient.CanFilterByCategoryAsync"/>
    /// <exception cref="ZoeyException">The store did not give it.</exception>
    Task<bool> CanFilterByCategoryAsync(int storeId, CancellationToken cancellationToken);

    /// <inheritdoc cref="ZoeyClient.ListProductIdsAsync"/>
    /// <exception cref="ZoeyException">The store did not give it.</exception>
    Task<IReadOnlyList<string>> ListProductIdsAsync(int storeId, string categoryId, CancellationToken cancellationToken);
}
