using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Events.Delivery;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Orders;

/// <summary>Brings a store's orders into the outbox: those that wait, what pushes have left over, and what is new in the store.</summary>
public sealed class OrderSource(
    OrderBook book, OrderPreparation preparation, WaitingOrders waiting, IZoeyClient zoey, TimeProvider time) : IPayloadSource
{
    /// <summary>An order may show up in the listing a while after the time it carries.</summary>
    private static readonly TimeSpan s_overlap = TimeSpan.FromMinutes(30);

    /// <summary>
    /// How far back the first reading goes at most, when credentials come long after the connection: a report by the month is
    /// whole, and neither the store nor Klaviyo gets years at once.
    /// </summary>
    private static readonly TimeSpan s_firstReading = TimeSpan.FromDays(30);

    private const int ReportedAtOnce = 200;

    public string Name => "Orders";

    public async Task BringInAsync(RunContext context, CancellationToken stop)
    {
        await ReportAsync(context, stop);
        await ForgetAsync(context, stop);
        var situation = await context.ReadAsync(db => StoreSituation.ReadAsync(db, context.StoreId, stop), stop);
        if (situation is null)
            return;
        var reading = new StoreReading(time);
        var isSetUp = await zoey.IsSetUpAsync(context.StoreId, stop);
        var problem = await waiting.ReviewAsync(context, isSetUp, reading, stop);
        if (isSetUp && !reading.IsOver)
            problem = await PollAsync(context, situation, reading, stop) ?? problem;
        if (problem is not null)
            throw problem;
    }

    /// <returns>Why the listing ended early; what was read until then is kept.</returns>
    private async Task<ZoeyException?> PollAsync(RunContext context, StoreSituation situation, StoreReading reading, CancellationToken stop)
    {
        ZoeyException? problem = null;
        var newest = DateTimeOffset.MinValue;
        var isWhole = true;
        try
        {
            var (unreadable, isReadable) = (0, true);
            await foreach (var page in zoey.ListOrdersAsync(context.StoreId, await FromAsync(context, situation, stop), stop))
            {
                var orders = page.Select(OrderBook.TryKnow).OfType<ZoeyOrder>().ToList();
                if (await TakeAsync(context, situation, page, orders, reading, stop) is not { } added)
                    return null;
                unreadable += added;
                isReadable = orders.Count > 0 || page.Unreadable.Count == 0;
                newest = orders.Select(order => order.CreatedUtc).Append(newest).Max();
                if (reading.IsOver)
                {
                    (isWhole, problem) = (false, reading.Problem);
                    break;
                }
            }

            if (unreadable > 0 || !isReadable)
                problem ??= new ZoeyException(ZoeyProblem.Unreadable, Unreadable(unreadable));
        }
        catch (ZoeyException exception)
        {
            (isWhole, problem) = (false, exception);
        }

        await context.WriteContestedAsync(async (db, _) =>
        {
            await NoteAsync(db, context.StoreId, situation, isWhole ? newest : null, problem);
            return true;
        });
        return problem;
    }

    private static string Unreadable(int count) => count switch
    {
        0 => "the store gives them in a way that can't be read. Test connection on Manage Connection says more.",
        1 => "one can't be read, and nothing is sent of it; the run's records name it.",
        _ => $"{count} can't be read, and nothing is sent of them; the run's records name them.",
    };

    /// <returns>How many orders were found for the first time that can't be read; null when the store is no longer connected to the account.</returns>
    private async Task<int?> TakeAsync(
        RunContext context, StoreSituation situation, ZoeyOrderPage page, List<ZoeyOrder> orders, StoreReading reading, CancellationToken stop)
    {
        var seen = await preparation.FromStoreAsync(context.StoreId, orders, reading, context.WriteAsync, stop);
        List<UnreadableOrder> unreadable =
            [.. page.Unreadable, .. page.Where(order => OrderBook.TryKnow(order) is null).Select(order => new UnreadableOrder(order.Number, "its number is too long"))];
        return await context.WriteContestedAsync(async (db, run) =>
        {
            // What was placed until now is judged, and read on, once the store is connected again.
            if ((await StoreSituation.ReadAsync(db, context.StoreId, CancellationToken.None))?.AccountId != situation.AccountId)
                return (int?)null;
            await book.DecideAsync(db, context.StoreId, seen, run, CancellationToken.None);
            return await OrderRecords.AddUnreadableAsync(db, run, unreadable, time.GetUtcNow());
        });
    }

    /// <param name="newest">When the newest order was placed; null when the listing was not read to its end, in whose order nothing can be trusted.</param>
    private async Task NoteAsync(AppDbContext db, int storeId, StoreSituation situation, DateTimeOffset? newest, ZoeyException? problem)
    {
        if (await db.OrderWatermarks.SingleOrDefaultAsync(row => row.StoreId == storeId) is not { } watermark)
            db.OrderWatermarks.Add(watermark = new OrderWatermark { StoreId = storeId, ReadUntilUtc = FirstFrom(situation) });
        watermark.Problem = problem?.Message;
        if (newest is not { } until)
            return;
        var now = time.GetUtcNow();
        watermark.ReadUtc = now;
        if (until > watermark.ReadUntilUtc)
            watermark.ReadUntilUtc = until < now ? until : now;
    }

    private async Task<DateTimeOffset> FromAsync(RunContext context, StoreSituation situation, CancellationToken stop)
    {
        var readUntil = await context.ReadAsync(
            db => db.OrderWatermarks.Where(row => row.StoreId == context.StoreId).Select(row => (DateTimeOffset?)row.ReadUntilUtc).SingleOrDefaultAsync(stop), stop);
        if (readUntil is null)
            return FirstFrom(situation);
        var from = readUntil.Value - s_overlap;
        // What was placed before the store had anything to do with this account does not count.
        return from > situation.ConnectedFromUtc ? from : situation.ConnectedFromUtc;
    }

    private DateTimeOffset FirstFrom(StoreSituation situation)
    {
        var earliest = time.GetUtcNow() - s_firstReading;
        return situation.ConnectedFromUtc > earliest ? situation.ConnectedFromUtc : earliest;
    }

    private async Task ReportAsync(RunContext context, CancellationToken stop)
    {
        while (await context.ReadAsync(db => OrderRecords.Unreported(db, context.StoreId).AnyAsync(stop), stop))
        {
            stop.ThrowIfCancellationRequested();
            await context.WriteContestedAsync((db, run) => OrderRecords.ReportAsync(db, run, ReportedAtOnce, time.GetUtcNow(), CancellationToken.None));
        }
    }

    private async Task ForgetAsync(RunContext context, CancellationToken stop)
    {
        if (await context.ReadAsync(db => TeamCarts.HasOldAsync(db, context.StoreId, time.GetUtcNow(), stop), stop))
            await context.WriteAsync(db => TeamCarts.ForgetOldAsync(db, context.StoreId, time.GetUtcNow(), CancellationToken.None));
    }
}
