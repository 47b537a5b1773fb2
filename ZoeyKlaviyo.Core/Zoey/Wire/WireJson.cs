using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace ZoeyKlaviyo.Core.Zoey.Wire;

/// <summary>
/// Reads what a store writes, whichever way it writes it: scalars are mostly strings, lists may be maps keyed by id, and <c>[]</c> stands for
/// no object too.
/// </summary>
internal static class WireJson
{
    /// <summary>Null unless it is an object that has it.</summary>
    public static JsonElement? Member(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && Find(element, name) is { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } value ? value : null;

    /// <summary>It is an object that names it, with a value or without.</summary>
    public static bool Has(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && Find(element, name).ValueKind != JsonValueKind.Undefined;

    /// <summary>A member's name; null when it is no text, as half a surrogate pair.</summary>
    public static string? Name(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>As it came, whatever it holds.</summary>
    public static string RawText(JsonElement element) => Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(element));

    /// <summary>Reads what may hold anything: whatever can't be read ends in the one exception that callers expect.</summary>
    /// <exception cref="FormatException">It can't be read.</exception>
    public static T Decode<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is ArithmeticException or InvalidOperationException or ArgumentException)
        {
            // Such as a price times a quantity that is more than a number can be.
            throw new FormatException("it holds a value that is out of all bounds", exception);
        }
    }

    /// <summary>The first of the members that has a value, as text; null for an empty one.</summary>
    public static string? Text(JsonElement element, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (element.Member(name) is { } value && Scalar(value) is { Length: > 0 } text)
                return text;
        }

        return null;
    }

    /// <summary>Without NUL, which PostgreSQL can't store.</summary>
    public static string? Scalar(JsonElement value)
    {
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.String => value.GetString()!.Replace("\0", "", StringComparison.Ordinal).Trim(),
                JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
                _ => null,
            };
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, as \ud800: text that is none.
            return null;
        }
    }

    /// <summary>An id; <c>0</c> is none.</summary>
    public static string? Id(JsonElement element, params ReadOnlySpan<string> names) => Text(element, names) is { } id && id != "0" ? id : null;

    /// <returns>Null when there is no value.</returns>
    /// <exception cref="FormatException">There is one, but it is no number that an amount can have.</exception>
    public static decimal? Number(JsonElement element, params ReadOnlySpan<string> names) =>
        Text(element, names) is not { } text ? null
        : decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
        : throw new FormatException($"{names[0]} is no amount");

    /// <returns>Null also when there is one that is no amount.</returns>
    public static decimal? TryNumber(JsonElement element, string name) =>
        decimal.TryParse(Text(element, name), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Of a date or a time in the store's own zone, whatever it says of the time.</summary>
    /// <returns>Null for what is no date, such as <c>0000-00-00</c>.</returns>
    public static DateOnly? Date(JsonElement element, string name) =>
        Text(element, name) is { Length: >= 10 } text
        && DateOnly.TryParseExact(text.AsSpan(0, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date : null;

    /// <summary><c>"1"</c>, <c>1</c> and <c>true</c>.</summary>
    public static bool Flag(JsonElement element, string name) => Text(element, name) is "1" or "true";

    /// <param name="zone">Of times that come without one.</param>
    public static DateTimeOffset? Time(JsonElement element, string name, TimeZoneInfo zone) =>
        Text(element, name) is { } text ? ZoeyTime.Parse(text, zone) : null;

    /// <summary>The records of an array, of a map or of a single record; what is a map's key stands in for an id that the record lacks.</summary>
    /// <param name="idNames">An object that has one of them is a record, and no map.</param>
    public static IEnumerable<(string? Key, JsonElement Value)> Items(JsonElement list, IReadOnlyList<string> idNames) => list.ValueKind switch
    {
        JsonValueKind.Array => list.EnumerateArray().Select(item => ((string?)null, item)),
        JsonValueKind.Object when idNames.Any(name => list.Member(name) is { } id && Scalar(id) is not null) => [(null, list)],
        JsonValueKind.Object => list.EnumerateObject().Select(member => (Name(member), member.Value)),
        _ => [],
    };

    /// <summary>An array of lines, or one text with line breaks.</summary>
    public static IReadOnlyList<string> Lines(JsonElement element, string name) => element.Member(name) is not { } value ? []
        : value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(Scalar).OfType<string>().Where(line => line.Length > 0)]
        : Scalar(value)?.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private static JsonElement Find(JsonElement element, string name)
    {
        try
        {
            return element.TryGetProperty(name, out var value) ? value : default;
        }
        catch (InvalidOperationException)
        {
            // The name of another member is no text.
            return element.EnumerateObject().LastOrDefault(member => Name(member) == name).Value;
        }
    }
}
