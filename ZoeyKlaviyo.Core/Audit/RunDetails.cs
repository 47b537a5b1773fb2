using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Catalog;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Events.Delivery;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Audit;

/// <summary>Records of a run that failed, or were not sent, for the same reason.</summary>
/// <param name="Sample">Klaviyo's words for one of them.</param>
/// <param name="IsFailure">False: they were left out on purpose.</param>
public sealed record ProblemGroup(string ErrorCode, int Count, string Sample, ErrorAdvice? Advice, bool IsFailure = true);

/// <param name="Behind">What a queued run waits for: the one that its lane is at.</param>
public sealed record RunDetail(Run Run, IReadOnlyList<ProblemGroup> Problems, SyncKind? Behind = null);

/// <param name="Result">Null shows every result.</param>
/// <param name="Search">Part of an address or metric.</param>
public sealed record RecordFilter(RecordResult? Result = null, string? ErrorCode = null, string? Search = null);

/// <param name="Older">The last id of this page, to ask for the next; null on the last.</param>
public sealed record RecordPage(IReadOnlyList<RunRecord> Records, long? Older);

/// <param name="Request">What was sent, as text.</param>
/// <param name="Attempts">Every record of the same payload, or the last ones of the same record of the catalog, oldest first.</param>
/// <param name="Catalog">The record of the catalog as it is now; null when it is about none, or that is gone.</param>
public sealed record RecordDetail(
    RunRecord Record, Payload? Payload, string? Request, IReadOnlyList<RunRecord> Attempts, ErrorAdvice? Advice, CatalogRecord? Catalog = null);

/// <param name="Request">What is sent, as text; null when it can't be made from what is stored.</param>
/// <param name="Attempts">Oldest first.</param>
public sealed record PayloadDetail(Payload Payload, string? Request, IReadOnlyList<RunRecord> Attempts);

/// <summary>A run with its records.</summary>
public sealed class RunDetails(Database database)
{
    private const int MaxAttempts = 20;

    /// <summary>Null when the store has no such run.</summary>
    public Task<RunDetail?> FindAsync(AuthorizedStore store, long runId, CancellationToken cancellationToken) => database.ReadAsync(
        async db =>
        {
            var run = await db.Runs.SingleOrDefaultAsync(row => row.Id == runId && row.StoreId == store.Id, cancellationToken);
            if (run is null)
                return null;
            var groups = await db.RunRecords
                .Where(record => record.RunId == runId && record.ErrorCode != null)
                .GroupBy(record => record.ErrorCode!)
                .Select(group => new { Code = group.Key, Count = group.Count(), Sample = group.Min(record => record.Error), Failed = group.Count(record => record.Result == RecordResult.Failed || record.Result == RecordResult.Retry) })
                .OrderByDescending(group => group.Count)
                .ToListAsync(cancellationToken);
            return new RunDetail(
                run,
                groups.ConvertAll(group => new ProblemGroup(group.Code, group.Count, group.Sample ?? "", ErrorAdvice.For(group.Code), group.Failed > 0)),
                await BehindAsync(db, run, cancellationToken));
        },
        cancellationToken);

    public Task<RecordPage> RecordsAsync(
        AuthorizedStore store, long runId, RecordFilter filter, long? older, int size, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async db =>
            {
                var records = await Records(db, store, runId, filter).Where(record => older == null || record.Id < older)
                    .OrderByDescending(record => record.Id).Take(size + 1).ToListAsync(cancellationToken);
                return records.Count <= size ? new RecordPage(records, null) : new RecordPage(records[..size], records[size - 1].Id);
            },
            cancellationToken);

    /// <summary>Every record of the run, oldest first, as a stream.</summary>
    public IAsyncEnumerable<RunRecord> StreamRecordsAsync(
        AuthorizedStore store, long runId, RecordFilter filter, CancellationToken cancellationToken) =>
        database.StreamAsync(db => Records(db, store, runId, filter).OrderBy(record => record.Id), cancellationToken);

    /// <summary>Null when the store has no such record.</summary>
    public Task<RecordDetail?> RecordAsync(AuthorizedStore store, long recordId, CancellationToken cancellationToken) => database.ReadAsync(
        async db =>
        {
            var record = await db.RunRecords.SingleOrDefaultAsync(row => row.Id == recordId && row.StoreId == store.Id, cancellationToken);
            if (record is null)
                return null;
            if (record.CatalogRecordId is { } catalogId)
                return await CatalogAsync(db, store, record, catalogId, cancellationToken);
            var payload = record.PayloadId is { } payloadId ? await PayloadAsync(db, store, payloadId, record.AtUtc, cancellationToken) : null;
            return new RecordDetail(record, payload?.Payload, payload?.Request, payload?.Attempts ?? [record], ErrorAdvice.For(record.ErrorCode));
        },
        cancellationToken);

    /// <summary>Null when the store has no such payload.</summary>
    public Task<PayloadDetail?> PayloadAsync(AuthorizedStore store, long payloadId, CancellationToken cancellationToken) =>
        database.ReadAsync(db => PayloadAsync(db, store, payloadId, null, cancellationToken), cancellationToken);

    /// <param name="sentUtc">When it was sent, for what depends on that; null takes the last attempt.</param>
    private static async Task<PayloadDetail?> PayloadAsync(
        AppDbContext db, AuthorizedStore store, long payloadId, DateTimeOffset? sentUtc, CancellationToken cancellationToken)
    {
        var payload = await db.Payloads.SingleOrDefaultAsync(row => row.Id == payloadId && row.StoreId == store.Id, cancellationToken);
        if (payload is null)
            return null;
        var idPrefix = await db.Stores.Where(row => row.Id == store.Id).Select(row => row.IdPrefix).SingleAsync(cancellationToken);
        var attempts = await db.RunRecords.Where(row => row.PayloadId == payloadId && row.StoreId == store.Id).OrderBy(row => row.Id).ToListAsync(cancellationToken);
        var at = sentUtc ?? (attempts.Count > 0 ? attempts[^1].AtUtc : payload.ReceivedUtc);
        return new PayloadDetail(payload, PayloadMapper.TryRequestBody(payload, idPrefix, at), attempts);
    }

    private static async Task<RecordDetail> CatalogAsync(
        AppDbContext db, AuthorizedStore store, RunRecord record, long catalogId, CancellationToken cancellationToken)
    {
        var known = await db.CatalogRecords.SingleOrDefaultAsync(row => row.Id == catalogId && row.StoreId == store.Id, cancellationToken);
        var attempts = await db.RunRecords.Where(row => row.CatalogRecordId == catalogId && row.StoreId == store.Id)
            .OrderByDescending(row => row.Id).Take(MaxAttempts).ToListAsync(cancellationToken);
        attempts.Reverse();
        return new RecordDetail(record, null, null, attempts, ErrorAdvice.For(record.ErrorCode), known);
    }

    private static async Task<SyncKind?> BehindAsync(AppDbContext db, Run run, CancellationToken cancellationToken) => run.Status != RunStatus.Queued ? null
        : await db.Runs.Where(row => row.StoreId == run.StoreId && row.Lane == run.Lane && row.Status == RunStatus.Running)
            .Select(row => (SyncKind?)row.Kind).FirstOrDefaultAsync(cancellationToken);

    private static IQueryable<RunRecord> Records(AppDbContext db, AuthorizedStore store, long runId, RecordFilter filter)
    {
        var records = db.RunRecords.Where(record => record.RunId == runId && record.StoreId == store.Id);
        if (filter.Result is { } result)
            records = records.Where(record => record.Result == result);
        if (filter.ErrorCode is { } code)
            records = records.Where(record => record.ErrorCode == code);
        if (filter.Search is { Length: > 0 } search)
            records = records.Where(record => EF.Functions.Like(record.Record.ToLower(), LikePattern.Containing(search), LikePattern.Escape));
        return records;
    }
}
