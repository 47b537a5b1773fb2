using System.Text.Json;
using ZoeyKlaviyo.Sandbox.Klaviyo.Contract;
using ZoeyKlaviyo.Sandbox.Klaviyo.Events;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Profiles;

/// <summary>The body of a subscribe or unsubscribe call.</summary>
internal sealed class SubscriptionRequest
{
    public const string RowsPointer = "/data/attributes/profiles/data";
    public const string ListPointer = "/data/relationships/list/data/id";

    public SubscriptionRequest(JsonElement body)
    {
        IsHistorical = EventEntry.Get(body, "data", "attributes", "historical_import") is { ValueKind: JsonValueKind.True };
        CustomSource = Text(EventEntry.Get(body, "data", "attributes", "custom_source"));
        ListId = Text(EventEntry.Get(body, "data", "relationships", "list", "data", "id"));
        Rows = EventEntry.Get(body, "data", "attributes", "profiles", "data") is { ValueKind: JsonValueKind.Array } rows
            ? [.. rows.EnumerateArray().Select((row, index) => new SubscriptionRow($"{RowsPointer}/{index}", row))] : [];
    }

    public bool IsHistorical { get; }

    public string? CustomSource { get; }

    public string? ListId { get; }

    public IReadOnlyList<SubscriptionRow> Rows { get; }

    internal static string? Text(JsonElement? element) => element is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}

internal sealed record SubscriptionRow(string Pointer, JsonElement Row)
{
    public string SubscriptionsPointer => Pointer + "/attributes/subscriptions";

    public string EmailPointer => Pointer + "/attributes/email";

    public string ConsentedAtPointer => SubscriptionsPointer + "/email/marketing/consented_at";

    public string? Email => SubscriptionRequest.Text(EventEntry.Get(Row, "attributes", "email"));

    public bool HasEmailMarketing => EventEntry.Get(Row, "attributes", "subscriptions", "email", "marketing") is { ValueKind: JsonValueKind.Object };

    public bool HasConsentedAt => Consented is { ValueKind: not JsonValueKind.Null };

    /// <summary>Null also where it is no time.</summary>
    public DateTimeOffset? ConsentedAt => SubscriptionRequest.Text(Consented) is { } text ? SchemaValidator.ReadDateTime(text)?.ToUniversalTime() : null;

    private JsonElement? Consented => EventEntry.Get(Row, "attributes", "subscriptions", "email", "marketing", "consented_at");
}
