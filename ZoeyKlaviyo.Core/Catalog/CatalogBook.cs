using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Catalog;

/// <summary>Compares what Klaviyo should hold with what it holds, and notes what is to be done.</summary>
internal static class CatalogBook
{
    /// <summary>Records that the run has seen in the store; in a write of the run.</summary>
    /// <returns>How many Klaviyo has as they should be.</returns>
    public static async Task<int> CompareAsync(
        AppDbContext db, Run run, CatalogSituation situation, CatalogKind kind, IReadOnlyList<DesiredRecord> desired, DateTimeOffset now)
    {
        if (desired.Count == 0)
            return 0;
        var ids = desired.Select(one => one.RecordId).ToList();
        var known = await Of(db, situation, kind).AsTracking().Where(row => EF.Parameter(ids).Contains(row.RecordId)).ToDictionaryAsync(row => row.RecordId);
        var items = await ItemsInKlaviyoAsync(db, situation, desired.Select(one => one.ParentId));
        var unchanged = new List<long>();
        foreach (var one in desired)
        {
            var hasItem = one.ParentId is null || items.Contains(one.ParentId);
            if (!known.TryGetValue(one.RecordId, out var row))
            {
                row = New(situation, kind, one);
                db.CatalogRecords.Add(row);
            }
            else if (IsAsItWas(row, one) && row.State == CatalogState.InSync)
            {
                unchanged.Add(row.Id);
                continue;
            }
            else
            {
                Change(row, one);
            }

            row.SeenRunId = run.Id;
            CatalogPlan.Decide(row, hasItem, now);
        }

        await db.CatalogRecords.Where(row => EF.Parameter(unchanged).Contains(row.Id)).ExecuteUpdateAsync(update => update.SetProperty(row => row.SeenRunId, run.Id));
        return unchanged.Count;
    }

    public static IQueryable<CatalogRecord> Of(AppDbContext db, CatalogSituation situation, CatalogKind kind) =>
        db.CatalogRecords.Where(row => row.StoreId == situation.StoreId && row.AccountId == situation.AccountId && row.Kind == kind);

    /// <summary>What was to be deleted, and was not yet, is so only if the store's next whole list still does not have it.</summary>
    public static Task AskAgainAsync(AppDbContext db, CatalogSituation situation, CatalogKind kind) => Of(db, situation, kind)
        .Where(row => row.Removal == Removal.Approved && row.JobId == null)
        .ExecuteUpdateAsync(update => update
            .SetProperty(row => row.Removal, Removal.Confirmed).SetProperty(row => row.State, CatalogState.Held).SetProperty(row => row.Operation, (CatalogOperation?)null));

    /// <returns>Those of the external ids that are items Klaviyo has.</returns>
    public static async Task<HashSet<string>> ItemsInKlaviyoAsync(AppDbContext db, CatalogSituation situation, IEnumerable<string?> externalIds)
    {
        // An item's external id is its product's with the prefix, and the product's has an index.
        var ids = externalIds.OfType<string>().Where(id => id.StartsWith(situation.IdPrefix, StringComparison.Ordinal)).Select(id => id[situation.IdPrefix.Length..]).Distinct().ToList();
        return ids.Count == 0 ? []
            : await Of(db, situation, CatalogKind.Item).Where(row => EF.Parameter(ids).Contains(row.RecordId) && row.IsInKlaviyo).Select(row => row.ExternalId).ToHashSetAsync();
    }

    private static bool IsAsItWas(CatalogRecord row, DesiredRecord one) => !row.IsGone && row.Removal == Removal.None
        && row.ContentHash == one.Hash && row.ExternalId == one.ExternalId && row.ParentId == one.ParentId && row.Links == one.Links && row.Sku == one.Sku;

    private static CatalogRecord New(CatalogSituation situation, CatalogKind kind, DesiredRecord one) => new()
    {
        StoreId = situation.StoreId,
        AccountId = situation.AccountId,
        Kind = kind,
        RecordId = one.RecordId,
        ExternalId = one.ExternalId,
        ParentId = one.ParentId,
        Name = one.Name,
        Sku = one.Sku,
        Content = one.Content,
        ContentHash = one.Hash,
        Links = one.Links,
    };

    private static void Change(CatalogRecord row, DesiredRecord one)
    {
        if (row.ContentHash != one.Hash)
            row.Tries = 0;
        (row.ExternalId, row.ParentId, row.Name, row.Sku) = (one.ExternalId, one.ParentId, one.Name, one.Sku);
        (row.Content, row.ContentHash, row.Links) = (one.Content, one.Hash, one.Links);
        // The store has it again: what was decided for its absence no longer holds.
        if (row.IsGone || !CatalogPlan.HasMoved(row))
            row.Removal = Removal.None;
        row.IsGone = false;
    }
}
