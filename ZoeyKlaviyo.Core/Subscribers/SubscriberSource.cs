using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Events.Delivery;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Subscribers.Delivery;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Subscribers;

/// <summary>The newest rows of the store's subscribers, read in each Events run, so that who subscribes is sent within minutes.</summary>
public sealed class SubscriberSource(IZoeyClient zoey, TimeProvider time) : IPayloadSource
{
    /// <summary>A change may show up a while after the time it carries.</summary>
    private static readonly TimeSpan s_overlap = TimeSpan.FromMinutes(30);

    public string Name => "Subscribers";

    public async Task BringInAsync(RunContext context, CancellationToken stop)
    {
        var (situation, reading) = await context.ReadAsync(
            async db =>
            {
                var now = await SubscriptionSituation.ReadAsync(db, context.StoreId, stop);
                return (now, now.Store is null ? null : await SubscriberBook.ReadingAsync(db, context.StoreId, now.AccountId, stop));
            },
            stop);
        // The first reading is worth it even while nothing is sent: it tells who had subscribed before.
        if (situation.Store is null || reading!.IsMissing || (situation.Held is not null && reading.AnchorUtc is not null) || !await zoey.IsSetUpAsync(context.StoreId, stop))
            return;
        try
        {
            await ReadAsync(context, situation, reading, stop);
        }
        catch (ZoeyException exception)
        {
            var isMissing = exception.Problem is ZoeyProblem.NoSuchEndpoint or ZoeyProblem.Forbidden;
            await NoteAsync(context, situation.Store, row => (row.Problem, row.IsMissing) = (exception.Message, isMissing));
            // Not there is not broken: a file or pushes stand in, and Manage Connection says so.
            if (!isMissing)
                throw;
        }
    }

    private async Task ReadAsync(RunContext context, SubscriptionSituation situation, SubscriberReading reading, CancellationToken stop)
    {
        var began = time.GetUtcNow();
        var newest = reading.NewestId;
        var canFilter = reading.CanFilterChanges;
        var (knowsNewest, asked) = (true, began);
        var changedFrom = canFilter && reading.NewestReadUtc is { } last ? last - s_overlap : (DateTimeOffset?)null;
        await foreach (var page in zoey.ListNewestSubscribersAsync(context.StoreId, changedFrom, reading.NewestId, stop))
        {
            canFilter &= page.Gap != ZoeySubscriberGap.Changes;
            knowsNewest &= page.Gap != ZoeySubscriberGap.Newest;
            newest = page.Subscribers.Max(subscriber => subscriber.Id) is { } highest && !(newest > highest) ? highest : newest;
            if (page.Subscribers.Count > 0)
                await TakeAsync(context, situation.Store!, [.. page.Subscribers.Select(SubscriberBook.See)], new SubscriberSight(SubscriberOrigin.Newest, asked, began));
            asked = time.GetUtcNow();
        }

        await NoteAsync(context, situation.Store!, row =>
        {
            // A store that can't say who is the newest does not tell who had subscribed before: the whole list does.
            if (knowsNewest)
            {
                (row.AnchorId, row.AnchorUtc) = row.AnchorUtc is null ? (newest ?? 0, began) : (row.AnchorId, row.AnchorUtc);
                row.NewestId = newest ?? 0;
            }

            (row.NewestReadUtc, row.CanFilterChanges, row.Problem, row.IsMissing) = (began, canFilter, null, false);
        });
    }

    private Task<int> TakeAsync(RunContext context, StoreSituation store, List<SeenSubscriber> seen, SubscriberSight sight) => context.WriteContestedAsync(async (db, run) =>
    {
        var now = await SubscriptionSituation.ReadAsync(db, run.StoreId, CancellationToken.None);
        // What was seen is kept per account; a store that went over to another is read anew for it.
        return now.AccountId == store.AccountId
            ? await SubscriberIntake.TakeAsync(db, run, store, seen, sight, isQueued: now.Held is null, time.GetUtcNow())
            : 0;
    });

    private static Task<bool> NoteAsync(RunContext context, StoreSituation store, Action<SubscriberReading> note) => context.WriteContestedAsync(async (db, run) =>
    {
        note(await SubscriberBook.ReadingAsync(db, run.StoreId, store.AccountId, CancellationToken.None));
        return true;
    });
}
