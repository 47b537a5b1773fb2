using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Catalog.Reading;

/// <summary>
/// Which products are in which categories, by one filtered sweep of the product list a category. A category whose sweep is not read to its end
/// keeps its products.
/// </summary>
internal sealed class CategoryLinkReading(IZoeyClient zoey)
{
    private const int BatchSize = 500;

    /// <summary>Reads the categories that Klaviyo has.</summary>
    public async Task ReadAsync(RunContext context, CatalogSituation situation, CatalogProgress progress, CancellationToken stop)
    {
        var categories = await context.ReadAsync(
            db => CatalogBook.Of(db, situation, CatalogKind.Category).Where(row => row.IsInKlaviyo).OrderBy(row => row.Id).Select(row => new { row.RecordId, row.IsGone }).ToListAsync(stop), stop);
        await ForgetOthersAsync(context, categories.ConvertAll(category => category.RecordId));
        if (categories.Count == 0)
            return;
        try
        {
            if (!await zoey.CanFilterByCategoryAsync(context.StoreId, stop))
            {
                const string Ignored = "Not available: which products are in a category, as the store's product list does not obey category_id. Products keep the categories that they have in Klaviyo.";
                progress.MissFor(Ignored);
                await CatalogListings.ChangeAsync(context, row => row.CategoryLinksProblem = Ignored);
                return;
            }

            // Those that the store no longer has keep their products until they are deleted in Klaviyo, too.
            foreach (var category in categories.Where(category => !category.IsGone))
            {
                stop.ThrowIfCancellationRequested();
                await ReadAsync(context, category.RecordId, progress, stop);
            }

            await CatalogListings.ChangeAsync(context, row => row.CategoryLinksProblem = null);
        }
        catch (ZoeyException exception)
        {
            var problem = $"Not all categories' products could be read, so some products keep the categories that they have in Klaviyo: {exception.Message}";
            progress.MissFor(problem);
            await CatalogListings.ChangeAsync(context, row => row.CategoryLinksProblem = problem);
        }
    }

    private async Task ReadAsync(RunContext context, string category, CatalogProgress progress, CancellationToken stop)
    {
        try
        {
            await KeepAsync(context, category, await zoey.ListProductIdsAsync(context.StoreId, category, stop));
        }
        catch (ZoeyException exception) when (exception is { HttpStatus: 400 or 404, IsSaidByStore: true })
        {
            // It went after the categories were read; the others are there all the same.
            progress.MissFor($"Not all categories' products could be read, so some products keep the categories that they have in Klaviyo: {exception.Message}");
        }
    }

    /// <summary>Those of the products that Klaviyo has as categories, by their ids there, by product.</summary>
    public static async Task<ILookup<string, string>> OfAsync(AppDbContext db, CatalogSituation situation, IReadOnlyCollection<string> productIds)
    {
        var links = await db.CategoryLinks
            .Where(link => link.StoreId == situation.StoreId && EF.Parameter(productIds).Contains(link.ProductId))
            .Join(
                CatalogBook.Of(db, situation, CatalogKind.Category).Where(row => row.IsInKlaviyo),
                link => link.CategoryId, row => row.RecordId, (link, row) => new { link.ProductId, ExternalId = row.KlaviyoExternalId ?? row.ExternalId })
            .ToListAsync();
        return links.ToLookup(link => link.ProductId, link => link.ExternalId);
    }

    private static async Task KeepAsync(RunContext context, string category, IReadOnlyList<string> productIds)
    {
        var wanted = productIds.Where(id => id.Length is > 0 and <= StoreProduct.MaxIdLength).ToHashSet();
        var known = await context.ReadAsync(
            db => db.CategoryLinks.Where(link => link.StoreId == context.StoreId && link.CategoryId == category).Select(link => link.ProductId).ToListAsync(), CancellationToken.None);
        foreach (var lost in known.Where(id => !wanted.Contains(id)).Chunk(BatchSize))
        {
            await context.WriteAsync(db => db.CategoryLinks
                .Where(link => link.StoreId == context.StoreId && link.CategoryId == category && EF.Parameter(lost).Contains(link.ProductId))
                .ExecuteDeleteAsync());
        }

        wanted.ExceptWith(known);
        foreach (var added in wanted.Chunk(BatchSize))
        {
            await context.WriteAsync(db =>
            {
                db.CategoryLinks.AddRange(added.Select(id => new CategoryLink { StoreId = context.StoreId, CategoryId = category, ProductId = id }));
                return Task.CompletedTask;
            });
        }
    }

    private static Task ForgetOthersAsync(RunContext context, List<string> categories) => context.WriteAsync(db => db.CategoryLinks
        .Where(link => link.StoreId == context.StoreId && !EF.Parameter(categories).Contains(link.CategoryId))
        .ExecuteDeleteAsync());
}
