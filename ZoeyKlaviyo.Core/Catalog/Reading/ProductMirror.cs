using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Catalog.Reading;

/// <summary>Keeps the store's products as its list has them.</summary>
internal static class ProductMirror
{
    /// <summary>Takes a page of the list; in a write.</summary>
    public static async Task KeepAsync(AppDbContext db, int storeId, long listingNumber, IReadOnlyList<ZoeyCatalogProduct> page)
    {
        var products = page.Where(product => product.Id is { Length: > 0 and <= StoreProduct.MaxIdLength }).DistinctBy(product => product.Id).ToList();
        var ids = products.ConvertAll(product => product.Id);
        var known = await db.StoreProducts.AsTracking().Where(row => row.StoreId == storeId && EF.Parameter(ids).Contains(row.ProductId)).ToDictionaryAsync(row => row.ProductId);
        var unchanged = new List<long>();
        foreach (var product in products)
        {
            var hash = HashOf(product);
            if (known.TryGetValue(product.Id, out var row) && row.Hash == hash)
            {
                unchanged.Add(row.Id);
                continue;
            }

            if (row is null)
            {
                row = new StoreProduct { StoreId = storeId, ProductId = product.Id, Hash = hash };
                db.StoreProducts.Add(row);
            }

            Change(row, product, hash);
            row.ListingNumber = listingNumber;
        }

        await db.StoreProducts.Where(row => EF.Parameter(unchanged).Contains(row.Id)).ExecuteUpdateAsync(update => update.SetProperty(row => row.ListingNumber, listingNumber));
        await db.SaveChangesAsync();
    }

    private static void Change(StoreProduct row, ZoeyCatalogProduct product, string hash)
    {
        row.Hash = hash;
        row.Sku = KlaviyoText.Clean(product.Sku, CatalogRecord.MaxSkuLength);
        row.Name = KlaviyoText.Clean(product.Name, 1000);
        row.TypeId = KlaviyoText.Clean(product.TypeId, 100);
        (row.IsEnabled, row.IsVisible) = (product.IsEnabled, product.IsVisible);
        (row.Price, row.SpecialPrice) = (Amount(product.Price), Amount(product.SpecialPrice));
        (row.SpecialFrom, row.SpecialTo) = (product.SpecialFrom, product.SpecialTo);
        row.UrlKey = KlaviyoText.Clean(product.UrlKey, 1000);
        row.Description = PlainText.Of(product.Description, CatalogContent.MaxDescriptionBytes);
        row.ParentReference = KlaviyoText.Clean(product.ParentId, CatalogRecord.MaxSkuLength);
        // What has changed may have another picture.
        row.ImageReadUtc = null;
    }

    /// <summary>As far as a database keeps it; a price beyond that is none.</summary>
    private static decimal? Amount(decimal? amount) => amount is >= 0 and < 1_000_000_000_000m ? Math.Round(amount.Value, 4) : null;

    private static string HashOf(ZoeyCatalogProduct product) =>
        Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(product))).AsSpan(0, 16));
}
