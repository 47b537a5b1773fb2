using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Catalog.Reading;

/// <summary>
/// The pictures of products, one call each: of new and changed ones, and of a thirtieth of all a day in rotation (at most 1,500), as no list says
/// whether a picture has changed.
/// </summary>
internal sealed class ProductImages(IZoeyClient zoey, TimeProvider time)
{
    /// <summary>So many are read while the list is, so that a small store's products are sent once, with their pictures.</summary>
    private const int AtOnce = 1000;

    private const int Rotation = 30;

    /// <summary>A day, in rotation: with the pages of a list of 100,000 products, their stock and their categories, the store gets under 6,000 requests.</summary>
    private const int MostInTurn = 1500;

    private const int MaxAddressBytes = 2000;
    private static readonly TimeSpan s_fresh = TimeSpan.FromHours(20);

    /// <summary>Of products that were just listed, as long as the run may read some at once.</summary>
    public async Task ReadNewAsync(RunContext context, CatalogProgress progress, IReadOnlyCollection<string> productIds, CancellationToken stop)
    {
        if (progress.ImagesRead >= AtOnce)
            return;
        var wanted = await context.ReadAsync(
            db => db.StoreProducts
                .Where(row => row.StoreId == context.StoreId && EF.Parameter(productIds).Contains(row.ProductId) && row.ImageReadUtc == null && row.ParentReference == null && row.ParentId == null)
                .Select(row => row.ProductId).ToListAsync(stop),
            stop);
        await ReadAsync(context, progress, wanted, stop);
    }

    /// <summary>Of one product, whenever it was read before.</summary>
    public Task ReadAgainAsync(RunContext context, CatalogProgress progress, string productId, CancellationToken stop) => ReadAsync(context, progress, [productId], stop);

    /// <summary>Those that are left, and those whose turn it is; a part at a time.</summary>
    /// <returns>The ids of products whose picture has changed.</returns>
    public async IAsyncEnumerable<IReadOnlyList<string>> ReadRestAsync(
        RunContext context, CatalogProgress progress, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var missing = 0L;
        var (rotated, turn) = (0, await TurnAsync(context, stop));
        while (true)
        {
            var part = await context.ReadAsync(
                db => db.StoreProducts
                    .Where(row => row.StoreId == context.StoreId && row.ParentId == null && row.ParentReference == null && row.ImageReadUtc == null && row.Id > missing)
                    .OrderBy(row => row.Id).Select(row => new { row.Id, row.ProductId }).Take(20).ToListAsync(stop),
                stop);
            if (part.Count == 0)
                break;
            missing = part[^1].Id;
            yield return await ReadAsync(context, progress, part.ConvertAll(row => row.ProductId), stop);
        }

        for (; rotated < turn; rotated += 20)
        {
            var part = await context.ReadAsync(
                db => db.StoreProducts
                    .Where(row => row.StoreId == context.StoreId && row.ParentId == null && row.ParentReference == null && row.ImageReadUtc < now - s_fresh)
                    .OrderBy(row => row.ImageReadUtc).Select(row => row.ProductId).Take(Math.Min(20, turn - rotated)).ToListAsync(stop),
                stop);
            if (part.Count == 0)
                break;
            yield return await ReadAsync(context, progress, part, stop);
        }
    }

    private static Task<int> TurnAsync(RunContext context, CancellationToken stop) => context.ReadAsync(
        async db => Math.Min(MostInTurn, (await db.StoreProducts.CountAsync(row => row.StoreId == context.StoreId && row.ParentId == null && row.ParentReference == null, stop) + Rotation - 1) / Rotation),
        stop);

    private async Task<IReadOnlyList<string>> ReadAsync(RunContext context, CatalogProgress progress, IReadOnlyList<string> productIds, CancellationToken stop)
    {
        if (productIds.Count == 0 || progress.AreImagesOver)
            return [];
        var (found, missed) = (new Dictionary<string, string?>(), new List<string>());
        // Two at a time: as many as the store is asked at once.
        foreach (var pair in productIds.Chunk(2))
        {
            stop.ThrowIfCancellationRequested();
            foreach (var (id, image, problem) in await Task.WhenAll(pair.Select(id => TryFindAsync(context.StoreId, id, stop))))
            {
                if (problem is null)
                {
                    found[id] = Address(image);
                    continue;
                }

                missed.Add(id);
                progress.MissImages(problem);
            }

            if (progress.AreImagesOver)
                break;
        }

        progress.ImagesRead += found.Count;
        var changed = new List<string>();
        await context.WriteAsync(async db =>
        {
            // One that can't be read gives way to the others whose turn it is.
            await db.StoreProducts.Where(row => row.StoreId == context.StoreId && EF.Parameter(missed).Contains(row.ProductId) && row.ImageReadUtc != null)
                .ExecuteUpdateAsync(update => update.SetProperty(row => row.ImageReadUtc, time.GetUtcNow()));
            var ids = found.Keys.ToList();
            foreach (var row in await db.StoreProducts.AsTracking().Where(row => row.StoreId == context.StoreId && EF.Parameter(ids).Contains(row.ProductId)).ToListAsync(CancellationToken.None))
            {
                if (row.ImageUrl != found[row.ProductId])
                    changed.Add(row.ProductId);
                (row.ImageUrl, row.ImageReadUtc) = (found[row.ProductId], time.GetUtcNow());
            }
        });
        return changed;
    }

    private async Task<(string Id, string? Image, ZoeyException? Problem)> TryFindAsync(int storeId, string productId, CancellationToken stop)
    {
        try
        {
            return (productId, await zoey.FindImageAsync(storeId, productId, stop), null);
        }
        catch (ZoeyException exception)
        {
            return (productId, null, exception);
        }
    }

    /// <summary>Klaviyo and mail programs need a whole address.</summary>
    private static string? Address(string? image) =>
        Uri.TryCreate(KlaviyoText.Clean(image, MaxAddressBytes), UriKind.Absolute, out var address) && (address.Scheme is "http" or "https") ? address.AbsoluteUri : null;
}
