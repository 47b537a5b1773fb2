using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Subscribers.Csv;
using ZoeyKlaviyo.Core.Subscribers.Delivery;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Subscribers.Files;

/// <summary>Reads an uploaded file of subscribers; the Subscribers run that it queues tells Klaviyo. Reading a file twice changes nothing.</summary>
internal sealed class SubscriberImportRun(Database database, RunQueue queue, IOptions<ZoeyOptions> options, TimeProvider time) : ISyncRun
{
    /// <summary>The first problems show what is wrong with a file; a million would not show more.</summary>
    private const int MaxRecorded = 10_000;

    public SyncKind Kind => SyncKind.SubscriberImport;

    public Task AbandonAsync(AppDbContext db, Run run, CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<RunOutcome> ExecuteAsync(RunContext context, CancellationToken stop)
    {
        var file = await context.ReadAsync(
            db => SubscriberFiles.Of(db, context.StoreId, Kind).Where(row => row.FinishedUtc == null && row.Position != null).OrderByDescending(row => row.Id).FirstOrDefaultAsync(stop), stop);
        if (file is null)
            return new RunOutcome(RunStatus.Skipped, "There is no file to read.", IsStopped: true);
        var columns = JsonSerializer.Deserialize<SubscriberColumns>(file.Position!)!;
        var (read, changed, failed) = (0, 0, 0);
        string? stopped = null;
        await using var content = new FilePartStream(database, file.Id);
        await foreach (var batch in SubscriberCsv.ReadAsync(content, columns, TimeZoneInfo.FindSystemTimeZoneById(options.Value.TimeZone), CancellationToken.None))
        {
            stop.ThrowIfCancellationRequested();
            stopped = batch.Stopped ?? stopped;
            if (await TakeAsync(context, file, batch, failed) is not { } count)
                return new RunOutcome(RunStatus.Failed, "The store was connected to another Klaviyo account meanwhile. Upload the file again.", IsStopped: true);
            read += batch.Rows.Count;
            failed += batch.Rows.Count(row => row.Subscriber is null);
            changed += count;
        }

        await FinishAsync(context, file);
        await queue.QueueAsync(context.StoreId, SyncKind.Subscribers, RunTrigger.Manual, file.CreatedBy, CancellationToken.None);
        var words = string.Create(
            CultureInfo.InvariantCulture,
            $"{read:#,0} lines of {file.Name} read: {changed:#,0} new or changed{(failed > 0 ? $", {failed:#,0} that can't be read" : "")}. They are sent with the next Subscribers run, which is queued.");
        return new RunOutcome(failed == 0 && stopped is null ? RunStatus.Succeeded : RunStatus.Partial, stopped is null ? words : $"{stopped} {words}");
    }

    /// <returns>How many are new or changed; null when the file was uploaded for another account than the one now connected.</returns>
    private Task<int?> TakeAsync(RunContext context, SubscriberFile file, SubscriberCsvBatch batch, int failedBefore) => context.WriteContestedAsync(async (db, run) =>
    {
        var situation = await SubscriptionSituation.ReadAsync(db, run.StoreId, CancellationToken.None);
        if (situation.Store is null || situation.AccountId != file.AccountId)
            return (int?)null;
        var now = time.GetUtcNow();
        var seen = batch.Rows.Select(row => row.Subscriber).OfType<ZoeySubscriber>().Select(SubscriberBook.See).ToList();
        var count = await SubscriberIntake.TakeAsync(db, run, situation.Store, seen, SubscriberSight.File, isQueued: false, now);
        var bad = batch.Rows.Where(row => row.Subscriber is null).ToList();
        foreach (var row in bad.Take(Math.Max(0, MaxRecorded - failedBefore)))
            SubscriberIntake.AddFailed(db, run, $"Line {row.Line.ToString(CultureInfo.InvariantCulture)}", SubscriptionReasons.UnreadableRow, row.Message!, now);
        run.Counts.Failed += Math.Max(0, bad.Count - Math.Max(0, MaxRecorded - failedBefore));
        run.Counts.Unchanged += seen.Count - count;
        run.Counts.Updated += count;
        run.ProgressDone += batch.Rows.Count;
        // By the share of the file's bytes: how many lines it has is not known before.
        run.ProgressTotal = batch.BytesRead == 0 ? null : (int)Math.Min(int.MaxValue, run.ProgressDone * (double)file.Bytes / batch.BytesRead);
        return (int?)count;
    });

    private Task<bool> FinishAsync(RunContext context, SubscriberFile file) => context.WriteContestedAsync(async (db, run) =>
    {
        var now = time.GetUtcNow();
        await db.SubscriberFileParts.Where(part => part.FileId == file.Id).ExecuteDeleteAsync();
        await db.SubscriberFiles.Where(row => row.Id == file.Id).ExecuteUpdateAsync(
            update => update.SetProperty(row => row.FinishedUtc, (DateTimeOffset?)now).SetProperty(row => row.Lines, run.ProgressDone).SetProperty(row => row.RunId, (long?)run.Id));
        var reading = await SubscriberBook.ReadingAsync(db, run.StoreId, file.AccountId, CancellationToken.None);
        (reading.LastFileUtc, reading.LastFileName) = (now, file.Name);
        return true;
    });
}
