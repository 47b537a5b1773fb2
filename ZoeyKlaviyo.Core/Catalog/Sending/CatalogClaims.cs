using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Catalog.Sending;

/// <summary>A job that is about to be sent, with its rows in their order.</summary>
internal sealed record ClaimedJob(CatalogJob Job, IReadOnlyList<CatalogRecord> Records);

/// <summary>Puts open records into jobs, before the call: a restart finds what may have been sent.</summary>
internal sealed class CatalogClaims(CatalogSituation situation, CatalogKind kind, TimeProvider time)
{
    /// <summary>Deletions first, as one may make room for a create of the same id.</summary>
    private static readonly CatalogOperation[] s_operations = [CatalogOperation.Delete, CatalogOperation.Create, CatalogOperation.Update];

    /// <param name="onlyFull">Leaves what would not fill a job, as more may come.</param>
    /// <returns>Null when there is nothing to send.</returns>
    public async Task<ClaimedJob?> NextAsync(AppDbContext db, bool onlyFull)
    {
        var now = await CatalogSituation.ReadAsync(db, situation.StoreId, kind, CancellationToken.None);
        if (now.Held is not null || now.AccountId != situation.AccountId)
            return null;
        foreach (var operation in s_operations)
        {
            var open = CatalogBook.Of(db, situation, kind).AsTracking().Where(row => row.State == CatalogState.Open && row.Operation == operation);
            var first = await open.OrderBy(row => row.Tries).ThenBy(row => row.Id).Select(row => (int?)row.Tries).FirstOrDefaultAsync();
            if (first is not { } tries)
                continue;
            var size = SizeOf(tries);
            var rows = open.Where(row => row.Tries == tries).OrderBy(row => row.Id).Take(size);
            if (!onlyFull || await rows.CountAsync() == size)
                return await ClaimAsync(db, operation, await rows.ToListAsync());
        }

        return null;
    }

    /// <summary>Records whose last job said nothing about each alone go with fewer others each time.</summary>
    private static int SizeOf(int tries) => tries switch { 0 => KlaviyoCatalogClient.MaxRows, 1 => 10, _ => 1 };

    private async Task<ClaimedJob> ClaimAsync(AppDbContext db, CatalogOperation operation, List<CatalogRecord> rows)
    {
        var job = new CatalogJob
        {
            StoreId = situation.StoreId,
            AccountId = situation.AccountId,
            Kind = kind,
            Operation = JobOperationOf(operation),
            Rows = rows.Count,
            RowIds = string.Join(' ', rows.Select(row => IdToSend(row, operation))),
            SentUtc = time.GetUtcNow(),
            NextPollUtc = time.GetUtcNow(),
        };
        db.CatalogJobs.Add(job);
        await db.SaveChangesAsync();
        foreach (var row in rows)
            (row.State, row.JobId, row.SentHash, row.SentLinks, row.SentParentId) = (CatalogState.Sending, job.Id, row.ContentHash, row.Links, row.ParentId);
        await db.SaveChangesAsync();
        return new ClaimedJob(job, rows);
    }

    /// <summary>A record with a new id is deleted under the old one.</summary>
    public static string IdToSend(CatalogRecord row, CatalogOperation operation) => operation == CatalogOperation.Create ? row.ExternalId : row.KlaviyoExternalId ?? row.ExternalId;

    public static JobOperation JobOperationOf(CatalogOperation operation) => operation switch
    {
        CatalogOperation.Create => JobOperation.Create,
        CatalogOperation.Update => JobOperation.Update,
        CatalogOperation.Delete => JobOperation.Delete,
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, null),
    };

    public static CatalogRow Row(CatalogRecord record, JobOperation operation) => new(
        operation == JobOperation.Create ? record.ExternalId : record.KlaviyoExternalId ?? record.ExternalId, record.Content, record.ParentId, LinksOf(record.Links));

    public static IReadOnlyList<string>? LinksOf(string? links) => links?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
