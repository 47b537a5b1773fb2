using System.Globalization;
using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Catalog;

/// <summary>
/// Decides, once the store's list was read to its end, which records are deleted in Klaviyo: those that the store itself says it does not
/// have, as long as they are few. A list that lacks many is likelier to be wrong than a catalog to be emptied.
/// </summary>
internal sealed class DeletionGuard(RunContext context, CatalogSituation situation, CatalogKind kind, CatalogProgress progress, TimeProvider time)
{
    private const int SmallCatalog = 50;
    private const int MostOfSmall = 5;
    private const int BatchSize = 200;

    /// <param name="known">How many records Klaviyo holds.</param>
    /// <returns>How many of them may be lost without a person's confirmation.</returns>
    public static int Limit(int known) => known < SmallCatalog ? Math.Min(MostOfSmall, Math.Max(0, known - 1)) : known / 5;

    /// <param name="hasRecord">Whether the store still has a record that its list lacks; throws <see cref="ZoeyException"/> when it does not say.</param>
    public async Task DecideAsync(Func<string, Task<bool>> hasRecord, CancellationToken stop)
    {
        await ForgetUnsentAsync();
        await MarkGoneAsync();
        var lost = await context.ReadAsync(db => Lost(db).CountAsync(row => row.Removal != Removal.Confirmed, stop), stop);
        // Not of what this run has created: a new catalog in place of the old one makes no loss smaller.
        if (lost > Limit(progress.Known))
        {
            await HoldAsync();
            progress.MissFor(Sentence(lost, progress.Known));
        }

        for (var last = 0L; ;)
        {
            stop.ThrowIfCancellationRequested();
            var rows = await context.ReadAsync(db => Lost(db).Where(row => row.Id > last && row.Removal != Removal.Held).OrderBy(row => row.Id).Take(BatchSize).ToListAsync(stop), stop);
            if (rows.Count == 0)
                break;
            last = rows[^1].Id;
            await ApproveAsync(await AskAsync(rows, hasRecord, stop));
        }

        progress.Held = await context.ReadAsync(db => Own(db).CountAsync(row => row.Removal == Removal.Held, stop), stop);
    }

    private IQueryable<CatalogRecord> Own(AppDbContext db) => CatalogBook.Of(db, situation, kind);

    /// <summary>Not seen by this run, or seen with another id or product than Klaviyo has it with.</summary>
    private IQueryable<CatalogRecord> Lost(AppDbContext db) => Own(db).Where(row => row.IsInKlaviyo && row.JobId == null
        && row.Removal != Removal.Kept && row.Removal != Removal.Approved && (row.SeenRunId != context.RunId || row.State == CatalogState.Undecided || row.Removal == Removal.Held || row.Removal == Removal.Confirmed));

    /// <summary>What Klaviyo never had needs no deletion there.</summary>
    private Task ForgetUnsentAsync() => context.WriteAsync(db => Own(db)
        .Where(row => row.SeenRunId != context.RunId && !row.IsInKlaviyo && row.JobId == null).ExecuteDeleteAsync());

    private Task MarkGoneAsync() => context.WriteAsync(db => Own(db)
        .Where(row => row.SeenRunId != context.RunId && row.IsInKlaviyo && !row.IsGone).ExecuteUpdateAsync(update => update.SetProperty(row => row.IsGone, true)));

    private Task HoldAsync() => context.WriteAsync(db => Lost(db).Where(row => row.Removal == Removal.None)
        .ExecuteUpdateAsync(update => update.SetProperty(row => row.Removal, Removal.Held).SetProperty(row => row.State, CatalogState.Held).SetProperty(row => row.Operation, (CatalogOperation?)null)));

    /// <returns>Those that may be deleted.</returns>
    private async Task<List<long>> AskAsync(List<CatalogRecord> rows, Func<string, Task<bool>> hasRecord, CancellationToken stop)
    {
        var approved = new List<long>();
        foreach (var row in rows)
        {
            stop.ThrowIfCancellationRequested();
            try
            {
                if (!row.IsGone || !await hasRecord(row.RecordId))
                    approved.Add(row.Id);
                else
                    progress.MissFor("The store's list lacks records that the store still has: they are kept in Klaviyo.");
            }
            catch (ZoeyException exception)
            {
                progress.MissFor($"Not all records that the store's list lacks could be looked for, so they are kept in Klaviyo: {exception.Message}");
                break;
            }
        }

        return approved;
    }

    private Task ApproveAsync(List<long> ids) => context.WriteAsync(async db =>
    {
        foreach (var row in await Own(db).AsTracking().Where(row => EF.Parameter(ids).Contains(row.Id)).ToListAsync())
        {
            row.Removal = Removal.Approved;
            CatalogPlan.Decide(row, hasItem: true, time.GetUtcNow());
        }
    });

    private static string Sentence(int lost, int known) => string.Create(
        CultureInfo.InvariantCulture,
        $"Held for your confirmation: {lost:#,0} of {known:#,0} would be deleted in Klaviyo, which is more than a store usually loses in a day. Press Confirm deletions or Keep on Manage Connection.");
}
