using System.Text.Json;

namespace ZoeyKlaviyo.Core.Events.Intake;

/// <summary>What Klaviyo takes in an event's properties (developers.klaviyo.com/en/reference/events_api_overview).</summary>
internal static class PropertyLimits
{
    private const int MaxProperties = 400;
    private const int MaxDepth = 10;
    private const int MaxElements = 4000;

    /// <summary>Null when Klaviyo would take them.</summary>
    public static string? Problem(JsonElement properties) =>
        properties.GetPropertyCount() > MaxProperties ? $"must be at most {MaxProperties}" : Problem(properties, 1);

    private static string? Problem(JsonElement element, int depth)
    {
        if (element.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array))
            return null;
        if (depth > MaxDepth)
            return $"must not be nested deeper than {MaxDepth} levels";
        if (element.ValueKind == JsonValueKind.Array)
        {
            return element.GetArrayLength() > MaxElements
                ? $"must not hold an array of more than {MaxElements} elements"
                : element.EnumerateArray().Select(child => Problem(child, depth + 1)).FirstOrDefault(problem => problem is not null);
        }

        return element.EnumerateObject().Select(child => Problem(child.Value, depth + 1)).FirstOrDefault(problem => problem is not null);
    }
}
