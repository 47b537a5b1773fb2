using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Catalog.Sending;

/// <summary>Writes down what became of a job's rows, and what is to be done with them next.</summary>
internal sealed class CatalogSettlement(CatalogSituation situation, TimeProvider time)
{
    /// <summary>A row that got no word of its own this often, the last time alone, is refused for now.</summary>
    private const int MostTries = 3;

    /// <summary>A record that Klaviyo has by one answer and lacks by the next, this often, is not sent to and fro any more.</summary>
    private const int MostLosses = 2;

    private readonly ConcurrentDictionary<long, int> _losses = new();

    /// <summary>In a write of the run; the job is over then.</summary>
    /// <param name="others">Of the rows that <paramref name="results"/> does not name.</param>
    /// <returns>How many records Klaviyo took or refused.</returns>
    public async Task<int> SettleAsync(AppDbContext db, Run run, long jobId, IReadOnlyDictionary<string, RowResult> results, RowFate others = RowFate.Unknown)
    {
        var job = await db.CatalogJobs.AsTracking().SingleOrDefaultAsync(row => row.Id == jobId);
        if (job is null)
            return 0;
        // In the order of the job's rows, whose ids are those that were sent: a store's prefix may have changed since.
        var records = await db.CatalogRecords.AsTracking().Where(row => row.JobId == jobId).OrderBy(row => row.Id).ToListAsync();
        var ids = job.RowIds.Split(' ');
        var settled = 0;
        foreach (var (index, record) in records.Index())
        {
            var id = ids.Length == records.Count ? ids[index] : CatalogClaims.Row(record, job.Operation).ExternalId;
            var result = results.GetValueOrDefault(id) ?? new RowResult(others);
            record.JobId = null;
            settled += await SettleAsync(db, run, job, record, id, result) ? 1 : 0;
        }

        db.CatalogJobs.Remove(job);
        await db.SaveChangesAsync();
        await DecideAsync(db, records);
        await db.SaveChangesAsync();
        return settled;
    }

    /// <summary>The call itself was refused, or nobody knows: its rows go back to be sent, with fewer others.</summary>
    public Task<int> ReturnAsync(AppDbContext db, Run run, ClaimedJob claimed, KlaviyoError? error) =>
        SettleAsync(db, run, claimed.Job.Id, claimed.Records.ToDictionary(record => CatalogClaims.Row(record, claimed.Job.Operation).ExternalId, _ => new RowResult(RowFate.Unknown, error)));

    /// <summary>Nothing was sent, or nobody will ever know: the rows stay as they were.</summary>
    /// <param name="isOld">What it was to delete is deleted only if the store still does not have it.</param>
    public async Task ReleaseAsync(AppDbContext db, long jobId, bool isOld)
    {
        var records = await db.CatalogRecords.AsTracking().Where(row => row.JobId == jobId).ToListAsync();
        foreach (var record in records)
            (record.JobId, record.Removal) = (null, isOld && record.Removal == Removal.Approved ? Removal.Confirmed : record.Removal);
        await db.CatalogJobs.Where(row => row.Id == jobId).ExecuteDeleteAsync();
        if (records.Count > 0)
            await DecideAsync(db, records);
    }

    /// <summary>Klaviyo lacks a record that it had, and so what went with it.</summary>
    /// <param name="id">Its external id there.</param>
    /// <returns>False when that happens again and again: then it is as it was.</returns>
    public async Task<bool> TryLoseAsync(AppDbContext db, CatalogRecord record, string id)
    {
        if (_losses.AddOrUpdate(record.Id, 1, (_, losses) => losses + 1) > MostLosses)
            return false;
        await CatalogTies.LoseAsync(db, record, id);
        return true;
    }

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
            case RowFate.Missing when await TryLoseAsync(db, record, id):
                return false;
            case RowFate.Unsent:
                return false;
            case RowFate.LacksOther:
                return await LackAsync(db, run, record, job, result);
            case RowFate.Unknown when record.Tries < MostTries - 1:
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
            record.KlaviyoLinks = record.KlaviyoLinks is { } known && record.SentLinks is { } sent ? CatalogTies.Join(known.Split(' ').Union(sent.Split(' '))) : record.KlaviyoLinks;
        }

        record.KlaviyoHash = record.SentHash;
    }

    private static async Task DeletedAsync(AppDbContext db, CatalogRecord record, string id)
    {
        await CatalogTies.LoseAsync(db, record, id);
        record.Removal = Removal.None;
        if (record.IsGone)
            db.CatalogRecords.Remove(record);
    }

    private async Task<bool> LackAsync(AppDbContext db, Run run, CatalogRecord record, CatalogJob job, RowResult result)
    {
        var other = await db.CatalogRecords.AsTracking().FirstOrDefaultAsync(row => row.StoreId == record.StoreId && row.AccountId == record.AccountId
            && row.Kind == (record.Kind == CatalogKind.Variant ? CatalogKind.Item : CatalogKind.Category) && (row.KlaviyoExternalId ?? row.ExternalId) == result.Other && row.JobId == null);
        var isUnlinked = record.Kind == CatalogKind.Item && CatalogTies.TryUnlink(record, result.Other!);
        // Somebody has deleted it in Klaviyo: its own next run creates it again.
        if (other is { IsInKlaviyo: true } && await TryLoseAsync(db, other, result.Other!))
            CatalogPlan.Decide(other, hasItem: true, time.GetUtcNow());
        if (isUnlinked)
            return false;
        if (++record.Tries >= MostTries || other is null)
        {
            Refuse(db, run, record, job.Operation, result.Error, record.Kind == CatalogKind.Variant ? CatalogReasons.MissingItem : CatalogReasons.MissingCategory);
            return true;
        }

        // It is sent again at once, without the category; a variant waits for its item.
        if (record.Kind == CatalogKind.Item)
            return false;
        run.Counts.Skipped++;
        Add(db, run, record, job.Operation.ToString(), RecordResult.Skipped, result.Error, CatalogReasons.WaitingForItem);
        return true;
    }

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
}
