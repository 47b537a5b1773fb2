using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Orders;

/// <summary>Writes inside whatever the caller holds, such as a run's lease.</summary>
internal delegate Task WriteAsync(Func<AppDbContext, Task> write);

/// <summary>What order lines need to know about products: kept for a day, and asked of the store only for lines that are at hand.</summary>
public sealed class ProductDirectory(Database database, IZoeyClient zoey, CategoryNames categories, TimeProvider time)
{
    private static readonly TimeSpan s_maxAge = TimeSpan.FromDays(1);

    /// <summary>What the store could not tell of a product is asked again as soon.</summary>
    private static readonly TimeSpan s_maxAgeOfParts = TimeSpan.FromHours(1);

    /// <summary>So that little is asked again when the store fails or the run is stopped.</summary>
    private const int ProductsPerRequest = 10;

    private const int MaxIdLength = 40;
    private const int MaxSkuLength = 255;

    /// <summary>What is known already, however old.</summary>
    internal async Task<KnownLines> KnownAsync(int storeId, IReadOnlyCollection<ZoeyOrderLine> lines, CancellationToken cancellationToken)
    {
        var wanted = new WantedProducts(lines, MaxIdLength, MaxSkuLength);
        return wanted.Resolve(await database.ReadAsync(db => ReadAsync(db, storeId, wanted, cancellationToken), cancellationToken));
    }

    /// <summary>Reads from the store what is not known, or a day old, as long as the reading goes on.</summary>
    /// <returns>What is known then, and whether more can be found out later, because the store does not answer now.</returns>
    internal async Task<(KnownLines Lines, bool IsComplete)> ResolveAsync(
        int storeId, IReadOnlyCollection<ZoeyOrderLine> lines, StoreReading reading, WriteAsync write, CancellationToken stop)
    {
        var wanted = new WantedProducts(lines, MaxIdLength, MaxSkuLength);
        var isComplete = await ReadMissingAsync(storeId, wanted, reading, write, stop);
        return (wanted.Resolve(await database.ReadAsync(db => ReadAsync(db, storeId, wanted, stop), stop)), isComplete);
    }

    /// <returns>False when the store could not be asked for all.</returns>
    private async Task<bool> ReadMissingAsync(int storeId, WantedProducts wanted, StoreReading reading, WriteAsync write, CancellationToken stop)
    {
        var freshFrom = time.GetUtcNow() - s_maxAge;
        var known = (await database.ReadAsync(db => ReadAsync(db, storeId, wanted, stop), stop)).Where(product => product.ReadUtc > freshFrom).ToList();
        var ids = wanted.Ids.Except(known.Select(product => product.ProductId)).ToList();
        var skus = wanted.Skus.Except(known.Select(product => product.Sku ?? "")).ToList();
        var isComplete = await KeepAllAsync(ids, zoey.FindProductsAsync) & await KeepAllAsync(skus, zoey.FindProductsBySkuAsync);
        known = (await database.ReadAsync(db => ReadAsync(db, storeId, wanted, stop), stop)).Where(product => product.ReadUtc > freshFrom).ToList();
        var parents = known.Select(product => product.ParentId).OfType<string>().Distinct().Except(known.Select(product => product.ProductId)).ToList();
        return isComplete & await KeepAllAsync(parents, zoey.FindProductsAsync);

        async Task<bool> KeepAllAsync(List<string> keys, Func<int, IReadOnlyCollection<string>, CancellationToken, Task<IReadOnlyList<ZoeyProduct>>> find)
        {
            var isComplete = true;
            foreach (var part in keys.Chunk(ProductsPerRequest))
            {
                var (isTold, products) = await AskAsync(reading, () => find(storeId, part, stop));
                isComplete &= isTold & await KeepAsync(storeId, products ?? [], reading, write, stop);
            }

            return isComplete;
        }
    }

    /// <returns>False when the store stopped answering in between: what it did not tell is asked again.</returns>
    private async Task<bool> KeepAsync(int storeId, IReadOnlyList<ZoeyProduct> products, StoreReading reading, WriteAsync write, CancellationToken stop)
    {
        var usable = products.Where(product => product.Id is { Length: > 0 and <= MaxIdLength }).DistinctBy(product => product.Id).ToList();
        if (usable.Count == 0)
            return true;
        var storefront = await database.ReadAsync(db => db.Stores.Where(store => store.Id == storeId).Select(store => store.StorefrontUrl).SingleAsync(stop), stop);
        var rows = new List<KnownProduct>();
        foreach (var product in usable)
        {
            var row = await DescribeAsync(storeId, storefront, product, reading, stop);
            if (!reading.IsOver)
                rows.Add(row);
        }

        await write(async db =>
        {
            var ids = rows.ConvertAll(row => row.ProductId);
            await db.KnownProducts.Where(row => row.StoreId == storeId && EF.Parameter(ids).Contains(row.ProductId)).ExecuteDeleteAsync(CancellationToken.None);
            db.KnownProducts.AddRange(rows);
        });
        return rows.Count == usable.Count;
    }

    private async Task<KnownProduct> DescribeAsync(int storeId, string storefront, ZoeyProduct product, StoreReading reading, CancellationToken stop)
    {
        var parentId = product.ParentId is { Length: > 0 and <= MaxIdLength } id && id != product.Id ? id : null;
        // A variant is sold under its product's page, picture and categories.
        var (isImageTold, image) = parentId is null ? await AskAsync(reading, () => zoey.FindImageAsync(storeId, product.Id, stop)) : (true, null);
        var (areNamesTold, names) = parentId is null ? await AskAsync(reading, () => categories.OfProductAsync(storeId, product.Id, stop)) : (true, null);
        return new KnownProduct
        {
            StoreId = storeId,
            ProductId = product.Id,
            Sku = KlaviyoText.Clean(product.Sku) is { Length: <= MaxSkuLength } sku ? sku : null,
            ParentId = parentId,
            Name = KlaviyoText.Clean(product.Name),
            Url = KlaviyoText.Clean(product.UrlKey) is { } key ? $"{storefront}/{key}.html" : null,
            ImageUrl = KlaviyoText.Clean(image),
            Brand = KlaviyoText.Clean(product.Brand),
            Categories = JsonSerializer.Serialize(names ?? []),
            ReadUtc = isImageTold && areNamesTold ? time.GetUtcNow() : time.GetUtcNow() - s_maxAge + s_maxAgeOfParts,
        };
    }

    /// <returns>Whether the store has told all it will, and what; null where it tells nothing.</returns>
    private static async Task<(bool IsTold, T? Answer)> AskAsync<T>(StoreReading reading, Func<Task<T>> ask)
        where T : class?
    {
        if (reading.IsOver)
            return (false, null);
        try
        {
            return (true, await ask());
        }
        catch (ZoeyException exception)
        {
            if (exception.IsTransient)
                reading.Failed(exception);
            return (!exception.IsTransient, null);
        }
    }

    private static async Task<List<KnownProduct>> ReadAsync(AppDbContext db, int storeId, WantedProducts wanted, CancellationToken cancellationToken)
    {
        var (ids, skus) = (wanted.Ids, wanted.Skus);
        var found = await db.KnownProducts
            .Where(product => product.StoreId == storeId
                && (EF.Parameter(ids).Contains(product.ProductId) || (product.Sku != null && EF.Parameter(skus).Contains(product.Sku))))
            .ToListAsync(cancellationToken);
        await TakeCatalogsParentsAsync(db, storeId, found, cancellationToken);
        var parents = found.Select(product => product.ParentId).OfType<string>().Distinct().Except(found.Select(product => product.ProductId)).ToList();
        if (parents.Count > 0)
            found.AddRange(await db.KnownProducts.Where(product => product.StoreId == storeId && EF.Parameter(parents).Contains(product.ProductId)).ToListAsync(cancellationToken));
        return found;
    }

    /// <summary>
    /// A variant's product as the catalog has it: also by an uploaded export or by SKUs, where the store itself does not tell, or tells a SKU.
    /// An event with another id would not find its catalog item.
    /// </summary>
    private static async Task TakeCatalogsParentsAsync(AppDbContext db, int storeId, List<KnownProduct> found, CancellationToken cancellationToken)
    {
        var ids = found.ConvertAll(product => product.ProductId);
        var parents = ids.Count == 0 ? [] : await db.StoreProducts
            .Where(row => row.StoreId == storeId && row.ParentId != null && EF.Parameter(ids).Contains(row.ProductId))
            .ToDictionaryAsync(row => row.ProductId, row => row.ParentId, cancellationToken);
        foreach (var product in found.Where(product => parents.ContainsKey(product.ProductId)))
            product.ParentId = parents[product.ProductId];
    }
}
