using Microsoft.Extensions.Options;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Orders;

/// <summary>Which orders count. Who placed one, and whether it has an address, is asked only of those.</summary>
public sealed class OrderRules(IOptions<ZoeyOptions> options)
{
    /// <summary>How long an order that is not placed yet is looked at again.</summary>
    public static readonly TimeSpan PaymentPatience = TimeSpan.FromDays(7);

    /// <summary>A store's clock may be ahead of ours this far.</summary>
    private static readonly TimeSpan s_maxAhead = TimeSpan.FromMinutes(5);

    private static readonly string[] s_metrics = [Metrics.PlacedOrder, Metrics.OrderedProduct];

    private readonly HashSet<string> _notPlaced = new(
        options.Value.OrderStatusesNotPlaced is { Count: > 0 } configured ? configured : ["pending_payment", "canceled", "fraud"],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>The time of the order's events: Klaviyo takes none from the future.</summary>
    internal static DateTimeOffset TimeOf(ZoeyOrder order, DateTimeOffset now) => order.CreatedUtc - now > s_maxAhead ? now : order.CreatedUtc;

    /// <summary>Null when the order counts, as far as the store's settings and its status say.</summary>
    internal string? Problem(StoreSituation situation, ZoeyOrder order, DateTimeOffset now)
    {
        var at = TimeOf(order, now);
        if (!situation.Periods.WasConnected(at))
            return OrderReasons.BeforeConnection;
        if (!situation.Periods.WasOn(Switch.IsEnabled, at))
            return OrderReasons.Disabled;
        if (MetricsOn(situation, at).Count == 0)
            return OrderReasons.FunctionOff;
        return _notPlaced.Contains(order.Status.Trim()) ? OrderReasons.NotPlaced : null;
    }

    /// <summary>Each has its own switch, and may count without the other.</summary>
    internal static IReadOnlyList<string> MetricsOn(StoreSituation situation, DateTimeOffset at) =>
        s_metrics.Where(metric => situation.Periods.WasOn(Metrics.SwitchOf(metric), at)).ToList();
}
