using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Catalog.Reading;
using ZoeyKlaviyo.Core.Catalog.Sending;
using ZoeyKlaviyo.Core.Events.Delivery;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Catalog;

/// <summary>Reads the records that people asked for again from the store, and sends those that differ. It deletes nothing.</summary>
internal sealed class CatalogRecordRun(IZoeyClient zoey, ProductImages images, CatalogServices services, IOptions<ZoeyOptions> options) : ISyncRun
{
    private const int MaxRecords = 100;
    private readonly TimeZoneInfo _zone = TimeZoneInfo.FindSystemTimeZoneById(options.Value.TimeZone);

    public SyncKind Kind => SyncKind.CatalogRecord;

    public Task AbandonAsync(AppDbContext db, Run run, CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<RunOutcome> ExecuteAsync(RunContext context, CancellationToken stop)
    {
        var situation = await context.ReadAsync(db => CatalogSituation.ReadAsync(db, context.StoreId, null, stop), stop);
        var rows = await RequestedAsync(context, situation, stop);
        if (situation.Held is { } held)
            return new RunOutcome(RunStatus.Skipped, held, IsStopped: true);
        if (rows.Count == 0)
            return new RunOutcome(RunStatus.Succeeded, "Nothing was asked for.", IsIdle: true);
        var progress = new CatalogProgress(services.Time);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(services.Time.GetUtcNow(), _zone).DateTime);
        var comparison = new CatalogComparison(context, situation, progress, new CatalogContent(situation, today), services.Time);
        var done = new List<CatalogRecord>();
        try
        {
            // Others may be asked for while the first are under way.
            for (; rows.Count > 0 && !progress.IsEnded; rows = await RequestedAsync(context, situation, stop))
            {
                await ReadAsync(context, situation, progress, comparison, rows, stop);
                await SendAsync(context, situation, progress, stop);
                done.AddRange(rows);
            }
        }
        catch (ZoeyException exception)
        {
            return new RunOutcome(RunStatus.Failed, exception.Message, IsStopped: true);
        }

        return await OutcomeAsync(context, done, progress);
    }

    private static Task<List<CatalogRecord>> RequestedAsync(RunContext context, CatalogSituation situation, CancellationToken stop) => context.ReadAsync(
        db => db.CatalogRecords.Where(row => row.StoreId == context.StoreId && row.AccountId == situation.AccountId && row.RequestedBy != null)
            .OrderBy(row => row.Id).Take(MaxRecords).ToListAsync(stop),
        stop);

    private async Task ReadAsync(
        RunContext context, CatalogSituation situation, CatalogProgress progress, CatalogComparison comparison, List<CatalogRecord> rows, CancellationToken stop)
    {
        var tree = rows.Exists(row => row.Kind == CatalogKind.Category) ? new CategoryTree(await zoey.ListCategoriesAsync(context.StoreId, stop)) : null;
        foreach (var row in rows)
        {
            stop.ThrowIfCancellationRequested();
            var isThere = row.Kind == CatalogKind.Category ? await comparison.CompareCategoriesAsync(tree!, [row.RecordId]) : await ReadProductAsync(context, progress, comparison, row, stop);
            await TellAsync(context, situation, row, isThere);
        }
    }

    private async Task<bool> ReadProductAsync(RunContext context, CatalogProgress progress, CatalogComparison comparison, CatalogRecord row, CancellationToken stop)
    {
        if (await zoey.FindProductAsync(context.StoreId, row.RecordId, stop) is not { } product)
            return false;
        var stock = (await zoey.FindStockAsync(context.StoreId, [row.RecordId], stop)).DistinctBy(one => one.ProductId).ToDictionary(one => one.ProductId);
        await context.WriteAsync(async db =>
        {
            var number = await db.CatalogListings.Where(listing => listing.StoreId == context.StoreId).Select(listing => listing.WholeNumber).FirstOrDefaultAsync(CancellationToken.None);
            await ProductMirror.KeepAsync(db, context.StoreId, number, [product]);
            await StockBook.KeepAsync(db, context.StoreId, stock);
        });
        await images.ReadAgainAsync(context, progress, row.RecordId, stop);
        if (row.Kind == CatalogKind.Item)
            await comparison.CompareItemsAsync([row.RecordId], 1);
        await comparison.CompareVariantsAsync([row.RecordId], row.Kind == CatalogKind.Item ? 0 : 1);
        return true;
    }

    private Task TellAsync(RunContext context, CatalogSituation situation, CatalogRecord row, bool isThere) => context.WriteAsync(
        async (db, run) =>
        {
            await db.CatalogRecords.Where(one => one.Id == row.Id).ExecuteUpdateAsync(update => update.SetProperty(one => one.RequestedBy, (string?)null));
            var now = await db.CatalogRecords.SingleOrDefaultAsync(one => one.Id == row.Id);
            var settlement = new CatalogSettlement(situation, services.Time);
            if (!isThere)
                settlement.Add(db, run, row, "Read", RecordResult.Skipped, null, CatalogReasons.NotInStore);
            else if (now?.State == CatalogState.InSync)
                settlement.Add(db, run, row, "Read", RecordResult.Unchanged);
            else if (now?.State == CatalogState.Waiting)
                settlement.Add(db, run, row, "Create", RecordResult.Skipped, null, CatalogReasons.WaitingForItem);
            run.Counts.Skipped += isThere && now?.State != CatalogState.Waiting ? 0 : 1;
            return true;
        },
        CancellationToken.None);

    private async Task SendAsync(RunContext context, CatalogSituation situation, CatalogProgress progress, CancellationToken stop)
    {
        progress.IsReading = false;
        foreach (var kind in Enum.GetValues<CatalogKind>())
        {
            var own = await context.ReadAsync(db => CatalogSituation.ReadAsync(db, context.StoreId, kind, stop), stop);
            // A switch that is No holds its kind only.
            if (own.Held is { } held)
                progress.MissFor(held);
            if (own.Held is not null || progress.IsEnded)
                continue;
            await context.WriteAsync(db => CatalogBook.AskAgainAsync(db, situation, kind));
            await new CatalogSender(context, situation, kind, progress, services).SendAsync(Task.CompletedTask, stop);
        }
    }

    private static async Task<RunOutcome> OutcomeAsync(RunContext context, List<CatalogRecord> rows, CatalogProgress progress)
    {
        var counts = await context.WriteAsync(
            (_, run) =>
            {
                (run.Phase, run.ProgressNote, run.ProgressRate, run.WaitingSinceUtc) = (null, null, null, null);
                return Task.FromResult(run.Counts);
            },
            CancellationToken.None);
        var done = $"{(rows.Count == 1 ? CatalogRecords.Name(rows[0]) : $"{rows.Count} records")}: "
            + (counts.Created + counts.Updated + counts.Deleted > 0 ? $"{counts.Created} created, {counts.Updated} updated, {counts.Deleted} deleted."
                : counts.Failed > 0 ? "refused by Klaviyo." : counts.Skipped > 0 ? "not sent." : "Klaviyo has it as the store has it.");
        if (progress.Stop is { } reason)
            return new RunOutcome(RunStatus.Failed, $"{AnswerRules.Sentence(reason.Reason, reason.Answer)} {done}", IsStopped: true);
        var sentence = progress.Missed is { } missed ? $"{missed} {done}" : done;
        return new RunOutcome(progress.HeldFor is null && counts.Failed == 0 && progress.Missed is null ? RunStatus.Succeeded : RunStatus.Partial, sentence);
    }
}
