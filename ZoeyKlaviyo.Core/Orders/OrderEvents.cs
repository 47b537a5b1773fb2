using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Events.Intake;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Orders;

/// <summary>Makes the events of an order: Placed Order, and an Ordered Product a line, all at the order's time.</summary>
internal static class OrderEvents
{
    private const int MaxIdLength = 255;

    public static List<IntakeEvent> Of(
        int storeId, StoreSituation situation, string email, SeenOrder seen, IReadOnlyList<string> metrics, DateTimeOffset now)
    {
        var order = seen.Order;
        var lines = (order.Lines ?? []).Select(line => (Line: line, Product: seen.Products.Of(line))).ToList();
        // The number is the store's own; two stores on one account may both have an order 100000001.
        var id = situation.IdPrefix + order.Number;
        var events = new List<IntakeEvent>();
        if (metrics.Contains(Metrics.PlacedOrder))
            Add(Metrics.PlacedOrder, id, OrderProperties.PlacedOrder(order, lines), order.GrandTotal);
        if (metrics.Contains(Metrics.OrderedProduct))
        {
            foreach (var (lineId, (line, product)) in LineIds(order, id).Zip(lines))
                Add(Metrics.OrderedProduct, lineId, OrderProperties.OrderedProduct(order, line, product), line.RowTotal);
        }

        return events;

        void Add(string metric, string uniqueId, string properties, decimal value)
        {
            var occurred = OrderRules.TimeOf(order, now);
            var collected = new CollectedEvent(metric, Short(uniqueId), occurred, properties, Value(value), Currency(order), InCart: false);
            events.Add(new IntakeEvent(storeId, situation.AccountId, email, collected, now, IsSent: true));
        }
    }

    /// <summary>By the line's id; by its position where it has none, or another line has the same.</summary>
    private static IEnumerable<string> LineIds(ZoeyOrder order, string id)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < order.Lines?.Count; i++)
        {
            var itemId = KlaviyoText.Clean(order.Lines[i].ItemId);
            yield return itemId is not null && seen.Add(itemId) ? $"{id}_{itemId}" : string.Create(CultureInfo.InvariantCulture, $"{id}_{itemId}#{i + 1}");
        }
    }

    private static string Short(string id) =>
        id.Length <= MaxIdLength ? id : $"{KlaviyoText.Clean(id[..150])}…{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)))}";

    private static string? Currency(ZoeyOrder order) =>
        order.Currency?.Trim().ToUpperInvariant() is { } code && Iso4217.Contains(code) ? code : null;

    /// <summary>Klaviyo takes whole numbers of 64 bits; what is beyond is no amount.</summary>
    private static decimal? Value(decimal amount) => amount is >= long.MinValue and <= long.MaxValue ? amount : null;
}
