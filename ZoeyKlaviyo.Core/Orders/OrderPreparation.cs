using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Orders;

/// <summary>Finds out what an order's events tell beside the order itself: what a listing left out, and its products.</summary>
public sealed class OrderPreparation(OrderBook book, ProductDirectory products, IZoeyClient zoey)
{
    /// <summary>From what is known already; asks the store nothing.</summary>
    /// <param name="isSetUp">The store's API can be asked later for what is missing.</param>
    internal async Task<List<SeenOrder>> FromKnownAsync(int storeId, IReadOnlyList<ZoeyOrder> orders, bool isSetUp, CancellationToken cancellationToken)
    {
        var known = await products.KnownAsync(storeId, orders.SelectMany(order => order.Lines ?? []).ToList(), cancellationToken);
        var undecided = await book.WithoutDecisionAsync(storeId, orders, cancellationToken);
        return orders.Select(order => new SeenOrder(
            order,
            known,
            IsComplete: !isSetUp || (IsWhole(undecided, order) && (order.Lines ?? []).All(known.HasIdFor)))).ToList();
    }

    /// <summary>Asks the store, for the orders that count, as long as the reading goes on.</summary>
    internal async Task<List<SeenOrder>> FromStoreAsync(
        int storeId, IReadOnlyList<ZoeyOrder> orders, StoreReading reading, WriteAsync write, CancellationToken stop)
    {
        var undecided = await book.WithoutDecisionAsync(storeId, orders, stop);
        var read = new List<(ZoeyOrder Order, bool IsWhole)>();
        foreach (var order in orders)
            read.Add(IsWhole(undecided, order) ? (order, true) : await WholeAsync(storeId, order, reading, stop));
        var lines = read.Where(entry => undecided.ContainsKey(entry.Order.Number)).SelectMany(entry => entry.Order.Lines ?? []).ToList();
        var (known, isComplete) = lines.Count == 0 ? (KnownLines.None, true) : await products.ResolveAsync(storeId, lines, reading, write, stop);
        return read.ConvertAll(entry => new SeenOrder(
            entry.Order, known, entry.IsWhole && (isComplete || (entry.Order.Lines ?? []).All(known.IsKnown))));
    }

    /// <summary>Of an order that does not count, nothing more is asked; should it count by the time it is decided, its lines must be there.</summary>
    private static bool IsWhole(Dictionary<string, Undecided> undecided, ZoeyOrder order) =>
        undecided.TryGetValue(order.Number, out var found) ? found.IsWhole : order.Lines is not null || order.EntityId is null;

    private async Task<(ZoeyOrder Order, bool IsWhole)> WholeAsync(int storeId, ZoeyOrder order, StoreReading reading, CancellationToken stop)
    {
        if (reading.IsHalfOver)
            return (order, IsWhole: false);
        try
        {
            // Another order's answer is none: the store may have been exchanged for another.
            if (await zoey.FindOrderAsync(storeId, order.EntityId!, stop) is not { } whole || OrderBook.TryKnow(whole)?.Number != order.Number)
                return (order, IsWhole: true);
            // A listing may say less than the order alone does, and never more.
            return (order with
            {
                Lines = whole.Lines ?? order.Lines,
                CartId = order.CartId ?? OrderBook.TryKnow(whole)?.CartId,
                Email = order.Email ?? whole.Email,
                CreatedByTeamMember = order.CreatedByTeamMember || whole.CreatedByTeamMember,
                BillingAddress = order.BillingAddress ?? whole.BillingAddress,
                ShippingAddress = order.ShippingAddress ?? whole.ShippingAddress,
            }, IsWhole: true);
        }
        catch (ZoeyException exception) when (exception.IsTransient)
        {
            reading.Failed(exception);
            return (order, IsWhole: false);
        }
        catch (ZoeyException)
        {
            return (order, IsWhole: true);
        }
    }
}
