using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Catalog.Reading;

internal static class StockBook
{
    private const decimal Most = 1_000_000_000m;

    /// <summary>Keeps a page of the store's stock with its products; in a write.</summary>
    public static async Task KeepAsync(AppDbContext db, int storeId, IReadOnlyDictionary<string, ZoeyStock> stock)
    {
        var ids = stock.Keys.ToList();
        foreach (var row in await db.StoreProducts.AsTracking().Where(row => row.StoreId == storeId && EF.Parameter(ids).Contains(row.ProductId)).ToListAsync())
        {
            var one = stock[row.ProductId];
            row.Quantity = Math.Round(Math.Clamp(one.Quantity, -Most, Most), 4);
            (row.IsInStock, row.ManagesStock, row.AllowsBackorders) = (one.IsInStock, one.ManagesStock, one.AllowsBackorders);
        }
    }
}
