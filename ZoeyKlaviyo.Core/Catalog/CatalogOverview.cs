using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Catalog;

/// <summary>One kind of a store's catalog.</summary>
/// <param name="Counts">How many records each part has.</param>
/// <param name="HeldSample">The names of a few of those whose deletion is held.</param>
/// <param name="KnownToKlaviyo">How many Klaviyo holds.</param>
/// <param name="Off">Why nothing of it is sent or deleted now, in a sentence; null when it is.</param>
public sealed record CatalogLine(
    CatalogKind Kind,
    SyncKind SyncKind,
    IReadOnlyDictionary<CatalogPart, int> Counts,
    int KnownToKlaviyo,
    IReadOnlyList<string> HeldSample,
    DateTimeOffset? LastSuccessUtc,
    string? Off = null)
{
    public int Total => Counts[CatalogPart.Wanted];

    public int InSync => Counts[CatalogPart.InSync];

    public int Open => Counts[CatalogPart.Open];

    public int Waiting => Counts[CatalogPart.Waiting];

    public int Refused => Counts[CatalogPart.Refused];

    public int Held => Counts[CatalogPart.Held];

    public int Confirmed => Counts[CatalogPart.Confirmed];

    public int Kept => Counts[CatalogPart.Kept];
}

/// <param name="Count">How many variants it names a product for.</param>
public sealed record UploadedLinks(int Count, string? Who, DateTimeOffset? AtUtc);

/// <param name="IsApiSetUp">The store's REST API has an address and credentials.</param>
/// <param name="Links">Of the last uploaded export of the products; null without one.</param>
/// <param name="Variants">How many variants the store's list had a product for, by whichever way.</param>
/// <param name="Listing">What could not be read of the store; null before the first run.</param>
public sealed record CatalogSummary(bool IsApiSetUp, IReadOnlyList<CatalogLine> Lines, UploadedLinks? Links, int Variants, CatalogListing? Listing);

/// <summary>What Klaviyo holds of a store's catalog, and what it should hold.</summary>
public sealed class CatalogOverview(Database database, IZoeyClient zoey)
{
    private const int MaxSample = 5;

    /// <returns>Null while the store is not connected.</returns>
    public async Task<CatalogSummary?> ReadAsync(AuthorizedStore store, CancellationToken cancellationToken)
    {
        var isSetUp = await zoey.IsSetUpAsync(store.Id, cancellationToken);
        return await database.ReadAsync(
            async db =>
            {
                var situation = await CatalogSituation.ReadAsync(db, store.Id, null, cancellationToken);
                if (situation.AccountId.Length == 0)
                    return null;
                var groups = await db.CatalogRecords.Where(row => row.StoreId == store.Id && row.AccountId == situation.AccountId)
                    .GroupBy(row => new { row.Kind, row.State, row.Removal, row.IsGone, row.IsInKlaviyo }).Select(group => new { group.Key, Count = group.Count() }).ToListAsync(cancellationToken);
                var lines = new List<CatalogLine>();
                foreach (var kind in Enum.GetValues<CatalogKind>())
                {
                    var counts = Enum.GetValues<CatalogPart>().ToDictionary(
                        part => part,
                        part => groups.Where(group => group.Key.Kind == kind && CatalogParts.Holds(part, group.Key.State, group.Key.Removal, group.Key.IsGone)).Sum(group => group.Count));
                    var held = CatalogBook.Of(db, situation, kind).Where(CatalogParts.Filter(CatalogPart.Held));
                    lines.Add(new CatalogLine(
                        kind,
                        SyncKindOf(kind),
                        counts,
                        groups.Where(group => group.Key.Kind == kind && group.Key.IsInKlaviyo).Sum(group => group.Count),
                        counts[CatalogPart.Held] == 0 ? [] : await held.OrderBy(row => row.Id).Select(row => row.Name).Take(MaxSample).ToListAsync(cancellationToken),
                        await LastSuccessAsync(db, store.Id, SyncKindOf(kind), cancellationToken),
                        (await CatalogSituation.ReadAsync(db, store.Id, kind, cancellationToken)).Held));
                }

                return new CatalogSummary(
                    isSetUp, lines,
                    await LinksAsync(db, store.Id, cancellationToken),
                    await db.StoreProducts.CountAsync(product => product.StoreId == store.Id && product.ParentId != null, cancellationToken),
                    await db.CatalogListings.SingleOrDefaultAsync(listing => listing.StoreId == store.Id, cancellationToken));
            },
            cancellationToken);
    }

    public static SyncKind SyncKindOf(CatalogKind kind) => kind switch
    {
        CatalogKind.Category => SyncKind.Categories,
        CatalogKind.Item => SyncKind.Products,
        CatalogKind.Variant => SyncKind.Variants,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private static async Task<UploadedLinks?> LinksAsync(AppDbContext db, int storeId, CancellationToken cancellationToken)
    {
        if (await db.VariantLinks.CountAsync(link => link.StoreId == storeId, cancellationToken) is not (> 0 and var count))
            return null;
        var change = await db.SettingChanges.Where(row => row.StoreId == storeId && row.Subject == VariantLinkFile.Subject)
            .OrderByDescending(row => row.AtUtc).ThenByDescending(row => row.Id).FirstOrDefaultAsync(cancellationToken);
        return new UploadedLinks(count, change?.Who, change?.AtUtc);
    }

    private static Task<DateTimeOffset?> LastSuccessAsync(AppDbContext db, int storeId, SyncKind kind, CancellationToken cancellationToken) => db.Runs
        .Where(run => run.StoreId == storeId && run.Kind == kind && run.Status == RunStatus.Succeeded)
        .OrderByDescending(run => run.QueuedUtc).ThenByDescending(run => run.Id).Select(run => run.FinishedUtc).FirstOrDefaultAsync(cancellationToken);
}
