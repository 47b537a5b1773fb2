using System.Globalization;
using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Events.Delivery;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Subscribers.Delivery;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Subscribers;

/// <summary>
/// Reads all of the store's subscribers, tells Klaviyo of everybody whose last change it does not know, and reads who opted out there.
/// </summary>
internal sealed class SubscribersRun(IZoeyClient zoey, OpenSubscribers open, OptOutReading optOuts, TimeProvider time) : ISyncRun
{
    /// <summary>As many as one write takes.</summary>
    private const int BatchSize = 1000;

    private const string NotAvailable = "Not available: the store's API is not set up, no file was uploaded and the store has pushed nothing. "
        + "Set up the store's API on Manage Connection, or upload a CSV export of the subscribers there.";

    public SyncKind Kind => SyncKind.Subscribers;

    public Task AbandonAsync(AppDbContext db, Run run, CancellationToken cancellationToken) => PayloadClaims.AbandonAsync(db, run.Id, run.StoreId, cancellationToken);

    public async Task<RunOutcome> ExecuteAsync(RunContext context, CancellationToken stop)
    {
        var situation = await context.ReadAsync(db => SubscriptionSituation.ReadAsync(db, context.StoreId, stop), stop);
        if (situation.Store is null || situation.Held is not null)
            return new RunOutcome(RunStatus.Skipped, situation.Held!, IsStopped: true);
        var reading = await ReadStoreAsync(context, situation.Store, stop);
        var known = await context.ReadAsync(db => SubscriberBook.ReadingAsync(db, context.StoreId, situation.AccountId, stop), stop);
        var hasOther = known.LastPushUtc is not null || known.LastFileUtc is not null;
        if (!reading.IsSetUp && !hasOther)
            return new RunOutcome(RunStatus.Skipped, NotAvailable, IsStopped: true);
        if (reading.IsMissing && !hasOther)
            return new RunOutcome(RunStatus.Skipped, $"Not available: {reading.Problem}", IsStopped: true);

        var progress = new DeliveryProgress();
        if (reading.Problem is { } problem && !reading.IsMissing)
            progress.MissFor($"Subscribers could not be read to their end: {problem}");
        if (reading.IsSuspiciouslyEmpty)
            progress.MissFor("The store gave an empty list of subscribers, where it had some before. Nobody is unsubscribed for that; look at the store's API.");
        // Who has waited for long may have left since, and stand in the part of the list that was not read.
        var notBefore = reading.Problem is not null && !reading.IsMissing ? time.GetUtcNow() - SubscriptionTiming.StoreIsGood : (DateTimeOffset?)null;
        await open.SendAsync(context, notBefore, progress, stop);
        if (!progress.IsEnded)
            await optOuts.RefreshAsync(context, situation.AccountId, progress, stop);
        return await OutcomeAsync(context, reading, progress, stop);
    }

    private async Task<StoreList> ReadStoreAsync(RunContext context, StoreSituation store, CancellationToken stop)
    {
        if (!await zoey.IsSetUpAsync(context.StoreId, stop))
            return new StoreList(false, 0, 0, 0, null, false, false);
        var began = time.GetUtcNow();
        var (read, changed, unreadable, isWhole, newest) = (0, 0, 0, false, (long?)null);
        ZoeyException? problem = null;
        var batch = new List<SeenSubscriber>(BatchSize);
        var (asked, sight) = (began, new SubscriberSight(SubscriberOrigin.Listing, began, began));
        try
        {
            await foreach (var page in zoey.ListSubscribersAsync(context.StoreId, stop))
            {
                if (batch.Count == 0)
                    sight = sight with { AskedUtc = asked };
                isWhole |= page.EndsList;
                unreadable += page.Unreadable.Count;
                newest = page.Subscribers.Max(subscriber => subscriber.Id) is { } highest && !(newest > highest) ? highest : newest;
                batch.AddRange(page.Subscribers.Select(SubscriberBook.See));
                read += page.Subscribers.Count;
                if (batch.Count >= BatchSize || page.Unreadable.Count > 0)
                    changed += await WriteAsync(context, store, batch, sight, page.Unreadable);
                asked = time.GetUtcNow();
            }
        }
        catch (ZoeyException exception)
        {
            problem = exception;
        }

        changed += await WriteAsync(context, store, batch, sight, []);
        var isMissing = problem?.Problem is ZoeyProblem.NoSuchEndpoint or ZoeyProblem.Forbidden && read == 0;
        var wasEmptied = await context.WriteContestedAsync(async (db, run) =>
        {
            var row = await SubscriberBook.ReadingAsync(db, run.StoreId, store.AccountId, CancellationToken.None);
            (row.Problem, row.IsMissing, row.CanFilterChanges) = (problem?.Message, isMissing, true);
            var isEmptied = isWhole && read == 0 && row.WholeListingCount > 0;
            if (isWhole && !isEmptied)
            {
                (row.AnchorId, row.AnchorUtc) = row.AnchorUtc is null ? (newest ?? 0, began) : (row.AnchorId, row.AnchorUtc);
                row.NewestId = newest ?? row.NewestId ?? 0;
                (row.WholeListingUtc, row.WholeListingCount) = (began, read);
            }

            return isEmptied;
        });
        return new StoreList(true, read, changed, unreadable, problem?.Message, isMissing, wasEmptied);
    }

    private async Task<int> WriteAsync(
        RunContext context, StoreSituation store, List<SeenSubscriber> batch, SubscriberSight sight, IReadOnlyList<UnreadableSubscriber> unreadable)
    {
        if (batch.Count + unreadable.Count == 0)
            return 0;
        var changed = await context.WriteContestedAsync(async (db, run) =>
        {
            var count = await SubscriberIntake.TakeAsync(db, run, store, batch, sight, isQueued: false, time.GetUtcNow());
            SubscriberIntake.AddUnreadable(db, run, unreadable, time.GetUtcNow());
            run.ProgressDone += batch.Count + unreadable.Count;
            return count;
        });
        batch.Clear();
        return changed;
    }

    private static async Task<RunOutcome> OutcomeAsync(RunContext context, StoreList list, DeliveryProgress progress, CancellationToken stop)
    {
        var counts = (await context.ReadAsync(db => db.Runs.SingleAsync(run => run.Id == context.RunId, stop), stop)).Counts;
        var subscribed = await context.ReadAsync(db => SubscriberCounts.ReadAsync(db, context.RunId), stop);
        var done = Sentence(list, subscribed, counts);
        var status = counts.Failed == 0 && progress.Missed is null ? RunStatus.Succeeded : RunStatus.Partial;
        if (progress.Stop is { } reason)
        {
            var words = AnswerRules.Sentence(reason.Reason, reason.Answer);
            return new RunOutcome(counts.Sent > 0 ? RunStatus.Partial : RunStatus.Failed, Join(progress.Missed, words, done), IsStopped: true);
        }

        return progress.Held is { } held
            ? new RunOutcome(RunStatus.Partial, Join(progress.Missed, held, done), IsStopped: true)
            : new RunOutcome(status, Join(progress.Missed, done), IsIdle: status == RunStatus.Succeeded && list.Changed == 0 && subscribed.Total == 0);
    }

    private static string Sentence(StoreList list, SubscriberCounts counts, RunCounts run)
    {
        string Number(int count) => count.ToString("#,0", CultureInfo.InvariantCulture);
        var parts = new List<string>();
        void Add(int count, string words)
        {
            if (count > 0)
                parts.Add($"{Number(count)} {words}");
        }

        Add(counts.Subscribed, "subscribed");
        Add(counts.Unsubscribed, "unsubscribed");
        Add(run.Unchanged, "already subscribed");
        Add(counts.OptedOut, "opted out in Klaviyo");
        Add(counts.Historical, "subscribed before the connection and not sent, as Enable Historical Subscribers Sync is No");
        Add(run.Failed, "refused or not readable");
        var read = list.IsSetUp && !list.IsMissing ? $"{Number(list.Read)} subscribers read, {(list.Changed == 0 ? "none" : Number(list.Changed))} changed" : "Subscribers from pushes and files";
        return $"{read}: {(parts.Count == 0 ? "nothing to send" : string.Join(", ", parts))}.";
    }

    private static string Join(params string?[] sentences) => string.Join(' ', sentences.Where(sentence => sentence is not null));

    /// <param name="Problem">Why it was not read to its end.</param>
    private sealed record StoreList(bool IsSetUp, int Read, int Changed, int Unreadable, string? Problem, bool IsMissing, bool IsSuspiciouslyEmpty);
}
