using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ZoeyKlaviyo.Core.Klaviyo.Wire;

/// <summary>
/// The bodies of the subscribe and unsubscribe jobs. A profile is the e-mail address and its consent, nothing else.
/// </summary>
internal static partial class SubscriptionBody
{
    /// <summary>What Klaviyo shows as the consent's source.</summary>
    private const string Source = "Zoey store";

    public static byte[] Subscribe(IReadOnlyList<SubscribeRow> rows, string? listId) => Write("profile-subscription-bulk-create-job", listId, json =>
    {
        json.WriteString("custom_source", Source);
        if (rows[0].ConsentedUtc is not null)
            json.WriteBoolean("historical_import", true);
        WriteProfiles(json, rows, "SUBSCRIBED");
    });

    public static byte[] Unsubscribe(IReadOnlyList<string> addresses) => Write(
        "profile-subscription-bulk-delete-job", null, json => WriteProfiles(json, [.. addresses.Select(address => new SubscribeRow(address))], "UNSUBSCRIBED"));

    /// <summary>The row that an error's pointer names; null when it names none.</summary>
    public static int? RowOf(string? pointer) =>
        pointer is not null && Row().Match(pointer) is { Success: true } match
        && int.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var row) ? row : null;

    public static bool NamesList(string? pointer) => pointer?.StartsWith("/data/relationships/list", StringComparison.Ordinal) == true;

    private static void WriteProfiles(Utf8JsonWriter json, IReadOnlyList<SubscribeRow> rows, string consent)
    {
        json.WriteStartObject("profiles");
        json.WriteStartArray("data");
        foreach (var row in rows)
        {
            json.WriteStartObject();
            json.WriteString("type", "profile");
            json.WriteStartObject("attributes");
            json.WriteString("email", row.Email);
            json.WriteStartObject("subscriptions");
            json.WriteStartObject("email");
            json.WriteStartObject("marketing");
            json.WriteString("consent", consent);
            if (row.ConsentedUtc is { } consented)
                json.WriteString("consented_at", consented.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static byte[] Write(string type, string? listId, Action<Utf8JsonWriter> attributes)
    {
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("data");
            json.WriteString("type", type);
            json.WriteStartObject("attributes");
            attributes(json);
            json.WriteEndObject();
            if (listId is not null)
            {
                json.WriteStartObject("relationships");
                json.WriteStartObject("list");
                json.WriteStartObject("data");
                json.WriteString("type", "list");
                json.WriteString("id", listId);
                json.WriteEndObject();
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    [GeneratedRegex(@"^/data/attributes/profiles/data/(\d+)(?=/|$)")]
    private static partial Regex Row();
}
