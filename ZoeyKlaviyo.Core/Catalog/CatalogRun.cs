using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Catalog.Sending;
using ZoeyKlaviyo.Core.Events.Delivery;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Catalog;

/// <summary>
/// A run of one kind of the catalog: reads the store, compares, and sends the differences while it still reads. What was sent is followed to its
/// end, also what an earlier run had sent.
/// </summary>
internal abstract class CatalogRun(CatalogKind kind, IZoeyClient zoey, CatalogServices services, IOptions<ZoeyOptions> options) : ISyncRun
{
    private const int MaxWaitingRecords = 10_000;
    private const string NotSetUp = "Not available: the store's API is not set up. Set it up on Manage Connection.";
    private readonly TimeZoneInfo _zone = TimeZoneInfo.FindSystemTimeZoneById(options.Value.TimeZone);

    public abstract SyncKind Kind { get; }

    protected IZoeyClient Zoey => zoey;

    protected TimeProvider Time => services.Time;

    /// <summary>Nothing to put right: jobs and their records are found as they are.</summary>
    public Task AbandonAsync(AppDbContext db, Run run, CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<RunOutcome> ExecuteAsync(RunContext context, CancellationToken stop)
    {
        var situation = await context.ReadAsync(db => CatalogSituation.ReadAsync(db, context.StoreId, kind, stop), stop);
        if (situation.Held is { } held)
            return new RunOutcome(RunStatus.Skipped, held, IsStopped: true);
        if (!await zoey.IsSetUpAsync(context.StoreId, stop))
            return new RunOutcome(RunStatus.Skipped, NotSetUp, IsStopped: true);
        var progress = new CatalogProgress(Time) { Expected = await ExpectedAsync(context, situation, stop), Known = await KnownAsync(context, situation, stop) };
        await context.WriteAsync(db => CatalogBook.AskAgainAsync(db, situation, kind));
        await WorkAsync(context, situation, progress, stop);
        await TellWaitingAsync(context, situation, progress);
        return await OutcomeAsync(context, progress);
    }

    /// <summary>Reads the store and compares, until the end of <paramref name="progress"/>.</summary>
    protected abstract Task ReadAsync(RunContext context, CatalogSituation situation, CatalogProgress progress, CatalogContent content, CancellationToken stop);

    protected CatalogComparison Comparison(RunContext context, CatalogSituation situation, CatalogProgress progress, CatalogContent content) =>
        new(context, situation, progress, content, Time);

    protected Task DecideDeletionsAsync(
        RunContext context, CatalogSituation situation, CatalogProgress progress, Func<string, Task<bool>> hasRecord, CancellationToken stop) =>
        new DeletionGuard(context, situation, kind, progress, Time).DecideAsync(hasRecord, stop);

    private async Task WorkAsync(RunContext context, CatalogSituation situation, CatalogProgress progress, CancellationToken stop)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(Time.GetUtcNow(), _zone).DateTime);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var reading = Task.Run(
            async () =>
            {
                await ReadAsync(context, situation, progress, new CatalogContent(situation, today), end.Token);
                progress.IsReading = false;
            },
            CancellationToken.None);
        try
        {
            await new CatalogSender(context, situation, kind, progress, services).SendAsync(reading, stop);
        }
        finally
        {
            if (!reading.IsCompleted)
                await end.CancelAsync();
            await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // Its own cancellation, because sending has ended, is no error.
        if (!reading.IsCanceled)
            await reading;
        stop.ThrowIfCancellationRequested();
    }

    private Task<int?> ExpectedAsync(RunContext context, CatalogSituation situation, CancellationToken stop) => context.ReadAsync(
        async db => await CatalogBook.Of(db, situation, kind).CountAsync(stop) is > 0 and var count ? (int?)count : null, stop);

    private Task<int> KnownAsync(RunContext context, CatalogSituation situation, CancellationToken stop) => context.ReadAsync(
        db => CatalogBook.Of(db, situation, kind).CountAsync(row => row.IsInKlaviyo && row.Removal != Removal.Kept, stop), stop);

    private async Task TellWaitingAsync(RunContext context, CatalogSituation situation, CatalogProgress progress)
    {
        var settlement = new CatalogSettlement(situation, Time);
        for (var (last, told) = (0L, 0); told < MaxWaitingRecords;)
        {
            var count = await context.WriteAsync(
                async (db, run) =>
                {
                    var rows = await CatalogBook.Of(db, situation, kind).Where(row => row.State == CatalogState.Waiting && row.SeenRunId == run.Id && row.Id > last)
                        .OrderBy(row => row.Id).Take(500).ToListAsync();
                    foreach (var row in rows)
                        settlement.Add(db, run, row, "Create", RecordResult.Skipped, null, CatalogReasons.WaitingForItem);
                    run.Counts.Skipped += rows.Count;
                    progress.Waiting += rows.Count;
                    last = rows.Count > 0 ? rows[^1].Id : last;
                    return rows.Count;
                },
                CancellationToken.None);
            told += count;
            if (count == 0)
                return;
        }
    }

    private async Task<RunOutcome> OutcomeAsync(RunContext context, CatalogProgress progress)
    {
        var counts = await context.WriteAsync(
            (_, run) =>
            {
                progress.Show(run);
                (run.Phase, run.ProgressNote, run.ProgressRate, run.WaitingSinceUtc) = (null, null, null, null);
                return Task.FromResult(run.Counts);
            },
            CancellationToken.None);
        var done = Sentence(progress, counts);
        var hasDone = counts.Created + counts.Updated + counts.Deleted > 0;
        if (progress.Unavailable is { } unavailable && progress.Read == 0)
            return new RunOutcome(RunStatus.Skipped, $"Not available: {unavailable}", IsStopped: true);
        if (progress.Stop is { } stop)
            return new RunOutcome(hasDone ? RunStatus.Partial : RunStatus.Failed, Join(progress.Missed, AnswerRules.Sentence(stop.Reason, stop.Answer), done), IsStopped: true);
        if (progress.HeldFor is { } held)
            return new RunOutcome(RunStatus.Partial, Join(progress.Missed, held, done), IsStopped: true);
        var isWhole = progress.Missed is null && counts.Failed == 0;
        var status = isWhole ? RunStatus.Succeeded : progress.Read == 0 && !hasDone ? RunStatus.Failed : RunStatus.Partial;
        return new RunOutcome(status, Join(progress.Missed, done, progress.Remark), IsIdle: isWhole && !hasDone && progress.Waiting == 0);
    }

    private string Sentence(CatalogProgress progress, RunCounts counts)
    {
        var parts = new List<string>();
        void Add(int count, string words)
        {
            if (count > 0)
                parts.Add($"{count.ToString("#,0", CultureInfo.InvariantCulture)} {words}");
        }

        Add(counts.Created, "created");
        Add(counts.Updated, "updated");
        Add(counts.Deleted, "deleted");
        Add(counts.Unchanged, "unchanged");
        Add(progress.Waiting, "waiting for their product");
        Add(counts.Failed, "refused by Klaviyo");
        Add(progress.Held, "deletions held for your confirmation");
        var things = kind switch { CatalogKind.Category => "categories", CatalogKind.Item => "products and variants", _ => "stock records" };
        return $"{progress.Read.ToString("#,0", CultureInfo.InvariantCulture)} {things} read: {(parts.Count == 0 ? "nothing to send" : string.Join(", ", parts))}.";
    }

    private static string Join(params string?[] sentences) => string.Join(' ', sentences.Where(sentence => sentence is not null));
}
