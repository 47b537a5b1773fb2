using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ZoeyKlaviyo.Core.Catalog.Reading;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Catalog;

internal sealed class VariantsRun(IZoeyClient zoey, ProductListing listing, CatalogServices services, IOptions<ZoeyOptions> options)
    : CatalogRun(CatalogKind.Variant, zoey, services, options)
{
    public override SyncKind Kind => SyncKind.Variants;

    protected override async Task ReadAsync(
        RunContext context, CatalogSituation situation, CatalogProgress progress, CatalogContent content, CancellationToken stop)
    {
        var comparison = Comparison(context, situation, progress, content);
        // The Products run has just read the same list.
        var number = await listing.FindFreshAsync(context, stop);
        if (number is null)
        {
            if (!await listing.ReadAsync(context, progress, _ => Task.CompletedTask, stop))
                return;
            number = context.RunId;
        }

        await ReadStockAsync(context, progress, comparison, stop);
        progress.IsComparing = true;
        await comparison.CompareRestAsync(CatalogKind.Variant, number.Value, ids => comparison.CompareVariantsAsync(ids, ids.Count), stop);
        await DecideDeletionsAsync(context, situation, progress, async id => !await IsListedAsync(context, id, number.Value, stop) && await Zoey.FindProductAsync(context.StoreId, id, stop) is not null, stop);
    }

    private async Task ReadStockAsync(RunContext context, CatalogProgress progress, CatalogComparison comparison, CancellationToken stop)
    {
        try
        {
            await foreach (var page in Zoey.ListStockAsync(context.StoreId, stop))
            {
                var rows = page.Where(stock => stock.ProductId.Length <= StoreProduct.MaxIdLength).DistinctBy(stock => stock.ProductId).ToDictionary(stock => stock.ProductId);
                await context.WriteAsync(db => StockBook.KeepAsync(db, context.StoreId, rows));
                await comparison.CompareVariantsAsync([.. rows.Keys], rows.Count);
                stop.ThrowIfCancellationRequested();
            }

            await CatalogListings.ChangeAsync(context, row => row.StockProblem = null);
        }
        catch (ZoeyException exception) when (exception.Problem is ZoeyProblem.NoSuchEndpoint or ZoeyProblem.Forbidden)
        {
            progress.Remark = $"Stock is not available, so variants are shown whatever is left: {exception.Message}";
            await CatalogListings.ChangeAsync(context, row => row.StockProblem = progress.Remark);
        }
        catch (ZoeyException exception)
        {
            var problem = $"Stock could not be read to its end, so some variants keep what was read before: {exception.Message}";
            progress.MissFor(problem);
            await CatalogListings.ChangeAsync(context, row => row.StockProblem = problem);
        }
    }

    /// <summary>Then it is a product with variants now.</summary>
    private static Task<bool> IsListedAsync(RunContext context, string productId, long number, CancellationToken stop) => context.ReadAsync(
        db => db.StoreProducts.AnyAsync(product => product.StoreId == context.StoreId && product.ProductId == productId && product.ListingNumber == number, stop), stop);
}
