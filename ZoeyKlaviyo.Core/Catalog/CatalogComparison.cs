using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Catalog.Reading;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Catalog;

/// <summary>Compares products of the store's list with what Klaviyo holds, a part at a time.</summary>
internal sealed class CatalogComparison(RunContext context, CatalogSituation situation, CatalogProgress progress, CatalogContent content, TimeProvider time)
{
    private const int BatchSize = 200;

    /// <summary>Products that were just listed, as far as they are items whatever else the list holds.</summary>
    public Task CompareListedItemsAsync(IReadOnlyList<string> productIds) => WriteAsync(productIds.Count, CatalogKind.Item, async db =>
    {
        var products = (await Products(db, productIds).ToListAsync()).FindAll(product => product.ParentId is null && product.ParentReference is null && !VariantParents.IsOpen(product));
        var skus = products.ConvertAll(product => product.Sku);
        var linked = await db.VariantLinks.Where(link => link.StoreId == context.StoreId && EF.Parameter(skus).Contains(link.Sku)).Select(link => link.Sku).ToHashSetAsync();
        return await ItemsAsync(db, products.FindAll(product => product.Sku is null || !linked.Contains(product.Sku)));
    });

    /// <returns>Whether the tree has any of them.</returns>
    public async Task<bool> CompareCategoriesAsync(CategoryTree tree, IReadOnlyCollection<string> ids)
    {
        var shown = ids.Where(id => id.Length is > 0 and <= StoreProduct.MaxIdLength && tree.Ids.Contains(id)).ToList();
        await WriteAsync(ids.Count, CatalogKind.Category, _ => Task.FromResult(shown.ConvertAll(id => content.Category(id, tree.Breadcrumb(id)))));
        return shown.Count > 0;
    }

    public Task CompareItemsAsync(IReadOnlyList<string> productIds, int read = 0) =>
        WriteAsync(read, CatalogKind.Item, async db => await ItemsAsync(db, await Products(db, productIds).Where(product => product.ParentId == null).ToListAsync()));

    public Task CompareVariantsAsync(IReadOnlyList<string> productIds, int read) =>
        WriteAsync(read, CatalogKind.Variant, async db => await VariantsAsync(db, await Products(db, productIds).ToListAsync()));

    /// <summary>The products of a listing that this run has not compared yet.</summary>
    public async Task CompareRestAsync(CatalogKind kind, long listingNumber, Func<IReadOnlyList<string>, Task> compare, CancellationToken stop)
    {
        for (var last = ""; ;)
        {
            stop.ThrowIfCancellationRequested();
            var (ids, compared) = await context.ReadAsync(db => ReadRestAsync(db, kind, listingNumber, last, stop), stop);
            if (ids.Count == 0)
                return;
            last = ids[^1];
            if (ids.FindAll(id => !compared.Contains(id)) is { Count: > 0 } rest)
                await compare(rest);
        }
    }

    /// <summary>
    /// In two questions: as one, a database that does not know yet how large its tables have become asks for the second answer row by row, without
    /// an index for it.
    /// </summary>
    private async Task<(List<string> Ids, HashSet<string> Compared)> ReadRestAsync(
        AppDbContext db, CatalogKind kind, long listingNumber, string last, CancellationToken stop)
    {
#pragma warning disable CA1309 // it is the database that compares
        var ids = await db.StoreProducts
            .Where(product => product.StoreId == context.StoreId && string.Compare(product.ProductId, last) > 0 && product.ListingNumber == listingNumber
                && (kind == CatalogKind.Item ? product.ParentId == null : product.ParentId != null || product.TypeId != "configurable"))
            .OrderBy(product => product.ProductId).Select(product => product.ProductId).Take(BatchSize).ToListAsync(stop);
#pragma warning restore CA1309
        var compared = await CatalogBook.Of(db, situation, kind).Where(row => EF.Parameter(ids).Contains(row.RecordId) && row.SeenRunId == context.RunId)
            .Select(row => row.RecordId).ToHashSetAsync(stop);
        return (ids, compared);
    }

    private IQueryable<StoreProduct> Products(AppDbContext db, IReadOnlyList<string> productIds) =>
        db.StoreProducts.Where(product => product.StoreId == context.StoreId && EF.Parameter(productIds).Contains(product.ProductId));

    private async Task<List<DesiredRecord>> ItemsAsync(AppDbContext db, List<StoreProduct> products)
    {
        var links = await CategoryLinkReading.OfAsync(db, situation, products.ConvertAll(product => product.ProductId));
        return products.ConvertAll(product => content.Item(product, links[product.ProductId]));
    }

    private async Task<List<DesiredRecord>> VariantsAsync(AppDbContext db, List<StoreProduct> products)
    {
        var parentIds = products.Select(product => product.ParentId).OfType<string>().Distinct().ToList();
        var parents = await Products(db, parentIds).ToDictionaryAsync(product => product.ProductId);
        return
        [
            .. from product in products
               where product.ParentId is not null || !product.IsConfigurable
               let parentId = product.ParentId ?? product.ProductId
               select content.Variant(product, product.ParentId is null ? product : parents.GetValueOrDefault(parentId), parentId),
        ];
    }

    private Task WriteAsync(int read, CatalogKind kind, Func<AppDbContext, Task<List<DesiredRecord>>> desired) => context.WriteAsync(
        async (db, run) =>
        {
            var unchanged = await CatalogBook.CompareAsync(db, run, situation, kind, await desired(db), time.GetUtcNow());
            await db.SaveChangesAsync();
            progress.AddRead(read, unchanged);
            progress.Show(run);
            return true;
        },
        CancellationToken.None);
}
