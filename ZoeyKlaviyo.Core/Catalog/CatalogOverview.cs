using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Catalog;

/// <summary>One kind of a store's catalog.</summary>
/// <param name="Total">What Klaviyo should hold.</param>
/// <param name="InSync">What it holds as it should be.</param>
/// <param name="Open">What is sent by the next run, or just under way.</param>
/// <param name="Waiting">Variants whose product Klaviyo does not have yet.</param>
/// <param name="Refused">What Klaviyo would not take.</param>
/// <param name="Held">Deletions that a person has to decide about.</param>
/// <param name="Confirmed">Deletions that were confirmed, and wait for a run.</param>
/// <param name="Kept">What the store no longer has, and a person kept.</param>
/// <param name="HeldSample">The names of a few of those that are held.</param>
public sealed record CatalogLine(
    CatalogKind Kind,
    SyncKind SyncKind,
    int Total,
    int InSync,
    int Open,
    int Waiting,
    int Refused,
    int Held,
    int Confirmed,
    int Kept,
    IReadOnlyList<string> HeldSample,
    DateTimeOffset? LastSuccessUtc);

/// <param name="IsApiSetUp">The store's REST API has an address and credentials.</param>
/// <param name="VariantLinks">How many variants an uploaded export of the products names a product for.</param>
/// <param name="Variants">How many variants the store's list had a product for, by whichever way.</param>
public sealed record CatalogSummary(bool IsApiSetUp, IReadOnlyList<CatalogLine> Lines, int VariantLinks, int Variants);

/// <summary>What Klaviyo holds of a store's catalog, and what it should hold.</summary>
public sealed class CatalogOverview(Database database, IZoeyClient zoey)
{
    private const int MaxFound = 20;
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
                    .GroupBy(row => new { row.Kind, row.State, row.Removal, row.IsGone }).Select(group => new { group.Key, Count = group.Count() }).ToListAsync(cancellationToken);
                var lines = new List<CatalogLine>();
                foreach (var kind in Enum.GetValues<CatalogKind>())
                {
                    int Count(Func<CatalogState, Removal, bool, bool> isMeant) =>
                        groups.Where(group => group.Key.Kind == kind && isMeant(group.Key.State, group.Key.Removal, group.Key.IsGone)).Sum(group => group.Count);
                    var held = Count((_, removal, _) => removal == Removal.Held);
                    lines.Add(new CatalogLine(
                        kind,
                        SyncKindOf(kind),
                        Count((_, _, isGone) => !isGone),
                        Count((state, _, _) => state == CatalogState.InSync),
                        Count((state, removal, _) => removal != Removal.Held && state is CatalogState.Open or CatalogState.Sending or CatalogState.Undecided),
                        Count((state, _, _) => state == CatalogState.Waiting),
                        Count((state, _, _) => state == CatalogState.Refused),
                        held,
                        Count((_, removal, _) => removal == Removal.Confirmed),
                        Count((_, removal, _) => removal == Removal.Kept),
                        held == 0 ? [] : await CatalogBook.Of(db, situation, kind).Where(row => row.Removal == Removal.Held).OrderBy(row => row.Id).Select(row => row.Name).Take(MaxSample).ToListAsync(cancellationToken),
                        await LastSuccessAsync(db, store.Id, SyncKindOf(kind), cancellationToken)));
                }

                return new CatalogSummary(
                    isSetUp, lines,
                    await db.VariantLinks.CountAsync(link => link.StoreId == store.Id, cancellationToken),
                    await db.StoreProducts.CountAsync(product => product.StoreId == store.Id && product.ParentId != null, cancellationToken));
            },
            cancellationToken);
    }

    /// <summary>Records by SKU, name or id, the exact ones first; at most 20.</summary>
    /// <param name="text">At least one character that is no space; else nothing is found.</param>
    public Task<IReadOnlyList<CatalogRecord>> SearchAsync(AuthorizedStore store, string text, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<CatalogRecord>>(
        async db =>
        {
            var words = text.Trim();
            if (words.Length == 0)
                return [];
            var situation = await CatalogSituation.ReadAsync(db, store.Id, null, cancellationToken);
            var own = db.CatalogRecords.Where(row => row.StoreId == store.Id && row.AccountId == situation.AccountId);
            var exact = await own.Where(row => row.RecordId == words || row.ExternalId == words || row.Sku == words)
                .OrderBy(row => row.Id).Take(MaxFound).ToListAsync(cancellationToken);
            if (exact.Count == MaxFound)
                return exact;
            var pattern = LikePattern.Containing(words);
            var ids = exact.ConvertAll(row => row.Id);
            var like = await own
                .Where(row => !EF.Parameter(ids).Contains(row.Id)
                    && (EF.Functions.Like(row.Name.ToLower(), pattern, LikePattern.Escape) || EF.Functions.Like(row.Sku!.ToLower(), pattern, LikePattern.Escape)))
                .OrderBy(row => row.Id).Take(MaxFound - exact.Count).ToListAsync(cancellationToken);
            return [.. exact, .. like];
        },
        cancellationToken);

    public static SyncKind SyncKindOf(CatalogKind kind) => kind switch
    {
        CatalogKind.Category => SyncKind.Categories,
        CatalogKind.Item => SyncKind.Products,
        CatalogKind.Variant => SyncKind.Variants,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    private static Task<DateTimeOffset?> LastSuccessAsync(AppDbContext db, int storeId, SyncKind kind, CancellationToken cancellationToken) => db.Runs
        .Where(run => run.StoreId == storeId && run.Kind == kind && run.Status == RunStatus.Succeeded)
        .OrderByDescending(run => run.QueuedUtc).ThenByDescending(run => run.Id).Select(run => run.FinishedUtc).FirstOrDefaultAsync(cancellationToken);
}
