using System.Text.Json;

namespace ZoeyKlaviyo.Core.Zoey.Wire;

/// <summary>Reads an order in either shape: the one of Magento 1's REST API, and Zoey's richer one.</summary>
internal static class OrderReader
{
    /// <param name="id">Where the body has none: what was asked for.</param>
    /// <exception cref="FormatException">It is no order, or lacks what an order can't do without; the message says what.</exception>
    public static ZoeyOrder Read(JsonElement order, string? id, TimeZoneInfo zone) => WireJson.Decode(() => ReadOrder(order, id, zone));

    private static ZoeyOrder ReadOrder(JsonElement order, string? id, TimeZoneInfo zone)
    {
        if (order.ValueKind != JsonValueKind.Object)
            throw new FormatException("it is no object");
        var billing = AddressReader.Find(order, "billing");
        var shipping = AddressReader.Find(order, "shipping");
        return new ZoeyOrder(
            WireJson.Id(order, "entity_id", "order_id", "id") ?? id,
            WireJson.Text(order, "increment_id") ?? throw Missing("increment_id"),
            WireJson.Text(order, "status", "state") ?? "",
            WireJson.Time(order, "created_at", zone) ?? throw Missing("created_at"),
            WireJson.Id(order, "quote_id"),
            WireJson.Id(order, "customer_id"),
            WireJson.Text(order, "customer_email") ?? EmailOf(billing) ?? EmailOf(shipping),
            WireJson.Number(order, "grand_total") ?? throw Missing("grand_total"),
            WireJson.Text(order, "order_currency_code", "store_currency_code", "base_currency_code")?.ToUpperInvariant(),
            Math.Abs(WireJson.Number(order, "discount_amount") ?? 0),
            WireJson.Text(order, "coupon_code"),
            IsByTeamMember(order),
            AddressReader.Read(billing),
            AddressReader.Read(shipping),
            OrderLineReader.Read(order));
    }

    private static string? EmailOf(JsonElement? address) => address is { } element ? WireJson.Text(element, "email") : null;

    /// <summary>Any value but a no counts: it may be a name, a number or a text.</summary>
    private static bool IsByTeamMember(JsonElement order)
    {
        if (order.Member("admin_order_info") is not { } info)
            return false;
        var values = info.ValueKind switch
        {
            JsonValueKind.Object => info.EnumerateObject().Where(member => WireJson.Name(member) is { } name && IsTeamMember(name)).Select(member => member.Value),
            JsonValueKind.Array => info.EnumerateArray()
                .Where(entry => WireJson.Text(entry, "name", "label") is { } name && IsTeamMember(name))
                .Select(entry => entry.Member("value") ?? default),
            _ => [],
        };
        return values.Any(value => value.ValueKind switch
        {
            JsonValueKind.Object => value.EnumerateObject().Any(),
            JsonValueKind.Array => value.GetArrayLength() > 0,
            JsonValueKind.Undefined or JsonValueKind.Null => false,
            _ => WireJson.Scalar(value) is { Length: > 0 } text && text.ToUpperInvariant() is not ("NO" or "0" or "FALSE"),
        });
    }

    private static bool IsTeamMember(string name) => name.Replace('_', ' ').Trim().Equals("Created by Team Member", StringComparison.OrdinalIgnoreCase);

    private static FormatException Missing(string name) => new($"its {name} is missing or unreadable; the API role may not be allowed to read it");
}
