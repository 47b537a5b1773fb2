using System.Text.Json;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Events;

/// <summary>One event of a request, with the places of its parts in the body.</summary>
internal sealed record EventEntry(string Pointer, JsonElement Attributes, string ProfilePointer, JsonElement Profile, bool Backfill)
{
    public const string BulkPointer = "/data/attributes/events-bulk-create/data";

    public static IEnumerable<EventEntry> OfSingle(JsonElement body)
    {
        if (Get(body, "data", "attributes") is { } attributes)
            yield return new("/data/attributes", attributes, "/data/attributes/profile/data", Get(attributes, "profile", "data") ?? default, false);
    }

    public static IEnumerable<EventEntry> OfBulk(JsonElement body)
    {
        var row = 0;
        foreach (var entry in Items(Get(body, "data", "attributes", "events-bulk-create", "data")))
        {
            var pointer = $"{BulkPointer}/{row++}/attributes";
            if (Get(entry, "attributes") is not { } attributes)
                continue;
            var profile = Get(attributes, "profile", "data") ?? default;
            var index = 0;
            foreach (var item in Items(Get(attributes, "events", "data")))
            {
                var itemPointer = $"{pointer}/events/data/{index++}/attributes";
                if (Get(item, "attributes") is { } itemAttributes)
                    yield return new(itemPointer, itemAttributes, pointer + "/profile/data", profile, IsTrue(attributes, "backfill"));
            }
        }
    }

    public string MetricName => Get(Attributes, "metric", "data", "attributes", "name")!.Value.GetString()!;

    public string? Text(string name) => Get(Attributes, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    public bool IsBackfill => Backfill || IsTrue(Attributes, "backfill");

    /// <summary>Whether the text is in the event's JSON or its profile's.</summary>
    public bool Has(string? text) => text is null || Contains(Attributes, text) || Contains(Profile, text);

    public string? ProfileText(string name)
    {
        var owner = name == "id" ? Profile : Get(Profile, "attributes") ?? default;
        return Get(owner, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
    }

    public static JsonElement? Get(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out var inner))
                return null;
            element = inner;
        }
        return element;
    }

    private static JsonElement.ArrayEnumerator Items(JsonElement? array) =>
        array is { ValueKind: JsonValueKind.Array } items ? items.EnumerateArray() : default;

    private static bool Contains(JsonElement element, string text) =>
        element.ValueKind != JsonValueKind.Undefined && element.GetRawText().Contains(text, StringComparison.Ordinal);

    private static bool IsTrue(JsonElement element, string name) => Get(element, name) is { ValueKind: JsonValueKind.True };
}
