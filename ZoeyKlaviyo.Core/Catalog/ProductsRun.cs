using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ZoeyKlaviyo.Core.Catalog.Reading;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Catalog;

internal sealed class ProductsRun(
    IZoeyClient zoey, ProductListing listing, ProductImages images, CategoryLinkReading links, CatalogServices services, IOptions<ZoeyOptions> options)
    : CatalogRun(CatalogKind.Item, zoey, services, options)
{
    public override SyncKind Kind => SyncKind.Products;

    protected override async Task ReadAsync(
        RunContext context, CatalogSituation situation, CatalogProgress progress, CatalogContent content, CancellationToken stop)
    {
        var comparison = Comparison(context, situation, progress, content);
        await links.ReadAsync(context, situation, progress, stop);
        var isWhole = await listing.ReadAsync(
            context, progress,
            async page =>
            {
                await images.ReadNewAsync(context, progress, page, stop);
                await comparison.CompareListedItemsAsync(page);
            },
            stop);
        if (!isWhole)
            return;
        progress.IsComparing = true;
        await comparison.CompareRestAsync(CatalogKind.Item, context.RunId, ids => comparison.CompareItemsAsync(ids), stop);
        await DecideDeletionsAsync(context, situation, progress, async id => !await IsListedAsync(context, id, stop) && await Zoey.FindProductAsync(context.StoreId, id, stop) is not null, stop);
        progress.IsComparing = false;
        await foreach (var changed in images.ReadRestAsync(context, progress, stop))
            await comparison.CompareItemsAsync(changed);
    }

    /// <summary>Then it is a variant now.</summary>
    private static Task<bool> IsListedAsync(RunContext context, string productId, CancellationToken stop) => context.ReadAsync(
        db => db.StoreProducts.AnyAsync(product => product.StoreId == context.StoreId && product.ProductId == productId && product.ListingNumber == context.RunId, stop), stop);
}
