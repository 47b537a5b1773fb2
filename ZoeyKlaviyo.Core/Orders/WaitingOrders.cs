using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Orders;

/// <summary>Looks again at orders that were not placed yet, or of which something had to be read first.</summary>
public sealed class WaitingOrders(OrderBook book, OrderPreparation preparation, IZoeyClient zoey)
{
    private const int RowsAtOnce = 50;

    /// <returns>Why some could not be read again; they go on waiting.</returns>
    internal async Task<ZoeyException?> ReviewAsync(RunContext context, bool isSetUp, StoreReading reading, CancellationToken stop)
    {
        ZoeyException? problem = null;
        for (long lastId = 0; ;)
        {
            stop.ThrowIfCancellationRequested();
            if (reading.IsOver)
                return reading.Problem ?? problem;
            var rows = await context.ReadAsync(
                db => db.StoreOrders
                    .Where(row => row.StoreId == context.StoreId && row.State == StoreOrderState.Waiting && row.Id > lastId)
                    .OrderBy(row => row.Id).Take(RowsAtOnce).ToListAsync(stop),
                stop);
            if (rows.Count == 0)
                return problem;
            lastId = rows[^1].Id;
            problem = await ReviewAsync(context, rows, isSetUp, reading, stop) ?? problem;
        }
    }

    private async Task<ZoeyException?> ReviewAsync(RunContext context, List<StoreOrder> rows, bool isSetUp, StoreReading reading, CancellationToken stop)
    {
        var (ofStore, unreadable, problem) = isSetUp ? await ReadAgainAsync(context.StoreId, rows, reading, stop) : ([], [], null);
        var orders = new List<ZoeyOrder>();
        var unheard = new Dictionary<long, string>();
        foreach (var row in rows)
        {
            if (isSetUp && IsReadAgain(row))
            {
                if (ofStore.TryGetValue(row.Number, out var order))
                    orders.Add(order);
                else if (book.IsOutOfPatience(row, isUnheard: problem is not null))
                    unheard.Add(row.Id, unreadable.Contains(row.EntityId!) ? OrderReasons.Unreadable : OrderReasons.NotPlaced);
            }
            else if (row.Body is { } body && JsonSerializer.Deserialize<ZoeyOrder>(body) is { } pushed)
            {
                orders.Add(pushed);
            }
            else if (book.IsOutOfPatience(row))
            {
                unheard.Add(row.Id, OrderReasons.NotPlaced);
            }
        }

        var seen = isSetUp
            ? await preparation.FromStoreAsync(context.StoreId, orders, reading, context.WriteAsync, stop)
            : await preparation.FromKnownAsync(context.StoreId, orders, isSetUp, stop);
        if (seen.Count > 0 || unheard.Count > 0)
            await WriteAsync(context, seen, unheard);
        return problem ?? reading.Problem;
    }

    private Task WriteAsync(RunContext context, List<SeenOrder> seen, Dictionary<long, string> unheard) => context.WriteContestedAsync(async (db, run) =>
    {
        await book.DecideAsync(db, context.StoreId, seen, run, CancellationToken.None);
        var ids = unheard.Keys.ToList();
        var rows = await db.StoreOrders.Where(row => EF.Parameter(ids).Contains(row.Id) && row.State == StoreOrderState.Waiting).ToListAsync();
        foreach (var row in rows)
            book.GiveUp(db, row, unheard[row.Id], run);
        return true;
    });

    /// <summary>Its status has to be asked of the store; products are asked for with what is known of the order.</summary>
    private static bool IsReadAgain(StoreOrder row) => row.EntityId is not null && row.Reason == OrderReasons.NotPlaced;

    private async Task<(Dictionary<string, ZoeyOrder> ByNumber, HashSet<string> Unreadable, ZoeyException? Problem)> ReadAgainAsync(
        int storeId, List<StoreOrder> rows, StoreReading reading, CancellationToken stop)
    {
        var ids = rows.Where(IsReadAgain).Select(row => row.EntityId!).ToList();
        if (ids.Count == 0)
            return ([], [], null);
        try
        {
            var found = await zoey.FindOrdersAsync(storeId, ids, stop);
            return (
                found.Select(OrderBook.TryKnow).OfType<ZoeyOrder>().DistinctBy(order => order.Number).ToDictionary(order => order.Number),
                found.Unreadable.Select(order => order.Id).ToHashSet(),
                null);
        }
        catch (ZoeyException exception)
        {
            if (exception.IsTransient)
                reading.Failed(exception);
            return ([], [], exception);
        }
    }
}
