using System.Runtime.CompilerServices;
using System.Text.Json;
using ZoeyKlaviyo.Core.Zoey;
using ZoeyKlaviyo.Core.Zoey.Wire;

namespace ZoeyKlaviyo.Tests.Orders;

/// <summary>A store in memory, with the surface of the real client: orders, products and categories, and what goes wrong with them.</summary>
internal sealed class FakeZoeyStore : IZoeyClient
{
    public bool IsSetUp { get; set; } = true;

    public int PageSize { get; set; } = 100;

    public List<ZoeyOrder> Orders { get; } = [];

    /// <summary>They come with the first page.</summary>
    public List<UnreadableOrder> Unreadable { get; } = [];

    public List<ZoeyProduct> Products { get; } = [];

    public Dictionary<string, List<string>> CategoriesOf { get; } = [];

    public List<ZoeyCategory> Categories { get; } = [];

    public Dictionary<string, string> Images { get; } = [];

    public List<ZoeySubscriber> Subscribers { get; } = [];

    /// <summary>They come with the first page.</summary>
    public List<UnreadableSubscriber> UnreadableSubscribers { get; } = [];

    /// <summary>The store can't be asked for subscribers by the time of their change.</summary>
    public bool RefusesChanges { get; set; }

    /// <summary>The store shows its oldest subscribers first, whatever it is asked for.</summary>
    public bool IgnoresOrder { get; set; }

    /// <summary>The listing leaves the lines out, as some stores' does.</summary>
    public bool ListsWithoutLines { get; set; }

    /// <summary>The listing does not tell the cart, nor who placed an order; the order alone does.</summary>
    public bool ListsWithoutPlacer { get; set; }

    /// <summary>The listing does not tell the address; the order alone does.</summary>
    public bool ListsWithoutAddress { get; set; }

    /// <summary>Called with what is asked for, such as <c>orders page 3</c> or <c>products 77</c>; may throw.</summary>
    public Action<string> OnAsked { get; set; } = _ => { };

    public List<string> Asked { get; } = [];

    public static ZoeyException Unavailable => new(ZoeyProblem.Unavailable, "The store does not answer; nothing has to be done.");

    public Task<bool> IsSetUpAsync(int storeId, CancellationToken cancellationToken) => Task.FromResult(IsSetUp);

    public async IAsyncEnumerable<ZoeyOrderPage> ListOrdersAsync(
        int storeId, DateTimeOffset createdFromUtc, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<ZoeyOrder> orders;
        lock (Orders)
            orders = Orders.Where(order => order.CreatedUtc >= createdFromUtc).OrderBy(order => order.CreatedUtc).ToList();
        var number = 0;
        foreach (var page in orders.Chunk(PageSize))
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            Ask($"orders page {++number}");
            yield return new ZoeyOrderPage([.. page.Select(Listed)], number == 1 ? [.. Unreadable] : []);
        }

        Ask($"orders page {number + 1}");
        if (number == 0 && Unreadable.Count > 0)
            yield return new ZoeyOrderPage([], [.. Unreadable]);
    }

    private ZoeyOrder Listed(ZoeyOrder order) => order with
    {
        Lines = ListsWithoutLines ? null : order.Lines,
        Email = ListsWithoutAddress ? null : order.Email,
        CreatedByTeamMember = !ListsWithoutPlacer && order.CreatedByTeamMember,
        CartId = ListsWithoutPlacer ? null : order.CartId,
    };

    public Task<ZoeyOrder?> FindOrderAsync(int storeId, string entityId, CancellationToken cancellationToken)
    {
        Ask($"order {entityId}");
        return Task.FromResult(Orders.Find(order => order.EntityId == entityId));
    }

    public Task<ZoeyOrderPage> FindOrdersAsync(int storeId, IReadOnlyCollection<string> entityIds, CancellationToken cancellationToken)
    {
        Ask($"orders {string.Join(' ', entityIds)}");
        return Task.FromResult(new ZoeyOrderPage(Orders.FindAll(order => order.EntityId is { } id && entityIds.Contains(id)), []));
    }

    public Task<IReadOnlyList<ZoeyProduct>> FindProductsAsync(int storeId, IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        Ask($"products {string.Join(' ', ids)}");
        return Task.FromResult<IReadOnlyList<ZoeyProduct>>(Products.FindAll(product => ids.Contains(product.Id)));
    }

    public Task<IReadOnlyList<ZoeyProduct>> FindProductsBySkuAsync(int storeId, IReadOnlyCollection<string> skus, CancellationToken cancellationToken)
    {
        Ask($"skus {string.Join(' ', skus)}");
        return Task.FromResult<IReadOnlyList<ZoeyProduct>>(Products.FindAll(product => product.Sku is { } sku && skus.Contains(sku)));
    }

    public Task<IReadOnlyList<string>> ReadCategoryIdsAsync(int storeId, string productId, CancellationToken cancellationToken)
    {
        Ask($"categories of {productId}");
        return Task.FromResult<IReadOnlyList<string>>(CategoriesOf.GetValueOrDefault(productId) ?? []);
    }

    public Task<IReadOnlyList<ZoeyCategory>> ReadCategoriesAsync(int storeId, CancellationToken cancellationToken)
    {
        Ask("categories");
        return Task.FromResult<IReadOnlyList<ZoeyCategory>>(Categories);
    }

    public Task<string?> FindImageAsync(int storeId, string productId, CancellationToken cancellationToken)
    {
        Ask($"image of {productId}");
        return Task.FromResult(Images.GetValueOrDefault(productId));
    }

    /// <summary>Pushes of tests are the orders themselves as JSON.</summary>
    public IReadOnlyList<ZoeyOrder?> ParseOrders(ReadOnlyMemory<byte> body)
    {
        using var json = JsonDocument.Parse(body);
        var root = json.RootElement;
        return root.ValueKind == JsonValueKind.Array ? [.. root.EnumerateArray().Select(Parse)] : [Parse(root)];
    }

    public async IAsyncEnumerable<ZoeySubscriberPage> ListSubscribersAsync(int storeId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var number = 0;
        foreach (var page in Copy().OrderBy(subscriber => subscriber.Id).Chunk(PageSize))
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            Ask($"subscribers page {++number}");
            yield return new ZoeySubscriberPage(page, number == 1 ? [.. UnreadableSubscribers] : []);
        }

        Ask($"subscribers page {number + 1}");
        yield return new ZoeySubscriberPage([], number == 0 ? [.. UnreadableSubscribers] : [], EndsList: true);
    }

    public async IAsyncEnumerable<ZoeySubscriberPage> ListNewestSubscribersAsync(
        int storeId, DateTimeOffset? changedFromUtc, long? knownId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var number = 0;
        foreach (var page in Copy().OrderByDescending(subscriber => IgnoresOrder ? 0 : subscriber.Id).Chunk(PageSize))
        {
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            Ask($"newest subscribers page {++number}");
            yield return new ZoeySubscriberPage(page, number == 1 ? [.. UnreadableSubscribers] : []);
            if (IgnoresOrder)
            {
                yield return new ZoeySubscriberPage([], [], Gap: ZoeySubscriberGap.Newest);
                break;
            }

            if (knownId is null || page.All(subscriber => subscriber.Id <= knownId))
                break;
        }

        if (changedFromUtc is not { } from)
            yield break;
        Ask("changed subscribers");
        yield return RefusesChanges
            ? new ZoeySubscriberPage([], [], Gap: ZoeySubscriberGap.Changes)
            : new ZoeySubscriberPage(Copy().FindAll(subscriber => subscriber.ChangedUtc >= from), []);
    }

    public IReadOnlyList<ZoeySubscriber?> ParseSubscribers(ReadOnlyMemory<byte> body) => SubscriberReader.Parse(body, TimeZoneInfo.Utc);

    private List<ZoeySubscriber> Copy()
    {
        lock (Subscribers)
            return [.. Subscribers];
    }

    private static ZoeyOrder? Parse(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty("Number", out _) ? element.Deserialize<ZoeyOrder>() : null;

    private void Ask(string what)
    {
        lock (Asked)
            Asked.Add(what);
        OnAsked(what);
    }

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
