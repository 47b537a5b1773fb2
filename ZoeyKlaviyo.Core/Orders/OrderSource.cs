using Microsoft.EntityFrameworkCore;
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
        var isSetUp = await zoey.IsSetUpAsync(context.StoreId, stop);
        var problem = await waiting.ReviewAsync(context, isSetUp, stop);
        if (isSetUp)
            problem = await PollAsync(context, situation, stop) ?? problem;
        if (problem is not null)
            throw problem;
    }

    /// <returns>Why the listing ended early; what was read until then is kept.</returns>
    private async Task<ZoeyException?> PollAsync(RunContext context, StoreSituation situation, CancellationToken stop)
    {
        ZoeyException? problem = null;
        try
        {
            var from = await FromAsync(context, situation, stop);
            var unreadable = 0;
            await foreach (var page in zoey.ListOrdersAsync(context.StoreId, from, stop))
                unreadable += await TakeAsync(context, page, from, stop);
            if (unreadable > 0)
                problem = new ZoeyException(ZoeyProblem.Unreadable, $"{unreadable} could not be read, and nothing is sent of them; the run's records name them.");
        }
        catch (ZoeyException exception)
        {
            problem = exception;
        }

        await context.WriteContestedAsync(async (db, _) =>
        {
            if (await db.OrderWatermarks.SingleOrDefaultAsync(row => row.StoreId == context.StoreId) is not { } watermark)
                db.OrderWatermarks.Add(watermark = new OrderWatermark { StoreId = context.StoreId, ReadUntilUtc = FirstFrom(situation) });
            watermark.Problem = problem?.Message;
            if (problem is null)
                watermark.ReadUtc = time.GetUtcNow();
            return true;
        });
        return problem;
    }

    /// <returns>How many orders were found for the first time that can't be read.</returns>
    private async Task<int> TakeAsync(RunContext context, ZoeyOrderPage page, DateTimeOffset from, CancellationToken stop)
    {
        var orders = page.Select(OrderBook.TryKnow).OfType<ZoeyOrder>().ToList();
        var seen = await preparation.FromStoreAsync(context.StoreId, orders, context.WriteAsync, stop);
        return await context.WriteContestedAsync(async (db, run) =>
        {
            await book.DecideAsync(db, context.StoreId, seen, run, CancellationToken.None);
            await MoveAsync(db, context.StoreId, orders, from);
            return await OrderRecords.AddUnreadableAsync(db, run, page.Unreadable, time.GetUtcNow());
        });
    }

    /// <summary>Together with the orders of its page, so that neither a crash loses one nor a page is decided by half.</summary>
    private async Task MoveAsync(AppDbContext db, int storeId, List<ZoeyOrder> orders, DateTimeOffset from)
    {
        if (await db.OrderWatermarks.SingleOrDefaultAsync(row => row.StoreId == storeId) is not { } watermark)
            db.OrderWatermarks.Add(watermark = new OrderWatermark { StoreId = storeId, ReadUntilUtc = from });
        var now = time.GetUtcNow();
        foreach (var order in orders.Where(order => order.CreatedUtc > watermark.ReadUntilUtc))
            watermark.ReadUntilUtc = order.CreatedUtc < now ? order.CreatedUtc : now;
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
