using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Catalog.Sending;

/// <summary>Writes down what became of a job's rows, and what is to be done with them next.</summary>
internal sealed class CatalogSettlement(CatalogSituation situation, TimeProvider time)
{
    /// <summary>A row that was refused alone this often, for what it names, is refused for good.</summary>
    private const int MostTries = 3;

    /// <summary>In a write of the run; the job is over then.</summary>
    /// <param name="others">Of the rows that <paramref name="results"/> does not name.</param>
    /// <returns>How many records Klaviyo took or refused.</returns>
    public async Task<int> SettleAsync(AppDbContext db, Run run, long jobId, IReadOnlyDictionary<string, RowResult> results, RowFate others = RowFate.Unknown)
    {
        var job = await db.CatalogJobs.AsTracking().SingleOrDefaultAsync(row => row.Id == jobId);
        if (job is null)
            return 0;
        var records = await db.CatalogRecords.AsTracking().Where(row => row.JobId == jobId).ToListAsync();
        var settled = 0;
        foreach (var record in records)
        {
            var id = job.Operation == JobOperation.Create ? Sent(job, record) : record.KlaviyoExternalId ?? record.ExternalId;
            var result = results.GetValueOrDefault(id) ?? new RowResult(others);
            record.JobId = null;
            settled += await SettleAsync(db, run, job, record, id, result) ? 1 : 0;
        }

        db.CatalogJobs.Remove(job);
        await DecideAsync(db, records);
        await db.SaveChangesAsync();
        return settled;
    }

    /// <summary>The call itself was refused, or nobody knows: its rows go back to be sent, with fewer others.</summary>
    public Task<int> ReturnAsync(AppDbContext db, Run run, ClaimedJob claimed, KlaviyoError? error) =>
        SettleAsync(db, run, claimed.Job.Id, claimed.Records.ToDictionary(record => CatalogClaims.Row(record, claimed.Job.Operation).ExternalId, _ => new RowResult(RowFate.Unknown, error)));

    /// <summary>Nothing was sent: the rows stay as they were.</summary>
    public async Task ReleaseAsync(AppDbContext db, long jobId)
    {
        var records = await db.CatalogRecords.AsTracking().Where(row => row.JobId == jobId).ToListAsync();
        foreach (var record in records)
            record.JobId = null;
        await db.CatalogJobs.Where(row => row.Id == jobId).ExecuteDeleteAsync();
        if (records.Count > 0)
            await DecideAsync(db, records);
    }

    /// <summary>Its id may have changed since; then the one that was sent is not among the job's as it is now.</summary>
    private static string Sent(CatalogJob job, CatalogRecord record) =>
        job.RowIds.Split(' ').Contains(record.ExternalId) ? record.ExternalId : record.KlaviyoExternalId ?? record.ExternalId;

    private async Task DecideAsync(AppDbContext db, List<CatalogRecord> records)
    {
        var now = time.GetUtcNow();
        var items = await CatalogBook.ItemsInKlaviyoAsync(db, situation, records.Select(record => record.ParentId));
        foreach (var record in records.Where(record => db.Entry(record).State != EntityState.Deleted))
            CatalogPlan.Decide(record, record.ParentId is null || items.Contains(record.ParentId), now);
    }

    /// <returns>Whether this is the end of it, for now.</returns>
    private async Task<bool> SettleAsync(AppDbContext db, Run run, CatalogJob job, CatalogRecord record, string id, RowResult result)
    {
        switch (result.Fate)
        {
            case RowFate.Done:
            case RowFate.Missing when job.Operation == JobOperation.Delete:
                await DoneAsync(db, run, job, record, id);
                return true;
            case RowFate.Exists:
                (record.IsInKlaviyo, record.KlaviyoExternalId, record.KlaviyoParentId, record.KlaviyoHash, record.KlaviyoLinks) = (true, id, null, null, null);
                return false;
            case RowFate.Missing:
                Forget(record);
                return false;
            case RowFate.Unsent:
                return false;
            case RowFate.LacksOther:
                return await LackAsync(db, run, record, job, result);
            case RowFate.Unknown when job.Rows > 1:
                record.Tries++;
                return false;
            case RowFate.Unknown:
                Refuse(db, run, record, job.Operation, result.Error, result.Error is null ? CatalogReasons.NoVerdict : CatalogReasons.Cancelled);
                return true;
            default:
                Refuse(db, run, record, job.Operation, result.Error, CatalogReasons.Refused);
                return true;
        }
    }

    private async Task DoneAsync(AppDbContext db, Run run, CatalogJob job, CatalogRecord record, string id)
    {
        (record.Tries, record.RefusedHash, record.RefusedUtc, record.Error, record.ErrorCode, record.SyncedUtc) = (0, null, null, null, null, time.GetUtcNow());
        if (job.Operation == JobOperation.Delete)
        {
            run.Counts.Deleted++;
            Add(db, run, record, "Delete", RecordResult.Deleted);
            await DeletedAsync(db, record, id);
            return;
        }

        if (job.Operation == JobOperation.Create)
        {
            run.Counts.Created++;
            Add(db, run, record, "Create", RecordResult.Created);
            (record.IsInKlaviyo, record.KlaviyoExternalId, record.KlaviyoParentId, record.KlaviyoLinks) = (true, id, record.SentParentId, record.SentLinks);
        }
        else
        {
            run.Counts.Updated++;
            Add(db, run, record, "Update", RecordResult.Updated);
            // Whether an update takes categories away, or only adds some, Klaviyo does not say: as if it added.
            record.KlaviyoLinks = record.KlaviyoLinks is { } known && record.SentLinks is { } sent ? Join(known.Split(' ').Union(sent.Split(' '))) : record.KlaviyoLinks;
        }

        record.KlaviyoHash = record.SentHash;
    }

    private static async Task DeletedAsync(AppDbContext db, CatalogRecord record, string id)
    {
        Forget(record);
        record.Removal = Removal.None;
        if (record.Kind == CatalogKind.Item)
            await ForgetVariantsAsync(db, record, id);
        if (record.Kind == CatalogKind.Category)
            await UnlinkAsync(db, record, id);
        if (record.IsGone)
            db.CatalogRecords.Remove(record);
    }

    /// <summary>An item's variants go with it.</summary>
    private static Task<int> ForgetVariantsAsync(AppDbContext db, CatalogRecord item, string id) => db.CatalogRecords
        .Where(row => row.StoreId == item.StoreId && row.AccountId == item.AccountId && row.Kind == CatalogKind.Variant && row.KlaviyoParentId == id && row.JobId == null)
        .ExecuteUpdateAsync(update => update
            .SetProperty(row => row.IsInKlaviyo, false).SetProperty(row => row.KlaviyoExternalId, (string?)null).SetProperty(row => row.KlaviyoParentId, (string?)null)
            .SetProperty(row => row.KlaviyoHash, (string?)null).SetProperty(row => row.State, CatalogState.Waiting).SetProperty(row => row.Operation, (CatalogOperation?)null));

    /// <summary>Items stay, and are in one category less.</summary>
    private static async Task UnlinkAsync(AppDbContext db, CatalogRecord category, string id)
    {
        var items = db.CatalogRecords.AsTracking().Where(row => row.StoreId == category.StoreId && row.AccountId == category.AccountId && row.Kind == CatalogKind.Item
            && (row.KlaviyoLinks!.Contains(id) || row.Links!.Contains(id)));
        foreach (var item in await items.ToListAsync())
            (item.Links, item.KlaviyoLinks) = (Without(item.Links, id), Without(item.KlaviyoLinks, id));
    }

    private async Task<bool> LackAsync(AppDbContext db, Run run, CatalogRecord record, CatalogJob job, RowResult result)
    {
        var other = await db.CatalogRecords.AsTracking().FirstOrDefaultAsync(row => row.StoreId == record.StoreId && row.AccountId == record.AccountId
            && row.Kind == (record.Kind == CatalogKind.Variant ? CatalogKind.Item : CatalogKind.Category) && (row.KlaviyoExternalId ?? row.ExternalId) == result.Other && row.JobId == null);
        if (++record.Tries >= MostTries || other is null)
        {
            Refuse(db, run, record, job.Operation, result.Error, record.Kind == CatalogKind.Variant ? CatalogReasons.MissingItem : CatalogReasons.MissingCategory);
            return true;
        }

        // Somebody has deleted it in Klaviyo: its own next run creates it again.
        Forget(other);
        CatalogPlan.Decide(other, hasItem: true, time.GetUtcNow());
        if (record.Kind == CatalogKind.Item)
        {
            (record.Links, record.KlaviyoLinks) = (Without(record.Links, result.Other!), Without(record.KlaviyoLinks, result.Other!));
            return false;
        }

        run.Counts.Skipped++;
        Add(db, run, record, job.Operation.ToString(), RecordResult.Skipped, result.Error, CatalogReasons.WaitingForItem);
        return true;
    }

    public static void Forget(CatalogRecord record) =>
        (record.IsInKlaviyo, record.KlaviyoExternalId, record.KlaviyoParentId, record.KlaviyoHash, record.KlaviyoLinks) = (false, null, null, null, null);

    public void Refuse(AppDbContext db, Run run, CatalogRecord record, JobOperation operation, KlaviyoError? error, string code)
    {
        (record.Tries, record.RefusedUtc, record.RefusedHash) = (0, time.GetUtcNow(), CatalogPlan.Fingerprint(record));
        (record.Error, record.ErrorCode) = (error?.Detail, code);
        run.Counts.Failed++;
        Add(db, run, record, operation.ToString(), RecordResult.Failed, error, code);
    }

    public void Add(AppDbContext db, Run run, CatalogRecord record, string operation, RecordResult result, KlaviyoError? error = null, string? code = null) => db.RunRecords.Add(new RunRecord
    {
        RunId = run.Id,
        StoreId = run.StoreId,
        CatalogRecordId = record.Id,
        Record = CatalogRecords.Name(record),
        Operation = operation,
        Result = result,
        Error = error?.Detail,
        Answer = error is null ? null : AnswerReader.Cut(error.Json),
        ErrorCode = code,
        AtUtc = time.GetUtcNow(),
    });

    private static string? Without(string? links, string id) => links is null ? null : Join(links.Split(' ').Where(one => one != id));

    private static string Join(IEnumerable<string> links) => string.Join(' ', links.Where(link => link.Length > 0).Order(StringComparer.Ordinal));
}
