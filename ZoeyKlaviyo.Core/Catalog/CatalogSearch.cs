using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Catalog;

/// <param name="Text">An id or a SKU, or a part of a name or a SKU. The rest does not count then.</param>
/// <param name="ParentId">Only the variants of an item, by its <see cref="CatalogRecord.ExternalId"/>.</param>
public sealed record CatalogFilter(CatalogKind? Kind = null, CatalogPart? Part = null, string? ParentId = null, string? Text = null)
{
    /// <summary>It asks for nothing.</summary>
    public bool IsEmpty => Kind is null && string.IsNullOrWhiteSpace(Text);
}

/// <summary>A record with what belongs to it.</summary>
/// <param name="Parent">A variant's item; null when we do not know it.</param>
/// <param name="Variants">How many an item has.</param>
/// <param name="Categories">The names of an item's.</param>
/// <param name="SentUtc">When the job was sent that it is in.</param>
/// <param name="TriedAgainUtc">From when on a refused one is tried again though it has not changed.</param>
/// <param name="LastRun">The last run that tells of it.</param>
/// <param name="ActiveRun">The run that will read it, or just does, because somebody asked.</param>
public sealed record CatalogFinding(
    CatalogRecord Record,
    CatalogRecord? Parent,
    int Variants,
    IReadOnlyList<string> Categories,
    DateTimeOffset? SentUtc,
    DateTimeOffset? TriedAgainUtc,
    (long RunId, long RecordId, DateTimeOffset AtUtc)? LastRun,
    long? ActiveRun);

/// <param name="Next">The last id of this page, to ask for the next; null on the last.</param>
/// <param name="HasMore">A search found more than it shows.</param>
public sealed record CatalogPage(IReadOnlyList<CatalogFinding> Records, long? Next, bool HasMore);

/// <summary>Finds records of a store's catalog, and tells what Klaviyo holds of each.</summary>
public sealed class CatalogSearch(Database database)
{
    public const int PageSize = 20;

    /// <summary>By a text the exact ones come first, and there is no second page.</summary>
    /// <param name="after">The id that the page before ended with.</param>
    public Task<CatalogPage> PageAsync(AuthorizedStore store, CatalogFilter filter, long? after, CancellationToken cancellationToken) => database.ReadAsync(
        async db =>
        {
            var situation = await CatalogSituation.ReadAsync(db, store.Id, null, cancellationToken);
            var own = db.CatalogRecords.Where(row => row.StoreId == store.Id && row.AccountId == situation.AccountId);
            var isSearch = !string.IsNullOrWhiteSpace(filter.Text);
            var rows = isSearch ? await SearchAsync(own, filter.Text!.Trim(), cancellationToken)
                : filter.Kind is { } kind ? await ListAsync(own, own.Where(row => row.Kind == kind), filter, after, cancellationToken)
                : [];
            var shown = rows.Take(PageSize).ToList();
            return new CatalogPage(
                await ViewAsync(db, own, store.Id, shown, cancellationToken),
                !isSearch && rows.Count > PageSize ? shown[^1].Id : null,
                isSearch && rows.Count > PageSize);
        },
        cancellationToken);

    /// <summary>Records as they are now, for those who look at them; without those that are gone.</summary>
    public Task<IReadOnlyList<CatalogFinding>> FindAsync(AuthorizedStore store, IReadOnlyCollection<long> ids, CancellationToken cancellationToken) => database.ReadAsync(
        async db =>
        {
            var own = db.CatalogRecords.Where(row => row.StoreId == store.Id);
            var rows = await own.Where(row => EF.Parameter(ids).Contains(row.Id)).OrderBy(row => row.Id).ToListAsync(cancellationToken);
            return await ViewAsync(db, own, store.Id, rows, cancellationToken);
        },
        cancellationToken);

    private static async Task<List<CatalogRecord>> ListAsync(
        IQueryable<CatalogRecord> own, IQueryable<CatalogRecord> rows, CatalogFilter filter, long? after, CancellationToken cancellationToken)
    {
        if (filter.Part is { } part)
            rows = rows.Where(CatalogParts.Filter(part));
        if (filter.ParentId is { } parent)
            rows = rows.Where(row => row.ParentId == parent);
        // The ids first, which an index has: the rows are wide.
        var ids = await rows.Where(row => after == null || row.Id > after).OrderBy(row => row.Id).Select(row => row.Id).Take(PageSize + 1).ToListAsync(cancellationToken);
        return await own.Where(row => EF.Parameter(ids).Contains(row.Id)).OrderBy(row => row.Id).ToListAsync(cancellationToken);
    }

    private static async Task<List<CatalogRecord>> SearchAsync(IQueryable<CatalogRecord> own, string text, CancellationToken cancellationToken)
    {
        var exact = await own.Where(row => row.RecordId == text || row.ExternalId == text || row.Sku == text)
            .OrderBy(row => row.Kind).ThenBy(row => row.Id).Take(PageSize + 1).ToListAsync(cancellationToken);
        if (exact.Count > PageSize)
            return exact;
        var pattern = LikePattern.Containing(text);
        var ids = exact.ConvertAll(row => row.Id);
        var like = await own
            .Where(row => !EF.Parameter(ids).Contains(row.Id)
                && (EF.Functions.Like(row.Name.ToLower(), pattern, LikePattern.Escape) || EF.Functions.Like(row.Sku!.ToLower(), pattern, LikePattern.Escape)))
            .OrderBy(row => row.Id).Take(PageSize + 1 - exact.Count).ToListAsync(cancellationToken);
        return [.. exact, .. like];
    }

    private static async Task<IReadOnlyList<CatalogFinding>> ViewAsync(
        AppDbContext db, IQueryable<CatalogRecord> own, int storeId, List<CatalogRecord> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0)
            return [];
        var accountId = rows[0].AccountId;
        own = own.Where(row => row.AccountId == accountId);
        var parentIds = rows.Select(row => row.ParentId).OfType<string>().Distinct().ToList();
        var parents = await own.Where(row => row.Kind == CatalogKind.Item && EF.Parameter(parentIds).Contains(row.ExternalId)).ToDictionaryAsync(row => row.ExternalId, cancellationToken);
        var itemIds = rows.Where(row => row.Kind == CatalogKind.Item).Select(row => row.ExternalId).ToList();
        var variants = await own.Where(row => row.Kind == CatalogKind.Variant && EF.Parameter(itemIds).Contains(row.ParentId!))
            .GroupBy(row => row.ParentId!).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken);
        var categoryIds = rows.SelectMany(Links).Distinct().ToList();
        var categories = await own.Where(row => row.Kind == CatalogKind.Category && EF.Parameter(categoryIds).Contains(row.ExternalId))
            .Select(row => new { row.ExternalId, row.Name }).ToDictionaryAsync(row => row.ExternalId, row => row.Name, cancellationToken);
        var jobIds = rows.Select(row => row.JobId).OfType<long>().Distinct().ToList();
        var jobs = await db.CatalogJobs.Where(job => EF.Parameter(jobIds).Contains(job.Id)).ToDictionaryAsync(job => job.Id, job => job.SentUtc, cancellationToken);
        var runs = await LastRunsAsync(db, storeId, rows, cancellationToken);
        var active = !rows.Exists(row => row.RequestedBy is not null) ? null : await db.Runs
            .Where(run => run.StoreId == storeId && run.Kind == SyncKind.CatalogRecord && (run.Status == RunStatus.Queued || run.Status == RunStatus.Running))
            .Select(run => (long?)run.Id).FirstOrDefaultAsync(cancellationToken);
        return rows.ConvertAll(row => new CatalogFinding(
            row,
            row.ParentId is { } parentId ? parents.GetValueOrDefault(parentId) : null,
            variants.GetValueOrDefault(row.ExternalId),
            [.. Links(row).Select(link => categories.GetValueOrDefault(link, link))],
            row.JobId is { } jobId && jobs.TryGetValue(jobId, out var sent) ? sent : null,
            row.State == CatalogState.Refused ? row.RefusedUtc + CatalogPlan.RefusalRest : null,
            runs.TryGetValue(row.Id, out var run) ? run : null,
            row.RequestedBy is null ? null : active));
    }

    private static async Task<Dictionary<long, (long RunId, long RecordId, DateTimeOffset AtUtc)>> LastRunsAsync(
        AppDbContext db, int storeId, List<CatalogRecord> rows, CancellationToken cancellationToken)
    {
        var ids = rows.ConvertAll(row => (long?)row.Id);
        var last = await db.RunRecords.Where(record => record.StoreId == storeId && EF.Parameter(ids).Contains(record.CatalogRecordId))
            .GroupBy(record => record.CatalogRecordId!.Value).Select(group => group.Max(record => record.Id)).ToListAsync(cancellationToken);
        var records = await db.RunRecords.Where(record => EF.Parameter(last).Contains(record.Id))
            .Select(record => new { record.Id, record.RunId, CatalogRecordId = record.CatalogRecordId!.Value, record.AtUtc }).ToListAsync(cancellationToken);
        return records.ToDictionary(record => record.CatalogRecordId, record => (record.RunId, record.Id, record.AtUtc));
    }

    private static string[] Links(CatalogRecord row) => row.Links?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
}
