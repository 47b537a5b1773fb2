using System.Globalization;
using ZoeyKlaviyo.Sandbox.Storage;

namespace ZoeyKlaviyo.Sandbox.Shop;

/// <summary>The shop's orders.</summary>
public sealed class OrderBook : IDisposable
{
    private const long NumberOfEntityZero = 100_000_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, ShopOrder> _orders = [];
    private readonly Journal<ShopOrder> _journal;
    private readonly TimeProvider _time;
    private long _next;

    public OrderBook(SandboxOptions options)
    {
        _time = options.TimeProvider;
        _journal = new(options.DataDirectory, "orders.jsonl");
        foreach (var order in _journal.Load())
            _orders[order.EntityId] = order;
        _next = Math.Max(options.FirstOrder, _orders.Keys.Select(Id).DefaultIfEmpty().Max() + 1);
    }

    /// <summary>In the order of their entity ids.</summary>
    public IReadOnlyList<ShopOrder> Orders
    {
        get
        {
            lock (_lock)
                return [.. _orders.Values.OrderBy(order => Id(order.EntityId))];
        }
    }

    public ShopOrder? Find(string entityId)
    {
        lock (_lock)
            return _orders.GetValueOrDefault(entityId);
    }

    /// <summary>Gives the order its entity id and number, and its time where it has none.</summary>
    public ShopOrder Place(ShopOrder order)
    {
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            var placed = order with
            {
                EntityId = _next.ToString(CultureInfo.InvariantCulture),
                Number = (NumberOfEntityZero + _next).ToString(CultureInfo.InvariantCulture),
                CreatedUtc = order.CreatedUtc == default ? now : order.CreatedUtc,
                UpdatedUtc = order.UpdatedUtc == default ? now : order.UpdatedUtc,
            };
            _next++;
            Keep(placed);
            return placed;
        }
    }

    /// <exception cref="KeyNotFoundException">There is no such order.</exception>
    public ShopOrder SetStatus(string entityId, string status)
    {
        lock (_lock)
        {
            var changed = _orders[entityId] with { Status = status, UpdatedUtc = _time.GetUtcNow() };
            Keep(changed);
            return changed;
        }
    }

    /// <summary>The numbers go on: whoever knows the old orders would take a new one with an old number for the old one.</summary>
    public void Reset()
    {
        lock (_lock)
        {
            _journal.Clear();
            _orders.Clear();
        }
    }

    public void Dispose() => _journal.Dispose();

    private static long Id(string entityId) => long.Parse(entityId, CultureInfo.InvariantCulture);

    private void Keep(ShopOrder order)
    {
        _journal.Append(order);
        _orders[order.EntityId] = order;
    }
}
