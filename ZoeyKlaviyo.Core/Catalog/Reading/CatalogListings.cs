using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Catalog.Reading;

/// <summary>The row that says how the store's catalog could be read.</summary>
internal static class CatalogListings
{
    public static Task ChangeAsync(RunContext context, Action<CatalogListing> change) => context.WriteAsync(async db => change(await FindAsync(db, context.StoreId)));

    /// <summary>Tracked, and added if the store has none yet; in a write.</summary>
    public static async Task<CatalogListing> FindAsync(AppDbContext db, int storeId)
    {
        if (await db.CatalogListings.AsTracking().SingleOrDefaultAsync(row => row.StoreId == storeId) is { } row)
            return row;
        row = new CatalogListing { StoreId = storeId };
        db.CatalogListings.Add(row);
        return row;
    }
}
