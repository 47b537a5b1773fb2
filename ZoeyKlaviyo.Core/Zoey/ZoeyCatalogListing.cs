using System.Runtime.CompilerServices;
using System.Text.Json;
using ZoeyKlaviyo.Core.Zoey.Wire;

namespace ZoeyKlaviyo.Core.Zoey;

/// <summary>
/// A store's products, stock and categories, for those who also want to know what is gone: a list is read to a certain end or throws, and a
/// record is absent only when the store says so in its own words.
/// </summary>
internal sealed class ZoeyCatalogListing(IZoeyStores stores, ZoeyHttp http, ZoeyPager pager, ZoeyOptions options)
{
    /// <summary>Within what a database counts to, and beyond what any store got to.</summary>
    private const string NoCategoryId = "999999999";

    private readonly ZoeyResource _products = ZoeyResource.Products(options);
    private readonly ZoeyResource _stock = ZoeyResource.Stock(options);
    private readonly ZoeyResource _categories = ZoeyResource.Categories(options);

    public async IAsyncEnumerable<IReadOnlyList<ZoeyCatalogProduct>> ListProductsAsync(int storeId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var store = await stores.RequireAsync(storeId, cancellationToken);
        await foreach (var page in ReadToEndAsync(store, _products, () => new ZoeyQuery(), "entity_id", cancellationToken))
            yield return [.. page.Select(record => Product(record.Json, IdOf(record)))];
    }

    public async Task<ZoeyCatalogProduct?> FindProductAsync(int storeId, string productId, CancellationToken cancellationToken)
    {
        var store = await stores.RequireAsync(storeId, cancellationToken);
        using var document = await FindAsync(store, _products, productId, cancellationToken);
        if (document is null)
            return null;
        var record = ZoeyPager.Records(document.RootElement, _products).Find(record => record.Id == productId && record.Json.ValueKind == JsonValueKind.Object);
        if (record is null && WireJson.Id(document.RootElement, [.. _products.IdNames]) is not null)
            throw new ZoeyException(ZoeyProblem.Unreadable, $"The store was asked for product {productId} and answered with another one.", 200);
        return Product(record?.Json ?? document.RootElement, productId);
    }

    public async IAsyncEnumerable<IReadOnlyList<ZoeyStock>> ListStockAsync(int storeId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var store = await stores.RequireAsync(storeId, cancellationToken);
        await foreach (var page in ReadToEndAsync(store, _stock, () => new ZoeyQuery(), "item_id", cancellationToken))
            yield return Stock(page);
    }

    public async Task<IReadOnlyList<ZoeyStock>> FindStockAsync(int storeId, IReadOnlyCollection<string> productIds, CancellationToken cancellationToken)
    {
        var store = await stores.RequireAsync(storeId, cancellationToken);
        var stock = new List<ZoeyStock>();
        foreach (var some in productIds.Distinct().Chunk(ZoeyQuery.MaxListValues))
        {
            // Looked at again, since a store that does not know a filter may leave it out.
            var missing = some.ToHashSet();
            await foreach (var page in pager.ReadAsync(store, _stock, new ZoeyQuery().FilterIn("product_id", some), cancellationToken))
            {
                var found = Stock(page).Where(row => some.Contains(row.ProductId)).ToList();
                stock.AddRange(found);
                missing.ExceptWith(found.Select(row => row.ProductId));
                if (missing.Count == 0)
                    break;
            }
        }

        return stock;
    }

    public async Task<IReadOnlyList<ZoeyCategory>> ListCategoriesAsync(int storeId, CancellationToken cancellationToken)
    {
        var store = await stores.RequireAsync(storeId, cancellationToken);
        var found = new List<(string Id, string? ParentId, string? Name)>();
        await foreach (var page in ReadToEndAsync(store, _categories, () => new ZoeyQuery(), "entity_id", cancellationToken))
            found.AddRange(page.SelectMany(record => CatalogReader.Categories(record, _categories)));
        var categories = new List<ZoeyCategory>();
        foreach (var (id, parentId, name) in found.DistinctBy(category => category.Id))
        {
            if (name is not null)
                categories.Add(new ZoeyCategory(id, parentId, name));
            else if (await ReadCategoryAsync(store, id, parentId, cancellationToken) is { } category)
                categories.Add(category);
        }

        return categories;
    }

    public async Task<bool> HasCategoryAsync(int storeId, string categoryId, CancellationToken cancellationToken)
    {
        using var document = await FindAsync(await stores.RequireAsync(storeId, cancellationToken), _categories, categoryId, cancellationToken);
        return document is not null;
    }

    public async Task<bool> CanFilterByCategoryAsync(int storeId, CancellationToken cancellationToken)
    {
        var store = await stores.RequireAsync(storeId, cancellationToken);
        try
        {
            using var document = await http.GetAsync(store, _products, _products.Path, InCategory(NoCategoryId).Page(1, 1), cancellationToken);
            return document.RootElement.ValueKind is JsonValueKind.Array or JsonValueKind.Object or JsonValueKind.Null
                ? ZoeyPager.Records(document.RootElement, _products).Count == 0
                : throw new ZoeyException(ZoeyProblem.Unreadable, "The store's answer with products is no list.", 200);
        }
        catch (ZoeyException exception) when (exception is { HttpStatus: 400 or 404, IsSaidByStore: true })
        {
            return true;
        }
    }

    public async Task<IReadOnlyList<string>> ListProductIdsAsync(int storeId, string categoryId, CancellationToken cancellationToken)
    {
        var store = await stores.RequireAsync(storeId, cancellationToken);
        var ids = new List<string>();
        await foreach (var page in ReadToEndAsync(store, _products, () => InCategory(categoryId).Add("attrs", "entity_id"), "entity_id", cancellationToken))
            ids.AddRange(page.Select(IdOf));
        return ids;
    }

    private static ZoeyQuery InCategory(string id) => new ZoeyQuery().Add("category_id", id);

    /// <summary>In the order of an attribute, unless the store refuses that: then as the store likes.</summary>
    private async IAsyncEnumerable<IReadOnlyList<ZoeyRecord>> ReadToEndAsync(
        ZoeyStore store, ZoeyResource resource, Func<ZoeyQuery> query, string order, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var pages = await ZoeyPages.StartAsync(
            asked => pager.ReadToEndAsync(store, resource, asked, cancellationToken), query().OrderBy(order, "asc"), query());
        if (pages.Refusal is { } refusal)
            throw refusal;
        for (var hasPage = pages.HasPage; hasPage; hasPage = await pages.MoveNextAsync())
            yield return pages.Current;
    }

    /// <summary>Null when the store says that there is none.</summary>
    private async Task<JsonDocument?> FindAsync(ZoeyStore store, ZoeyResource resource, string id, CancellationToken cancellationToken)
    {
        var document = await http.FindAsync(store, resource, $"{resource.Path}/{Uri.EscapeDataString(id)}", cancellationToken);
        if (document is null || (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.EnumerateObject().Any()))
            return document;
        document.Dispose();
        throw new ZoeyException(ZoeyProblem.Unreadable, $"The store was asked for one of its {resource.Name} and answered with something else.", 200);
    }

    /// <summary>Null when it went meanwhile.</summary>
    private async Task<ZoeyCategory?> ReadCategoryAsync(ZoeyStore store, string id, string? parentId, CancellationToken cancellationToken)
    {
        using var document = await FindAsync(store, _categories, id, cancellationToken);
        return document is null ? null
            : new ZoeyCategory(id, WireJson.Id(document.RootElement, "parent_id") ?? parentId, WireJson.Text(document.RootElement, "name") ?? id);
    }

    private ZoeyCatalogProduct Product(JsonElement json, string id)
    {
        if (json.ValueKind != JsonValueKind.Object)
            throw new ZoeyException(ZoeyProblem.Unreadable, "The store's list of products holds something that is no product.", 200);
        return WireJson.Has(json, "status") || WireJson.Has(json, "price")
            ? CatalogReader.CatalogProduct(json, id, options.ParentAttribute)
            : throw new ZoeyException(
                ZoeyProblem.Credentials,
                "The store answered as it answers a guest: with products that have neither a status nor a price. Something between here and the store takes the "
                + "Authorization header away, or the API role may not read these attributes. Let the header through, and in Zoey let the role read all attributes "
                + "of products.",
                200);
    }

    private static List<ZoeyStock> Stock(IReadOnlyList<ZoeyRecord> page)
    {
        var stock = page.Select(record => CatalogReader.Stock(record.Json)).OfType<ZoeyStock>().ToList();
        return stock.Count > 0 ? stock : throw new ZoeyException(
            ZoeyProblem.Forbidden,
            "The store's stock does not say which products it is of. In Zoey, let the API role read the attribute product_id of the inventory.",
            200);
    }

    /// <summary>Of a list of bare ids, the value; what stands for the id of a record that has none is no id.</summary>
    private static string IdOf(ZoeyRecord record) => record.Id != WireJson.RawText(record.Json) ? record.Id
        : WireJson.Scalar(record.Json) is { Length: > 0 } id ? id
        : throw new ZoeyException(ZoeyProblem.Unreadable, "The store's list of products holds one without an id. The API role may not be allowed to read entity_id.", 200);
}
