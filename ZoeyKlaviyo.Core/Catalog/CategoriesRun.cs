using Microsoft.Extensions.Options;
using ZoeyKlaviyo.Core.Catalog.Reading;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Catalog;

internal sealed class CategoriesRun(IZoeyClient zoey, CatalogServices services, IOptions<ZoeyOptions> options)
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
            categories = await Zoey.ListCategoriesAsync(context.StoreId, stop);
        }
        catch (ZoeyException exception)
        {
            progress.MissReading("Categories", exception);
            await CatalogListings.ChangeAsync(context, row => row.CategoriesProblem = exception.Message);
            return;
        }

        var tree = new CategoryTree(categories);
        if (categories.Count == 0)
        {
            const string Empty = "The store gave an empty list of categories, so nothing is changed and nothing is deleted; look at the store's API.";
            progress.MissFor(Empty);
            await CatalogListings.ChangeAsync(context, row => row.CategoriesProblem = Empty);
            return;
        }

        await CatalogListings.ChangeAsync(context, row => row.CategoriesProblem = null);

        var comparison = Comparison(context, situation, progress, content);
        foreach (var ids in tree.Ids.Chunk(BatchSize))
            await comparison.CompareCategoriesAsync(tree, ids);

        progress.IsComparing = true;
        var listed = categories.Select(category => category.Id).ToHashSet();
        // One that became a root is listed, and no longer shown to shoppers.
        await DecideDeletionsAsync(
            context, situation, progress, async id => !listed.Contains(id) && await Zoey.HasCategoryAsync(context.StoreId, id, stop), stop);
    }
}
