using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ZoeyKlaviyo.Core.Klaviyo.Wire;

/// <summary>
/// The body of <c>POST /api/events</c> (developers.klaviyo.com/en/reference/create_event). A profile is the e-mail address and
/// nothing else, as the product's help page promises.
/// </summary>
internal static class EventBody
{
    public static byte[] Write(KlaviyoEvent source) => WriteJson(json =>
    {
        json.WriteStartObject();
        json.WriteStartObject("data");
        json.WriteString("type", "event");
        json.WriteStartObject("attributes");
        json.WritePropertyName("profile");
        WriteResource(json, "profile", "email", source.Email);
        WriteAttributes(json, source);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    });

    /// <summary>An event inside a bulk request, where the profile stands once for all its events.</summary>
    public static byte[] WriteBulkEntry(KlaviyoEvent source) => WriteJson(json =>
    {
        json.WriteStartObject();
        json.WriteString("type", "event");
        json.WriteStartObject("attributes");
        WriteAttributes(json, source);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    /// <summary>The value of <c>profile</c>.</summary>
    public static byte[] WriteProfile(string email) => WriteJson(json => WriteResource(json, "profile", "email", email));

    public static string WriteText(KlaviyoEvent source) => Encoding.UTF8.GetString(Write(source));

    private static byte[] WriteJson(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
            write(json);
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteAttributes(Utf8JsonWriter json, KlaviyoEvent source)
    {
        json.WritePropertyName("metric");
        WriteResource(json, "metric", "name", source.Metric);
        json.WritePropertyName("properties");
        json.WriteRawValue(source.Properties);
        json.WriteString("time", Time(source.OccurredUtc));
        if (source.Value is { } value)
            json.WriteNumber("value", value);
        if (source.Currency is { } currency)
            json.WriteString("value_currency", currency);
        json.WriteString("unique_id", source.UniqueId);
        if (source.Backfill)
            json.WriteBoolean("backfill", true);
    }

    private static void WriteResource(Utf8JsonWriter json, string type, string attribute, string value)
    {
        json.WriteStartObject();
        json.WriteStartObject("data");
        json.WriteString("type", type);
        json.WriteStartObject("attributes");
        json.WriteString(attribute, value);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>RFC 3339 in UTC, to the second: Klaviyo cuts the rest off.</summary>
    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
