using Microsoft.Extensions.Options;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Catalog;

internal sealed class CategoriesRun(IZoeyClient zoey, ZoeyCatalogClient catalog, CatalogServices services, IOptions<ZoeyOptions> options)
    : CatalogRun(CatalogKind.Category, zoey, services, options)
{
    private const int BatchSize = 200;

    public override SyncKind Kind => SyncKind.Categories;

    protected override async Task ReadAsync(
        RunContext context, CatalogSituation situation, CatalogProgress progress, CatalogContent content, CancellationToken stop)
    {
        IReadOnlyList<ZoeyCategory> categories;
        try
        {
            categories = await catalog.ListCategoriesAsync(context.StoreId, stop);
        }
        catch (ZoeyException exception)
        {
            progress.MissReading("Categories", exception);
            return;
        }

        var tree = new CategoryTree(categories);
        if (categories.Count == 0)
        {
            progress.MissFor("The store gave an empty list of categories, so nothing is changed and nothing is deleted; look at the store's API.");
            return;
        }

        foreach (var ids in tree.Ids.Where(id => id.Length is > 0 and <= StoreProduct.MaxIdLength).Chunk(BatchSize))
        {
            await context.WriteAsync(
                async (db, run) =>
                {
                    var desired = ids.Select(id => content.Category(id, tree.Breadcrumb(id))).ToList();
                    progress.AddRead(ids.Length, await CatalogBook.CompareAsync(db, run, situation, CatalogKind.Category, desired, Time.GetUtcNow()));
                    await db.SaveChangesAsync(CancellationToken.None);
                    progress.Show(run);
                    return true;
                },
                CancellationToken.None);
        }

        var listed = categories.Select(category => category.Id).ToHashSet();
        // One that became a root is listed, and no longer shown to shoppers.
        await DecideDeletionsAsync(
            context, situation, progress, async id => !listed.Contains(id) && await catalog.HasCategoryAsync(context.StoreId, id, stop), stop);
    }
}
