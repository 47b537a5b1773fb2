using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Catalog.Sending;

/// <summary>How records hang together in Klaviyo: an item's variants go with it, and a category's items are in one less.</summary>
internal static class CatalogTies
{
    /// <summary>Klaviyo does not have it any more, whoever deleted it.</summary>
    /// <param name="id">Its external id there.</param>
    public static async Task LoseAsync(AppDbContext db, CatalogRecord record, string id)
    {
        (record.IsInKlaviyo, record.KlaviyoExternalId, record.KlaviyoParentId, record.KlaviyoHash, record.KlaviyoLinks) = (false, null, null, null, null);
        if (record.Kind == CatalogKind.Item)
            await LoseVariantsAsync(db, record, id);
        if (record.Kind == CatalogKind.Category)
            await UnlinkAllAsync(db, record, id);
    }

    /// <returns>False when the item is in no such category.</returns>
    public static bool TryUnlink(CatalogRecord item, string category)
    {
        var isIn = item.Links?.Split(' ').Contains(category) == true;
        (item.Links, item.KlaviyoLinks) = (Without(item.Links, category), Without(item.KlaviyoLinks, category));
        return isIn;
    }

    public static string Join(IEnumerable<string> links) => string.Join(' ', links.Where(link => link.Length > 0).Order(StringComparer.Ordinal));

    private static Task<int> LoseVariantsAsync(AppDbContext db, CatalogRecord item, string id) => db.CatalogRecords
        .Where(row => row.StoreId == item.StoreId && row.AccountId == item.AccountId && row.Kind == CatalogKind.Variant && row.KlaviyoParentId == id && row.JobId == null)
        .ExecuteUpdateAsync(update => update
            .SetProperty(row => row.IsInKlaviyo, false).SetProperty(row => row.KlaviyoExternalId, (string?)null).SetProperty(row => row.KlaviyoParentId, (string?)null)
            .SetProperty(row => row.KlaviyoHash, (string?)null).SetProperty(row => row.State, CatalogState.Waiting).SetProperty(row => row.Operation, (CatalogOperation?)null));

    private static async Task UnlinkAllAsync(AppDbContext db, CatalogRecord category, string id)
    {
        var items = db.CatalogRecords.AsTracking().Where(row => row.StoreId == category.StoreId && row.AccountId == category.AccountId && row.Kind == CatalogKind.Item
            && (row.KlaviyoLinks!.Contains(id) || row.Links!.Contains(id)));
        foreach (var item in await items.ToListAsync())
            TryUnlink(item, id);
    }

    private static string? Without(string? links, string id) => links is null ? null : Join(links.Split(' ').Where(one => one != id));
}
