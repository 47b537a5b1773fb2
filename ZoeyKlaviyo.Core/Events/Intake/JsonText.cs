using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace ZoeyKlaviyo.Core.Events.Intake;

/// <summary>
/// JSON's escapes can spell what no text in a database can hold: half of a surrogate pair, and NUL. Asked of the raw JSON, so
/// that nothing has to be decoded for it.
/// </summary>
internal static class JsonText
{
    private const int EscapeLength = 6;

    public static bool IsText(JsonElement element) => IsText(JsonMarshal.GetRawUtf8Value(element));

    public static bool IsText(JsonProperty property) => IsText(JsonMarshal.GetRawUtf8PropertyName(property));

    public static bool HasTextNames(JsonElement element)
    {
        foreach (var property in element.EnumerateObject())
        {
            if (!IsText(property))
                return false;
        }

        return true;
    }

    private static bool IsText(ReadOnlySpan<byte> raw)
    {
        for (int at; (at = raw.IndexOf((byte)'\\')) >= 0;)
        {
            raw = raw[at..];
            var unit = Unit(raw);
            if (unit == '\0' || char.IsLowSurrogate(unit))
                return false;
            if (char.IsHighSurrogate(unit))
            {
                raw = raw[EscapeLength..];
                if (!char.IsLowSurrogate(Unit(raw)))
                    return false;
            }

            raw = raw[(raw[1] == 'u' ? EscapeLength : 2)..];
        }

        return true;
    }

    /// <summary>The UTF-16 unit that <paramref name="raw"/> begins with as <c>\uXXXX</c>; any harmless one when it does not.</summary>
    private static char Unit(ReadOnlySpan<byte> raw) =>
        raw is [(byte)'\\', (byte)'u', ..] && Utf8Parser.TryParse(raw[2..EscapeLength], out ushort unit, out _, 'X') ? (char)unit : ' ';
}
