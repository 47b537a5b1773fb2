using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Catalog.Reading;

/// <summary>Reads the store's product list, which the Products and the Variants run share.</summary>
internal sealed class ProductListing(IZoeyClient zoey, TimeProvider time)
{
    private static readonly TimeSpan s_fresh = TimeSpan.FromHours(2);

    /// <summary>The number of a listing that was read to its end less than two hours ago; null when there is none.</summary>
    public Task<long?> FindFreshAsync(RunContext context, CancellationToken stop) => context.ReadAsync(
        async db =>
        {
            var listing = await db.CatalogListings.SingleOrDefaultAsync(row => row.StoreId == context.StoreId, stop);
            return listing?.WholeUtc > time.GetUtcNow() - s_fresh && listing.WholeNumber == listing.Number ? listing.WholeNumber : (long?)null;
        },
        stop);

    /// <summary>Reads it to its end, a page at a time; products that it no longer has are forgotten then.</summary>
    /// <param name="takePage">With the ids of the page's products, once they are kept.</param>
    /// <returns>Whether it was read to its end, and was not empty.</returns>
    public async Task<bool> ReadAsync(RunContext context, CatalogProgress progress, Func<IReadOnlyList<string>, Task> takePage, CancellationToken stop)
    {
        var began = time.GetUtcNow();
        progress.Expected ??= await context.ReadAsync(db => db.StoreProducts.CountAsync(row => row.StoreId == context.StoreId, stop), stop) is > 0 and var count ? count : null;
        await CatalogListings.ChangeAsync(context, row => row.Number = context.RunId);
        var read = 0;
        try
        {
            await foreach (var page in zoey.ListProductsAsync(context.StoreId, stop))
            {
                await context.WriteAsync(db => ProductMirror.KeepAsync(db, context.StoreId, context.RunId, page));
                await takePage([.. page.Select(product => product.Id)]);
                read += page.Count;
                stop.ThrowIfCancellationRequested();
            }
        }
        catch (ZoeyException exception)
        {
            progress.MissReading("Products", exception);
            await CatalogListings.ChangeAsync(context, row => row.ProductsProblem = exception.Message);
            return false;
        }

        if (read == 0)
        {
            const string Empty = "The store gave an empty list of products, so nothing is changed and nothing is deleted; look at the store's API.";
            progress.MissFor(Empty);
            await CatalogListings.ChangeAsync(context, row => row.ProductsProblem = Empty);
            return false;
        }

        await context.WriteAsync(async db =>
        {
            await db.StoreProducts.Where(row => row.StoreId == context.StoreId && row.ListingNumber != context.RunId).ExecuteDeleteAsync();
            var row = await CatalogListings.FindAsync(db, context.StoreId);
            (row.WholeUtc, row.WholeNumber, row.ProductsProblem) = (began, context.RunId, null);
        });
        await VariantParents.ResolveAsync(context, stop);
        await CountWithoutVariantsAsync(context, stop);
        return true;
    }

    private static async Task CountWithoutVariantsAsync(RunContext context, CancellationToken stop)
    {
        var count = await context.ReadAsync(
            db => db.StoreProducts.CountAsync(
                row => row.StoreId == context.StoreId && row.TypeId == StoreProduct.Configurable
                    && !db.StoreProducts.Any(variant => variant.StoreId == row.StoreId && variant.ParentId == row.ProductId), stop),
            stop);
        await CatalogListings.ChangeAsync(context, row => row.ProductsWithoutVariants = count);
    }
}
