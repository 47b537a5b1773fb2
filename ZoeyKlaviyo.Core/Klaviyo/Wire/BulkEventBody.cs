using System.Buffers;
using System.Text.Json;

namespace ZoeyKlaviyo.Core.Klaviyo.Wire;

/// <summary>A profile's entry in a bulk request.</summary>
internal sealed class BulkProfile(string email)
{
    private readonly byte[] _profile = EventBody.WriteProfile(email);
    private readonly List<int> _positions = [];
    private readonly List<byte[]> _events = [];

    public IReadOnlyList<int> Positions => _positions;

    /// <summary>What the entry takes beside its events.</summary>
    public int OverheadBytes => _profile.Length + 100;

    public void Add(int position, byte[] entry)
    {
        _positions.Add(position);
        _events.Add(entry);
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("type", "event-bulk-create");
        json.WriteStartObject("attributes");
        json.WritePropertyName("profile");
        json.WriteRawValue(_profile, skipInputValidation: true);
        json.WriteStartObject("events");
        json.WriteStartArray("data");
        foreach (var entry in _events)
            json.WriteRawValue(entry, skipInputValidation: true);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }
}

/// <summary>The body of <c>POST /api/event-bulk-create-jobs</c>.</summary>
internal static class BulkEventBody
{
    public const int OverheadBytes = 200;

    public static byte[] Write(IReadOnlyList<BulkProfile> profiles)
    {
        var buffer = new ArrayBufferWriter<byte>(256 * 1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("data");
            json.WriteString("type", "event-bulk-create-job");
            json.WriteStartObject("attributes");
            json.WriteStartObject("events-bulk-create");
            json.WriteStartArray("data");
            foreach (var profile in profiles)
                profile.Write(json);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
