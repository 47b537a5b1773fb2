using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ZoeyKlaviyo.Core.Zoey.Wire;

namespace ZoeyKlaviyo.Core.Zoey;

/// <summary>
/// A store's REST API, read only. Every call keeps to the store's pace, is tried again while the store does not answer, and ends in what was
/// asked for or a <see cref="ZoeyException"/>.
/// </summary>
public sealed partial class ZoeyClient(
    IZoeyStores stores, ZoeyHttp http, ZoeyPager pager, ZoeyOrderListing listing, IOptions<ZoeyOptions> options, ILogger<ZoeyClient> logger) : IZoeyClient
{
    /// <summary>After so many orders in a row that the store gives an error for, and none that it does not, it is the store that fails.</summary>
    private const int MaxFailures = 3;

    private readonly ZoeyResource _orders = ZoeyResource.Orders(options.Value);
    private readonly ZoeyResource _products = ZoeyResource.Products(options.Value);
    private readonly ZoeyCatalogListing _catalog = new(stores, http, pager, options.Value);
    private readonly ZoeySubscriberListing _subscribers = new(stores, pager, options.Value);
    private readonly TimeZoneInfo _zone = TimeZoneInfo.FindSystemTimeZoneById(options.Value.TimeZone);

    /// <summary>Whether the store has an address and credentials.</summary>
    public async Task<bool> IsSetUpAsync(int storeId, CancellationToken cancellationToken)
    {
        try
        {
            return await stores.FindAsync(storeId, cancellationToken) is not null;
        }
        catch (ZoeyException)
        {
            // They are there; what is wrong with them is for the first call to say.
            return true;
        }
    }

    /// <summary>
    /// Orders placed at or after a time, a page at a time, by their ids: a later page may hold an order that was placed before one of an earlier
    /// page. A page is sorted by time, and also tells the orders that can't be read.
    /// </summary>
    public async IAsyncEnumerable<ZoeyOrderPage> ListOrdersAsync(
        int storeId, DateTimeOffset createdFromUtc, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var store = await stores.RequireAsync(storeId, cancellationToken);
        await foreach (var page in listing.ReadAsync(store, createdFromUtc, cancellationToken))
            yield return page;
    }

    /// <summary>One order with its lines; null when the store has none with this id.</summary>
    public async Task<ZoeyOrder?> FindOrderAsync(int storeId, string entityId, CancellationToken cancellationToken)
    {
        var store = await stores.RequireAsync(storeId, cancellationToken);
        var path = $"{_orders.Path}/{Uri.EscapeDataString(entityId)}";
        using var document = await http.FindAsync(store, _orders, path, cancellationToken);
        if (document is null)
            return null;
        try
        {
            var record = ZoeyPager.Records(document.RootElement, _orders).FirstOrDefault(record => record.Id == entityId)?.Json ?? document.RootElement;
            var order = OrderReader.Read(record, entityId, _zone);
            return order.Lines is null ? order with { Lines = await ReadLinesAsync(store, $"{path}/items", cancellationToken) } : order;
        }
        catch (FormatException exception)
        {
            throw new ZoeyException(ZoeyProblem.Unreadable, $"The store's order {entityId} can't be read: {exception.Message}.", 200, exception);
        }
    }

    /// <summary>
    /// Those of the orders that the store still has, and those of them that can't be read; in as few requests as the store's filters allow.
    /// An order for which the store answers with an error is left out, as long as it answers for others.
    /// </summary>
    public async Task<ZoeyOrderPage> FindOrdersAsync(int storeId, IReadOnlyCollection<string> entityIds, CancellationToken cancellationToken)
    {
        var store = await stores.RequireAsync(storeId, cancellationToken);
        var orders = new List<ZoeyOrder>();
        var unreadable = new List<UnreadableOrder>();
        var alone = new List<string>();
        var (isHeard, failures) = (false, 0);
        foreach (var ids in entityIds.Distinct().Chunk(ZoeyQuery.MaxListValues))
        {
            try
            {
                var page = await FindAtOnceAsync(store, ids, cancellationToken);
                orders.AddRange(page);
                unreadable.AddRange(page.Unreadable);
                isHeard = true;
            }
            catch (ZoeyException exception) when (IsAboutTheRequest(exception))
            {
                alone.AddRange(ids);
            }
        }

        foreach (var id in alone)
        {
            try
            {
                if (await FindOrderAsync(storeId, id, cancellationToken) is { } order)
                    orders.Add(order);
                isHeard = true;
            }
            catch (ZoeyException exception) when (exception.InnerException is FormatException)
            {
                unreadable.Add(new UnreadableOrder(id, exception.Message));
                isHeard = true;
            }
            catch (ZoeyException exception) when (IsAboutTheRequest(exception) && (isHeard || ++failures < Math.Min(MaxFailures, alone.Count)))
            {
                Log.LeftOut(logger, store.Id, id, exception.Message);
            }
        }

        return new ZoeyOrderPage(orders, unreadable);
    }

    public Task<IReadOnlyList<ZoeyProduct>> FindProductsAsync(int storeId, IReadOnlyCollection<string> ids, CancellationToken cancellationToken) =>
        FindProductsAsync(storeId, "entity_id", ids, product => product.Id, cancellationToken);

    public Task<IReadOnlyList<ZoeyProduct>> FindProductsBySkuAsync(int storeId, IReadOnlyCollection<string> skus, CancellationToken cancellationToken) =>
        FindProductsAsync(storeId, "sku", skus, product => product.Sku, cancellationToken);

    /// <summary>The ids of the categories a product is in.</summary>
    public async Task<IReadOnlyList<string>> ReadCategoryIdsAsync(int storeId, string productId, CancellationToken cancellationToken)
    {
        using var document = await ReadOfProductAsync(storeId, productId, "categories", cancellationToken);
        return document is null ? [] : CatalogReader.CategoryIds(document.RootElement);
    }

    /// <summary>As <see cref="ListCategoriesAsync"/>.</summary>
    public Task<IReadOnlyList<ZoeyCategory>> ReadCategoriesAsync(int storeId, CancellationToken cancellationToken) =>
        ListCategoriesAsync(storeId, cancellationToken);

    /// <summary>The address of a product's main picture; null when it has none.</summary>
    public async Task<string?> FindImageAsync(int storeId, string productId, CancellationToken cancellationToken)
    {
        using var document = await ReadOfProductAsync(storeId, productId, "images", cancellationToken);
        return document is null ? null : CatalogReader.MainImage(document.RootElement);
    }

    /// <summary>An order, or an array of them, as the store pushes it.</summary>
    /// <returns>In the order of the body; null where an element is no order.</returns>
    /// <exception cref="JsonException">The body is not JSON.</exception>
    public IReadOnlyList<ZoeyOrder?> ParseOrders(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        return [.. WireJson.Items(document.RootElement, ["increment_id", .. _orders.IdNames]).Select(item => TryRead(item.Key, item.Value))];
    }

    /// <summary>All newsletter subscribers by ascending ids, a page at a time. A page also tells the rows that can't be read.</summary>
    public IAsyncEnumerable<ZoeySubscriberPage> ListSubscribersAsync(int storeId, CancellationToken cancellationToken) =>
        _subscribers.ReadAllAsync(storeId, cancellationToken);

    /// <summary>
    /// A look at what is new: the subscribers with the highest ids, back to a page that was all known or a few pages, and those whose status
    /// changed lately. A subscriber may be in both. What the store can't be asked for is told by <see cref="ZoeySubscriberPage.Gap"/>.
    /// </summary>
    /// <param name="changedFromUtc">Null: changes are not asked for.</param>
    /// <param name="knownId">The highest id that is known; null: the newest page alone is read.</param>
    public IAsyncEnumerable<ZoeySubscriberPage> ListNewestSubscribersAsync(
        int storeId, DateTimeOffset? changedFromUtc, long? knownId, CancellationToken cancellationToken) =>
        _subscribers.ReadNewestAsync(storeId, changedFromUtc, knownId, cancellationToken);

    /// <summary>A subscriber, or an array of them, as the store pushes it.</summary>
    /// <returns>In the order of the body; null where an element is no subscriber.</returns>
    /// <exception cref="JsonException">The body is not JSON.</exception>
    public IReadOnlyList<ZoeySubscriber?> ParseSubscribers(ReadOnlyMemory<byte> body) => SubscriberReader.Parse(body, _zone);

    /// <summary>
    /// All products by ascending entity ids, a page at a time. It ends without an exception only when the list ended by an empty or a repeated
    /// page, so that what it did not hold the store does not list. A field that can't be read is null.
    /// </summary>
    public IAsyncEnumerable<IReadOnlyList<ZoeyCatalogProduct>> ListProductsAsync(int storeId, CancellationToken cancellationToken) =>
        _catalog.ListProductsAsync(storeId, cancellationToken);

    /// <summary>One product; null when the store answers that it has none, and not when it answers anything else.</summary>
    public Task<ZoeyCatalogProduct?> FindProductAsync(int storeId, string productId, CancellationToken cancellationToken) =>
        _catalog.FindProductAsync(storeId, productId, cancellationToken);

    /// <summary>The stock of all products, a page at a time, to the end as <see cref="ListProductsAsync"/>.</summary>
    public IAsyncEnumerable<IReadOnlyList<ZoeyStock>> ListStockAsync(int storeId, CancellationToken cancellationToken) =>
        _catalog.ListStockAsync(storeId, cancellationToken);

    /// <summary>The stock of some products, ten in a request.</summary>
    public Task<IReadOnlyList<ZoeyStock>> FindStockAsync(int storeId, IReadOnlyCollection<string> productIds, CancellationToken cancellationToken) =>
        _catalog.FindStockAsync(storeId, productIds, cancellationToken);

    /// <summary>All categories, to the end as <see cref="ListProductsAsync"/>. One whose name the list lacks is read alone.</summary>
    public Task<IReadOnlyList<ZoeyCategory>> ListCategoriesAsync(int storeId, CancellationToken cancellationToken) =>
        _catalog.ListCategoriesAsync(storeId, cancellationToken);

    /// <summary>False when the store answers that it has no such category, and not when it answers anything else.</summary>
    public Task<bool> HasCategoryAsync(int storeId, string categoryId, CancellationToken cancellationToken) =>
        _catalog.HasCategoryAsync(storeId, categoryId, cancellationToken);

    /// <summary>Whether the store's list of products obeys <c>category_id</c>: asked with an id that no category has.</summary>
    public Task<bool> CanFilterByCategoryAsync(int storeId, CancellationToken cancellationToken) =>
        _catalog.CanFilterByCategoryAsync(storeId, cancellationToken);

    /// <summary>The ids of the products in a category, ascending; all of them, or an exception.</summary>
    public Task<IReadOnlyList<string>> ListProductIdsAsync(int storeId, string categoryId, CancellationToken cancellationToken) =>
        _catalog.ListProductIdsAsync(storeId, categoryId, cancellationToken);

    /// <summary>The store answered, and another request may go better.</summary>
    private static bool IsAboutTheRequest(ZoeyException exception) =>
        exception.HttpStatus is not null && exception.Problem is not (ZoeyProblem.Credentials or ZoeyProblem.Clock);

    private async Task<ZoeyOrderPage> FindAtOnceAsync(ZoeyStore store, string[] ids, CancellationToken cancellationToken)
    {
        var orders = new List<ZoeyOrder>();
        var unreadable = new List<UnreadableOrder>();
        await foreach (var records in pager.ReadAsync(store, _orders, ById("entity_id", ids), cancellationToken))
        {
            // Looked at again, since a store that does not know a filter may leave it out.
            var page = listing.Read([.. records.Where(record => ids.Contains(record.Id))], DateTimeOffset.MinValue);
            orders.AddRange(page?.AsEnumerable() ?? []);
            unreadable.AddRange(page?.Unreadable ?? []);
            if (orders.Count + unreadable.Count == ids.Length)
                break;
        }

        return new ZoeyOrderPage(orders, unreadable);
    }

    private ZoeyOrder? TryRead(string? id, JsonElement order)
    {
        try
        {
            return OrderReader.Read(order, id, _zone);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private async Task<JsonDocument?> ReadOfProductAsync(int storeId, string productId, string what, CancellationToken cancellationToken) =>
        await http.FindAsync(
            await stores.RequireAsync(storeId, cancellationToken), _products, $"{_products.Path}/{Uri.EscapeDataString(productId)}/{what}", cancellationToken);

    /// <summary>Null when the store does not offer them alone either.</summary>
    private async Task<IReadOnlyList<ZoeyOrderLine>?> ReadLinesAsync(ZoeyStore store, string path, CancellationToken cancellationToken)
    {
        try
        {
            using var document = await http.FindAsync(store, _orders, path, cancellationToken);
            return document is null ? null : OrderLineReader.ReadList(document.RootElement);
        }
        catch (ZoeyException exception) when (exception.Problem is ZoeyProblem.NoSuchEndpoint or ZoeyProblem.Forbidden)
        {
            return null;
        }
    }

    private async Task<IReadOnlyList<ZoeyProduct>> FindProductsAsync(
        int storeId, string attribute, IReadOnlyCollection<string> values, Func<ZoeyProduct, string?> valueOf, CancellationToken cancellationToken)
    {
        var store = await stores.RequireAsync(storeId, cancellationToken);
        var products = new List<ZoeyProduct>();
        foreach (var some in values.Distinct().Chunk(ZoeyQuery.MaxListValues))
        {
            // Looked at again, since a store that does not know a filter may leave it out.
            var missing = some.ToHashSet(StringComparer.OrdinalIgnoreCase);
            await foreach (var records in pager.ReadAsync(store, _products, ById(attribute, some), cancellationToken))
            {
                var found = records.Where(record => record.Json.ValueKind == JsonValueKind.Object)
                    .Select(record => CatalogReader.Product(record, options.Value.ParentAttribute))
                    .Where(product => some.Contains(valueOf(product), StringComparer.OrdinalIgnoreCase)).ToList();
                products.AddRange(found);
                missing.ExceptWith(found.Select(product => valueOf(product)!));
                if (missing.Count == 0)
                    break;
            }
        }

        return products;
    }

    private static ZoeyQuery ById(string attribute, IReadOnlyList<string> values) =>
        new ZoeyQuery().FilterIn(attribute, values).OrderBy("entity_id", "asc");

    private static partial class Log
    {
        [LoggerMessage(602, LogLevel.Warning, "Order {Order} of store {StoreId} is left out: {Reason}")]
        public static partial void LeftOut(ILogger logger, int storeId, string order, string reason);
    }
}
