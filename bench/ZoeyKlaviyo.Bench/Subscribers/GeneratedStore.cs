using System.Globalization;
using System.Runtime.CompilerServices;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Bench.Subscribers;

/// <summary>A store with as many subscribers as one likes, all from before the connection, made as they are listed.</summary>
internal sealed class GeneratedStore(int count) : IZoeyClient
{
    private const int PageSize = 100;
    private static readonly DateTimeOffset s_first = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public Task<bool> IsSetUpAsync(int storeId, CancellationToken cancellationToken) => Task.FromResult(true);

    public async IAsyncEnumerable<ZoeySubscriberPage> ListSubscribersAsync(int storeId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var from = 0; from < count; from += PageSize)
        {
            await Task.Yield();
            yield return new ZoeySubscriberPage([.. Enumerable.Range(from, Math.Min(PageSize, count - from)).Select(Subscriber)], []);
        }

        yield return new ZoeySubscriberPage([], [], EndsList: true);
    }

    private static ZoeySubscriber Subscriber(int number) => new(
        number + 1, string.Create(CultureInfo.InvariantCulture, $"subscriber{number:0000000}@shop-demo.com"), ZoeySubscriberStatus.Subscribed, s_first.AddMinutes(number));

    // Nothing else is asked for in a Subscribers run.
    public IAsyncEnumerable<ZoeySubscriberPage> ListNewestSubscribersAsync(
        int storeId, DateTimeOffset? changedFromUtc, long? knownId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IReadOnlyList<ZoeySubscriber?> ParseSubscribers(ReadOnlyMemory<byte> body) => throw new NotSupportedException();

    public IAsyncEnumerable<ZoeyOrderPage> ListOrdersAsync(int storeId, DateTimeOffset createdFromUtc, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<ZoeyOrder?> FindOrderAsync(int storeId, string entityId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ZoeyOrderPage> FindOrdersAsync(int storeId, IReadOnlyCollection<string> entityIds, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<ZoeyProduct>> FindProductsAsync(int storeId, IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<ZoeyProduct>> FindProductsBySkuAsync(int storeId, IReadOnlyCollection<string> skus, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<string>> ReadCategoryIdsAsync(int storeId, string productId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<ZoeyCategory>> ReadCategoriesAsync(int storeId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string?> FindImageAsync(int storeId, string productId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IReadOnlyList<ZoeyOrder?> ParseOrders(ReadOnlyMemory<byte> body) => throw new NotSupportedException();

    // Of the catalog, nothing is asked for here.
    public IAsyncEnumerable<IReadOnlyList<ZoeyCatalogProduct>> ListProductsAsync(int storeId, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<ZoeyCatalogProduct?> FindProductAsync(int storeId, string productId, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public IAsyncEnumerable<IReadOnlyList<ZoeyStock>> ListStockAsync(int storeId, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<ZoeyStock>> FindStockAsync(int storeId, IReadOnlyCollection<string> productIds, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<ZoeyCategory>> ListCategoriesAsync(int storeId, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<bool> HasCategoryAsync(int storeId, string categoryId, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<bool> CanFilterByCategoryAsync(int storeId, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<string>> ListProductIdsAsync(int storeId, string categoryId, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
