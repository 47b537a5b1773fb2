using ZoeyKlaviyo.Core.Events.Intake;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Stores;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Orders;

/// <summary>Takes orders that a store pushes: decides at once what is known well enough, and leaves the rest to the next Events run.</summary>
public sealed class OrderFeed(Database database, OrderBook book, OrderPreparation preparation, IZoeyClient zoey, StoreSignals signals)
{
    public const int MaxBytes = 5_000_000;

    /// <summary>So that the writes of others need not wait for thousands.</summary>
    private const int OrdersAtOnce = 100;

    /// <returns>Once every order is on disk: those to be sent or still to be finished, and those that do not count.</returns>
    /// <exception cref="System.Text.Json.JsonException">The body is not JSON.</exception>
    /// <exception cref="System.Data.Common.DbException">The database failed; pushing all again does no harm.</exception>
    public async Task<CollectAnswer> TakeAsync(int storeId, ReadOnlyMemory<byte> body)
    {
        var ignored = new List<(int, string)>();
        var rejected = new List<(int, FieldErrors)>();
        var parsed = zoey.ParseOrders(body);
        var isSetUp = await zoey.IsSetUpAsync(storeId, CancellationToken.None);
        foreach (var chunk in parsed.Index().Chunk(OrdersAtOnce))
        {
            var orders = new List<(int Index, ZoeyOrder Order)>();
            foreach (var (index, order) in chunk)
            {
                if (order is not null && OrderBook.TryKnow(order) is { } known)
                    orders.Add((index, known));
                else
                    rejected.Add((index, Problem(order)));
            }

            var fates = await DecideAsync(storeId, orders.ConvertAll(entry => entry.Order), isSetUp);
            ignored.AddRange(orders.Zip(fates, (entry, fate) => (entry.Index, Reason: IgnoredFor(fate))).Where(entry => entry.Reason is not null).Select(entry => (entry.Index, entry.Reason!)));
        }

        signals.RunsChanged(storeId);
        return new CollectAnswer(parsed.Count - ignored.Count - rejected.Count, ignored, rejected);
    }

    private async Task<OrderFate[]> DecideAsync(int storeId, List<ZoeyOrder> orders, bool isSetUp)
    {
        var seen = await preparation.FromKnownAsync(storeId, orders, isSetUp, CancellationToken.None);
        return await database.WriteContestedAsync(db => book.DecideAsync(db, storeId, seen, null, CancellationToken.None), CancellationToken.None);
    }

    /// <summary>Null for what is sent, or will be once its products are known.</summary>
    private static string? IgnoredFor(OrderFate fate) => fate switch
    {
        { State: StoreOrderState.Queued } or { State: StoreOrderState.Waiting, Reason: OrderReasons.Products } => null,
        { Reason: OrderReasons.Products } => OrderReasons.Duplicate,
        _ => fate.Reason,
    };

    private static FieldErrors Problem(ZoeyOrder? order)
    {
        var errors = new FieldErrors();
        if (order is null)
            errors.Add("order", "is no order as the store's REST API gives it: increment_id, status and created_at are needed");
        else
            errors.Add("increment_id", $"must be 1 to {OrderBook.MaxNumberLength} characters");
        return errors;
    }
}
