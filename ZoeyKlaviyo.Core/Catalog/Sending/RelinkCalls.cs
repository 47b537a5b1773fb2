using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Events.Delivery;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;

namespace ZoeyKlaviyo.Core.Catalog.Sending;

/// <summary>Sets the categories of items that are in one too many, one call each: it may be repeated without harm.</summary>
internal sealed class RelinkCalls(RunContext context, CatalogSituation situation, CatalogProgress progress, CatalogServices services)
{
    private const int AtOnce = 8;
    private const int MostTries = 3;
    private readonly CatalogSettlement _settlement = new(situation, services.Time);
    private readonly OutageCheck _outage = new(services.Klaviyo, services.Calls, context.StoreId, situation.AccountId);

    /// <returns>Whether there was anything to do.</returns>
    public async Task<bool> SendAsync(CancellationToken stop)
    {
        var rows = await context.ReadAsync(
            db => CatalogBook.Of(db, situation, CatalogKind.Item).Where(row => row.State == CatalogState.Open && row.Operation == CatalogOperation.Relink)
                .OrderBy(row => row.Tries).ThenBy(row => row.Id).Take(AtOnce).ToListAsync(stop),
            stop);
        await Task.WhenAll(rows.Select(SendAsync));
        return rows.Count > 0;
    }

    private async Task SendAsync(CatalogRecord sent)
    {
        var answer = await services.Calls.SendAsync(
            context.StoreId, situation.AccountId,
            (credential, cancellationToken) => services.Catalog.ReplaceCategoriesAsync(
                credential, sent.KlaviyoExternalId ?? sent.ExternalId, CatalogClaims.LinksOf(sent.Links) ?? [], cancellationToken),
            CancellationToken.None);
        var isGone = answer is { Status: 404, Verdict: Verdict.Misconfigured };
        var isOver = answer.Verdict is Verdict.Accepted or Verdict.Refused || isGone;
        if (!isOver && !(answer.Verdict == Verdict.NoVerdict && await _outage.IsKlaviyoUpAsync()))
        {
            progress.StopFor(answer.IsSent ? AnswerRules.StopOf(answer.Verdict) : AnswerRules.WhyNotSent(answer), answer);
            return;
        }

        await context.WriteAsync(
            async (db, run) =>
            {
                if (await db.CatalogRecords.AsTracking().SingleOrDefaultAsync(row => row.Id == sent.Id) is not { JobId: null } row)
                    return false;
                if (answer.Verdict == Verdict.Accepted)
                {
                    // After an update in the same run it is the rest of that.
                    if (!(row.SyncedUtc >= run.StartedUtc))
                    {
                        run.Counts.Updated++;
                        _settlement.Add(db, run, row, "Categories", RecordResult.Updated);
                    }

                    (row.KlaviyoLinks, row.Tries, row.SyncedUtc) = (sent.Links, 0, services.Time.GetUtcNow());
                }
                else if (isGone && await _settlement.TryLoseAsync(db, row, sent.KlaviyoExternalId ?? sent.ExternalId))
                {
                    row.Tries = 0;
                }
                else if (isGone || answer.Verdict == Verdict.Refused || ++row.Tries >= MostTries)
                {
                    _settlement.Refuse(db, run, row, JobOperation.Update, answer.Errors.Count > 0 ? answer.Errors[0] : null, isGone || answer.Verdict == Verdict.Refused ? CatalogReasons.Refused : CatalogReasons.NoVerdict);
                }

                CatalogPlan.Decide(row, hasItem: true, services.Time.GetUtcNow());
                progress.Show(run);
                return true;
            },
            CancellationToken.None);
    }
}
