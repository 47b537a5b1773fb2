using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Catalog.Reading;

/// <summary>
/// Which product a variant belongs to, once the whole list is known: by the store's parent attribute, else by an uploaded export of the
/// products, else, where the store names no parents at all, by its SKU, which begins with its product's.
/// </summary>
internal static class VariantParents
{
    private const int BatchSize = 500;
    private static readonly char[] s_separators = ['-', '_', '.', '/', ' '];

    /// <returns>How many products became variants, or variants products.</returns>
    public static async Task<int> ResolveAsync(RunContext context, CancellationToken stop)
    {
        var hasAttribute = await context.ReadAsync(db => Of(db, context).AnyAsync(row => row.ParentReference != null, stop), stop);
        var (last, changed) = ("", 0);
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            var (lastId, count) = await context.WriteAsync((db, _) => ResolveAsync(db, context, last, hasAttribute), CancellationToken.None);
            changed += count;
            if (lastId is null)
                return changed;
            last = lastId;
        }
    }

    /// <summary>Whether it can't be told before the list is read to its end if it is a product or a variant.</summary>
    public static bool IsOpen(StoreProduct product) => product is { ParentReference: null, IsVisible: false, IsConfigurable: false };

    private static IQueryable<StoreProduct> Of(AppDbContext db, RunContext context) => db.StoreProducts.Where(row => row.StoreId == context.StoreId);

    private static async Task<(string?, int)> ResolveAsync(AppDbContext db, RunContext context, string last, bool hasAttribute)
    {
#pragma warning disable CA1309 // it is the database that compares
        var rows = await Of(db, context).AsTracking()
            .Where(row => string.Compare(row.ProductId, last) > 0 && (row.ParentReference != null || row.ParentId != null || !row.IsVisible
                || db.VariantLinks.Any(link => link.StoreId == row.StoreId && link.Sku == row.Sku)))
            .OrderBy(row => row.ProductId).Take(BatchSize).ToListAsync();
#pragma warning restore CA1309
        if (rows.Count == 0)
            return (null, 0);
        var skus = rows.Select(row => row.Sku).OfType<string>().ToList();
        var links = await db.VariantLinks.Where(link => link.StoreId == context.StoreId && EF.Parameter(skus).Contains(link.Sku)).ToDictionaryAsync(link => link.Sku, link => link.ParentSku);
        var parents = await ParentsAsync(db, context, [.. rows.SelectMany(row => References(row, links, hasAttribute)).Distinct()]);
        var changed = 0;
        foreach (var row in rows)
        {
            var parent = References(row, links, hasAttribute).Select(reference => parents.GetValueOrDefault(reference)).FirstOrDefault(id => id is not null && id != row.ProductId);
            // A product that the list does not have, or not any more: the variant waits for it.
            parent ??= row.ParentReference is { Length: <= StoreProduct.MaxIdLength } reference ? reference : null;
            if (row.ParentId == parent)
                continue;
            row.ParentId = parent;
            changed++;
        }

        return (rows[^1].ProductId, changed);
    }

    /// <summary>Ids and SKUs that may name its product, the likeliest first.</summary>
    private static IEnumerable<string> References(StoreProduct row, Dictionary<string, string> links, bool hasAttribute)
    {
        if (row.ParentReference is { } reference)
            return [reference];
        if (row.Sku is not { } sku || row.IsConfigurable)
            return [];
        if (links.TryGetValue(sku, out var parent))
            return [parent];
        return hasAttribute || row.IsVisible ? [] : Beginnings(sku);
    }

    /// <summary>Of <c>TEE-RED-M</c>: <c>TEE-RED</c>, then <c>TEE</c>.</summary>
    private static IEnumerable<string> Beginnings(string sku)
    {
        for (var end = sku.LastIndexOfAny(s_separators); end > 0; end = sku.LastIndexOfAny(s_separators, end - 1))
            yield return sku[..end];
    }

    /// <summary>Products by what names them: configurable ones, as others have no variants.</summary>
    private static async Task<Dictionary<string, string>> ParentsAsync(AppDbContext db, RunContext context, List<string> references)
    {
        var configurable = Of(db, context).Where(row => row.TypeId == "configurable");
        // Two questions, as either has an index and both together have none.
        var byId = await configurable.Where(row => EF.Parameter(references).Contains(row.ProductId)).Select(row => new { row.ProductId, row.Sku }).ToListAsync();
        var bySku = await configurable.Where(row => EF.Parameter(references).Contains(row.Sku!)).Select(row => new { row.ProductId, row.Sku }).ToListAsync();
        var found = byId.Union(bySku).ToList();
        var byReference = found.Where(row => row.Sku is not null).OrderBy(row => row.ProductId, StringComparer.Ordinal).DistinctBy(row => row.Sku).ToDictionary(row => row.Sku!, row => row.ProductId);
        foreach (var row in found)
            byReference[row.ProductId] = row.ProductId;
        return byReference;
    }
}
