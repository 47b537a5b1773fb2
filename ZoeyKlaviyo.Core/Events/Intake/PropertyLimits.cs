using System.Runtime.InteropServices;
using System.Text.Json;

namespace ZoeyKlaviyo.Core.Events.Intake;

/// <summary>
/// What Klaviyo takes in an event's properties (developers.klaviyo.com/en/reference/events_api_overview), and what can be stored
/// and read again.
/// </summary>
internal static class PropertyLimits
{
    private const int MaxProperties = 400;
    private const int MaxDepth = 10;
    private const int MaxElements = 4000;

    /// <summary>Null when Klaviyo would take them.</summary>
    public static string? Problem(JsonElement properties) => properties.ValueKind != JsonValueKind.Object
        ? "must be an object"
        : properties.GetPropertyCount() > MaxProperties ? $"must be at most {MaxProperties}" : Problem(properties, 1);

    private static string? Problem(JsonElement element, int depth) => element.ValueKind switch
    {
        JsonValueKind.String => JsonText.IsText(element) ? null : "must not hold characters that are not text",
        JsonValueKind.Number => IsTaken(element) ? null : "must not hold a number beyond 64 bits",
        JsonValueKind.Object or JsonValueKind.Array when depth > MaxDepth => $"must not be nested deeper than {MaxDepth} levels",
        JsonValueKind.Array => ArrayProblem(element, depth),
        JsonValueKind.Object => ObjectProblem(element, depth),
        _ => null,
    };

    private static string? ArrayProblem(JsonElement array, int depth)
    {
        if (array.GetArrayLength() > MaxElements)
            return $"must not hold an array of more than {MaxElements} elements";
        foreach (var child in array.EnumerateArray())
        {
            if (Problem(child, depth + 1) is { } problem)
                return problem;
        }

        return null;
    }

    private static string? ObjectProblem(JsonElement parent, int depth)
    {
        var names = new HashSet<string>(parent.GetPropertyCount());
        foreach (var child in parent.EnumerateObject())
        {
            if (!JsonText.IsText(child))
                return "must not have a name with characters that are not text";
            if (!names.Add(child.Name))
                return "must not have a name twice in one object";
            if (Problem(child.Value, depth + 1) is { } problem)
                return problem;
        }

        return null;
    }

    private static bool IsTaken(JsonElement number)
    {
        var isInteger = JsonMarshal.GetRawUtf8Value(number).IndexOfAny(".eE"u8) < 0;
        return isInteger ? number.TryGetInt64(out _) : double.IsFinite(number.GetDouble());
    }
}
