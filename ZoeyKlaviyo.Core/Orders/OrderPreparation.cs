using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Orders;

/// <summary>Finds out what an order's events tell beside the order itself: its lines where a listing left them out, and its products.</summary>
public sealed class OrderPreparation(OrderBook book, ProductDirectory products, IZoeyClient zoey)
{
    /// <summary>From what is known already; asks the store nothing.</summary>
    /// <param name="isSetUp">The store's API can be asked later for what is missing.</param>
    internal async Task<List<SeenOrder>> FromKnownAsync(int storeId, IReadOnlyList<ZoeyOrder> orders, bool isSetUp, CancellationToken cancellationToken)
    {
        var known = await products.KnownAsync(storeId, orders.SelectMany(order => order.Lines ?? []).ToList(), cancellationToken);
        return orders.Select(order => new SeenOrder(
            order,
            known,
            IsComplete: !isSetUp || (order.Lines is { } lines ? lines.All(known.HasIdFor) : order.EntityId is null))).ToList();
    }

    /// <summary>Asks the store, for the orders that count.</summary>
    internal async Task<List<SeenOrder>> FromStoreAsync(int storeId, IReadOnlyList<ZoeyOrder> orders, WriteAsync write, CancellationToken stop)
    {
        var counting = (await book.WithoutDecisionAsync(storeId, orders, stop)).Select(order => order.Number).ToHashSet();
        var read = new List<(ZoeyOrder Order, bool IsComplete)>();
        foreach (var order in orders)
            read.Add(counting.Contains(order.Number) && order.Lines is null ? await WithLinesAsync(storeId, order, stop) : (order, true));
        var lines = read.Where(entry => counting.Contains(entry.Order.Number)).SelectMany(entry => entry.Order.Lines ?? []).ToList();
        var (known, isComplete) = lines.Count == 0 ? (KnownLines.None, true) : await products.ResolveAsync(storeId, lines, write, stop);
        return read.ConvertAll(entry => new SeenOrder(
            entry.Order, known, entry.IsComplete && (isComplete || (entry.Order.Lines ?? []).All(known.IsKnown))));
    }

    private async Task<(ZoeyOrder Order, bool IsComplete)> WithLinesAsync(int storeId, ZoeyOrder order, CancellationToken stop)
    {
        try
        {
            if (order.EntityId is null || await zoey.FindOrderAsync(storeId, order.EntityId, stop) is not { } whole)
                return (order, true);
            // A listing may say less than the order alone does, and never more.
            return (order with
            {
                Lines = whole.Lines,
                CartId = order.CartId ?? OrderBook.TryKnow(whole)?.CartId,
                Email = order.Email ?? whole.Email,
                CreatedByTeamMember = order.CreatedByTeamMember || whole.CreatedByTeamMember,
                BillingAddress = order.BillingAddress ?? whole.BillingAddress,
                ShippingAddress = order.ShippingAddress ?? whole.ShippingAddress,
            }, true);
        }
        catch (ZoeyException exception)
        {
            return (order, IsComplete: !exception.IsTransient);
        }
    }
}
