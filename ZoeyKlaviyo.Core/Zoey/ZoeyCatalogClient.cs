using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Options;
using ZoeyKlaviyo.Core.Zoey.Wire;

namespace ZoeyKlaviyo.Core.Zoey;

/// <summary>
/// A store's whole catalog. A list that ends without an exception was read to its end: what it does not hold the store did not list. Every call
/// may throw a <see cref="ZoeyException"/>.
/// </summary>
public sealed class ZoeyCatalogClient(IZoeyStores stores, ZoeyHttp http, ZoeyPager pager, IOptions<ZoeyOptions> options)
{
    /// <summary>More than any store has.</summary>
    private const string NoCategory = "999999999";

    private readonly ZoeyResource _products = ZoeyResource.Products(options.Value);
    private readonly ZoeyResource _stock = ZoeyResource.Stock(options.Value);
    private readonly ZoeyResource _categories = ZoeyResource.Categories(options.Value);

    /// <summary>All products and variants by ascending ids, a page at a time.</summary>
    public IAsyncEnumerable<IReadOnlyList<ZoeyCatalogProduct>> ListProductsAsync(int storeId, CancellationToken cancellationToken) =>
        ListAsync(storeId, _products, new ZoeyQuery(), records => records.Where(IsRecord).Select(Product).ToList(), cancellationToken);

    /// <summary>Null when the store says that it has no such product.</summary>
    public async Task<ZoeyCatalogProduct?> FindProductAsync(int storeId, string productId, CancellationToken cancellationToken)
    {
        using var document = await FindAsync(storeId, _products, productId, cancellationToken);
        return document is null ? null : Product(new ZoeyRecord(productId, One(document.RootElement, _products)));
    }

    public IAsyncEnumerable<IReadOnlyList<ZoeyStock>> ListStockAsync(int storeId, CancellationToken cancellationToken) =>
        ListAsync(storeId, _stock, new ZoeyQuery(), Stock, cancellationToken);

    public async Task<IReadOnlyList<ZoeyStock>> FindStockAsync(int storeId, IReadOnlyCollection<string> productIds, CancellationToken cancellationToken)
    {
        var found = new List<ZoeyStock>();
        foreach (var ids in productIds.Distinct().Chunk(ZoeyQuery.MaxListValues))
        {
            await foreach (var page in ListAsync(storeId, _stock, new ZoeyQuery().FilterIn("product_id", ids), Stock, cancellationToken))
            {
                // Looked at again, since a store that does not know a filter may leave it out.
                found.AddRange(page.Where(stock => ids.Contains(stock.ProductId)));
                if (found.Count >= ids.Length)
                    break;
            }
        }

        return found;
    }

    public async Task<IReadOnlyList<ZoeyCategory>> ListCategoriesAsync(int storeId, CancellationToken cancellationToken)
    {
        var found = new List<(string Id, string? ParentId, string? Name)>();
        await foreach (var page in ListAsync(storeId, _categories, new ZoeyQuery(), records => records.SelectMany(record => CatalogReader.Categories(record, _categories)).ToList(), cancellationToken))
            found.AddRange(page);
        var categories = new List<ZoeyCategory>();
        foreach (var (id, parentId, name) in found.DistinctBy(category => category.Id))
        {
            if (name is not null)
            {
                categories.Add(new ZoeyCategory(id, parentId, name));
                continue;
            }

            using var document = await FindAsync(storeId, _categories, id, cancellationToken);
            if (document is not null && One(document.RootElement, _categories) is var one)
                categories.Add(new ZoeyCategory(id, WireJson.Id(one, "parent_id") ?? parentId, WireJson.Text(one, "name") ?? id));
        }

        return categories;
    }

    /// <summary>False when the store says that it has no such category.</summary>
    public async Task<bool> HasCategoryAsync(int storeId, string categoryId, CancellationToken cancellationToken)
    {
        using var document = await FindAsync(storeId, _categories, categoryId, cancellationToken);
        return document is not null;
    }

    /// <summary>Whether the product list obeys <c>category_id</c>; a store that does not know it lists all products whatever the category.</summary>
    public async Task<bool> CanFilterByCategoryAsync(int storeId, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var page in pager.ReadAsync(await stores.RequireAsync(storeId, cancellationToken), _products, InCategory(NoCategory), cancellationToken))
                return page.Count == 0;
            return true;
        }
        catch (ZoeyException exception) when (exception.Problem is ZoeyProblem.Refused or ZoeyProblem.NotFound)
        {
            return true;
        }
    }

    /// <summary>The ids of the products in a category; none when the store no longer has it.</summary>
    public async Task<IReadOnlyList<string>> ListProductIdsAsync(int storeId, string categoryId, CancellationToken cancellationToken)
    {
        var ids = new List<string>();
        try
        {
            await foreach (var page in ListAsync(storeId, _products, InCategory(categoryId), records => records.Where(IsRecord).Select(record => record.Id).ToList(), cancellationToken))
                ids.AddRange(page);
        }
        catch (ZoeyException exception) when (exception.Problem == ZoeyProblem.NotFound)
        {
            return [];
        }

        return ids;
    }

    private static ZoeyQuery InCategory(string categoryId) => new ZoeyQuery().With("category_id", categoryId).With("attrs", "entity_id");

    private static bool IsRecord(ZoeyRecord record) => record.Json.ValueKind == JsonValueKind.Object;

    private ZoeyCatalogProduct Product(ZoeyRecord record) => CatalogReader.WholeProduct(record, options.Value.ParentAttribute)
        ?? throw new ZoeyException(
            ZoeyProblem.Credentials,
            "The store's products come without status and price, as it shows them to guests: the Authorization header was lost on the way, or the API role may "
            + "not read these attributes. In Zoey, give the role all resources and all attributes, and look at what stands before the store.",
            200);

    private static List<ZoeyStock> Stock(IReadOnlyList<ZoeyRecord> records) => records.Where(IsRecord).Select(record => CatalogReader.Stock(record.Json)).OfType<ZoeyStock>().ToList();

    private async IAsyncEnumerable<IReadOnlyList<T>> ListAsync<T>(
        int storeId, ZoeyResource resource, ZoeyQuery query, Func<IReadOnlyList<ZoeyRecord>, List<T>> read, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var store = await stores.RequireAsync(storeId, cancellationToken);
        var pages = pager.ReadToEndAsync(store, resource, query.With("order", resource.IdNames[0]).With("dir", "asc"), cancellationToken).GetAsyncEnumerator(cancellationToken);
        try
        {
            bool hasPage;
            try
            {
                hasPage = await pages.MoveNextAsync();
            }
            catch (ZoeyException exception) when (exception.HttpStatus == 400 && exception.Message.Contains("order", StringComparison.OrdinalIgnoreCase))
            {
                // Not every resource can be sorted by its id.
                await pages.DisposeAsync();
                pages = pager.ReadToEndAsync(store, resource, query, cancellationToken).GetAsyncEnumerator(cancellationToken);
                hasPage = await pages.MoveNextAsync();
            }

            for (; hasPage; hasPage = await pages.MoveNextAsync())
                yield return read(pages.Current);
        }
        finally
        {
            await pages.DisposeAsync();
        }
    }

    /// <summary>Null when the store says that there is no such record.</summary>
    private async Task<JsonDocument?> FindAsync(int storeId, ZoeyResource resource, string id, CancellationToken cancellationToken)
    {
        try
        {
            return await http.GetAsync(await stores.RequireAsync(storeId, cancellationToken), resource, $"{resource.Path}/{Uri.EscapeDataString(id)}", null, cancellationToken);
        }
        catch (ZoeyException exception) when (exception.Problem == ZoeyProblem.NotFound)
        {
            return null;
        }
    }

    /// <summary>A store may answer the question for one with a list of one.</summary>
    private static JsonElement One(JsonElement answer, ZoeyResource resource)
    {
        var records = ZoeyPager.Records(answer, resource);
        return records is [var only] && only.Json.ValueKind == JsonValueKind.Object ? only.Json : answer;
    }
}
