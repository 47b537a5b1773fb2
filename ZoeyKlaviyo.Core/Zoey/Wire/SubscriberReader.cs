using System.Globalization;
using System.Text.Json;

namespace ZoeyKlaviyo.Core.Zoey.Wire;

/// <summary>Reads a newsletter subscriber by the names of Magento 1's table; no public description of a resource for them exists.</summary>
internal static class SubscriberReader
{
    /// <summary>One subscriber, an array or a map of them; null for an entry that is none.</summary>
    /// <exception cref="JsonException">The body is not JSON.</exception>
    public static IReadOnlyList<ZoeySubscriber?> Parse(ReadOnlyMemory<byte> body, TimeZoneInfo zone)
    {
        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        var isMap = root.ValueKind == JsonValueKind.Object && root.EnumerateObject().All(member => member.Value.ValueKind == JsonValueKind.Object);
        return isMap || root.ValueKind == JsonValueKind.Array
            ? [.. WireJson.Items(root, []).Select(item => TryRead(item.Value, item.Key, zone))]
            : [TryRead(root, null, zone)];
    }

    /// <param name="id">Where the row has none: what the list calls it.</param>
    /// <exception cref="FormatException">It is no subscriber; the message says why.</exception>
    public static ZoeySubscriber Read(JsonElement row, string? id, TimeZoneInfo zone)
    {
        if (row.ValueKind != JsonValueKind.Object)
            throw new FormatException("it is no object");
        var email = Email(row) ?? throw new FormatException("its subscriber_email is missing; the API role may not be allowed to read it");
        var status = WireJson.Text(row, "subscriber_status", "status")
            ?? throw new FormatException("its subscriber_status is missing; the API role may not be allowed to read it");
        return new ZoeySubscriber(
            Number(WireJson.Text(row, "subscriber_id", "entity_id", "id") ?? id),
            email,
            ZoeySubscriberStatuses.Parse(status) ?? throw new FormatException("its subscriber_status is none of those that stores have (1 to 4)"),
            WireJson.Time(row, "change_status_at", zone));
    }

    /// <summary>What to call a row that can't be read; never the whole of it, which may hold secrets.</summary>
    public static string NameOf(ZoeyRecord row) => Number(row.Id) is not null ? row.Id : Email(row.Json) ?? "a row without an id";

    private static string? Email(JsonElement row) => WireJson.Text(row, "subscriber_email", "email");

    private static ZoeySubscriber? TryRead(JsonElement row, string? id, TimeZoneInfo zone)
    {
        try
        {
            return Read(row, id, zone);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static long? Number(string? id) =>
        long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
}
