using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Orders;

/// <summary>Writes inside whatever the caller holds, such as a run's lease.</summary>
internal delegate Task WriteAsync(Func<AppDbContext, Task> write);

/// <summary>What order lines need to know about products: kept for a day, and asked of the store only for lines that are at hand.</summary>
public sealed class ProductDirectory(Database database, IZoeyClient zoey, CategoryNames categories, TimeProvider time)
{
    private static readonly TimeSpan s_maxAge = TimeSpan.FromDays(1);

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

    /// <summary>Reads from the store what is not known, or a day old.</summary>
    /// <returns>What is known then, and whether more can be found out later, because the store does not answer now.</returns>
    internal async Task<(KnownLines Lines, bool IsComplete)> ResolveAsync(
        int storeId, IReadOnlyCollection<ZoeyOrderLine> lines, WriteAsync write, CancellationToken stop)
    {
        var wanted = new WantedProducts(lines, MaxIdLength, MaxSkuLength);
        var isComplete = true;
        try
        {
            await ReadMissingAsync(storeId, wanted, write, stop);
        }
        catch (ZoeyException exception) when (exception.IsTransient)
        {
            isComplete = false;
        }

        return (wanted.Resolve(await database.ReadAsync(db => ReadAsync(db, storeId, wanted, stop), stop)), isComplete);
    }

    private async Task ReadMissingAsync(int storeId, WantedProducts wanted, WriteAsync write, CancellationToken stop)
    {
        var freshFrom = time.GetUtcNow() - s_maxAge;
        var known = (await database.ReadAsync(db => ReadAsync(db, storeId, wanted, stop), stop)).Where(product => product.ReadUtc > freshFrom).ToList();
        var ids = wanted.Ids.Except(known.Select(product => product.ProductId)).ToList();
        var skus = wanted.Skus.Except(known.Select(product => product.Sku ?? "")).ToList();
        foreach (var part in ids.Chunk(ProductsPerRequest))
            await KeepAsync(storeId, await AskAsync(() => zoey.FindProductsAsync(storeId, part, stop)), write, stop);
        foreach (var part in skus.Chunk(ProductsPerRequest))
            await KeepAsync(storeId, await AskAsync(() => zoey.FindProductsBySkuAsync(storeId, part, stop)), write, stop);
        known = (await database.ReadAsync(db => ReadAsync(db, storeId, wanted, stop), stop)).Where(product => product.ReadUtc > freshFrom).ToList();
        var parents = known.Select(product => product.ParentId).OfType<string>().Distinct().Except(known.Select(product => product.ProductId)).ToList();
        foreach (var part in parents.Chunk(ProductsPerRequest))
            await KeepAsync(storeId, await AskAsync(() => zoey.FindProductsAsync(storeId, part, stop)), write, stop);
    }

    private async Task KeepAsync(int storeId, IReadOnlyList<ZoeyProduct>? products, WriteAsync write, CancellationToken stop)
    {
        var usable = (products ?? []).Where(product => product.Id is { Length: > 0 and <= MaxIdLength }).DistinctBy(product => product.Id).ToList();
        if (usable.Count == 0)
            return;
        var storefront = await database.ReadAsync(db => db.Stores.Where(store => store.Id == storeId).Select(store => store.StorefrontUrl).SingleAsync(stop), stop);
        var rows = new List<KnownProduct>();
        foreach (var product in usable)
            rows.Add(await DescribeAsync(storeId, storefront, product, stop));
        await write(async db =>
        {
            var ids = rows.ConvertAll(row => row.ProductId);
            await db.KnownProducts.Where(row => row.StoreId == storeId && EF.Parameter(ids).Contains(row.ProductId)).ExecuteDeleteAsync(CancellationToken.None);
            db.KnownProducts.AddRange(rows);
        });
    }

    private async Task<KnownProduct> DescribeAsync(int storeId, string storefront, ZoeyProduct product, CancellationToken stop)
    {
        var parentId = product.ParentId is { Length: > 0 and <= MaxIdLength } id && id != product.Id ? id : null;
        // A variant is sold under its product's page, picture and categories.
        var image = parentId is null ? await AskAsync(() => zoey.FindImageAsync(storeId, product.Id, stop)) : null;
        var names = parentId is null ? await AskAsync(() => categories.OfProductAsync(storeId, product.Id, stop)) : null;
        return new KnownProduct
        {
            StoreId = storeId,
            ProductId = product.Id,
            Sku = OrderText.Clean(product.Sku) is { Length: <= MaxSkuLength } sku ? sku : null,
            ParentId = parentId,
            Name = OrderText.Clean(product.Name),
            Url = OrderText.Clean(product.UrlKey) is { } key ? $"{storefront}/{key}.html" : null,
            ImageUrl = OrderText.Clean(image),
            Brand = OrderText.Clean(product.Brand),
            Categories = JsonSerializer.Serialize(names ?? []),
            ReadUtc = time.GetUtcNow(),
        };
    }

    /// <summary>Null where the store will not tell, now or later: the event then goes without it.</summary>
    private static async Task<T?> AskAsync<T>(Func<Task<T>> ask)
        where T : class?
    {
        try
        {
            return await ask();
        }
        catch (ZoeyException exception) when (!exception.IsTransient)
        {
            return null;
        }
    }

    private static async Task<List<KnownProduct>> ReadAsync(AppDbContext db, int storeId, WantedProducts wanted, CancellationToken cancellationToken)
    {
        var (ids, skus) = (wanted.Ids, wanted.Skus);
        var found = await db.KnownProducts
            .Where(product => product.StoreId == storeId
                && (EF.Parameter(ids).Contains(product.ProductId) || (product.Sku != null && EF.Parameter(skus).Contains(product.Sku))))
            .ToListAsync(cancellationToken);
        var parents = found.Select(product => product.ParentId).OfType<string>().Distinct().Except(found.Select(product => product.ProductId)).ToList();
        if (parents.Count > 0)
            found.AddRange(await db.KnownProducts.Where(product => product.StoreId == storeId && EF.Parameter(parents).Contains(product.ProductId)).ToListAsync(cancellationToken));
        return found;
    }
}
