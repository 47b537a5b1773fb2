using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Contract;

/// <summary>
/// The part of OpenAPI 3.0's schema language that Klaviyo's request bodies use, stricter in one point:
/// an object that lists its properties takes no others. One that lists none is free-form.
/// </summary>
internal sealed partial class SchemaValidator(JsonElement document)
{
    private readonly ConcurrentDictionary<string, JsonElement> _resolved = new();

    public IReadOnlyList<ContractViolation> Validate(JsonElement schema, JsonElement value)
    {
        var violations = new List<ContractViolation>();
        Check(schema, value, new Place("", "request"), violations);
        return violations;
    }

    private void Check(JsonElement schema, JsonElement value, Place place, List<ContractViolation> violations)
    {
        var nullable = IsTrue(schema, "nullable");
        while (schema.TryGetProperty("$ref", out var reference))
        {
            schema = Resolve(reference.GetString()!);
            nullable |= IsTrue(schema, "nullable");
        }
        if (value.ValueKind == JsonValueKind.Null && nullable)
            return;
        if (schema.TryGetProperty("oneOf", out var alternatives))
            CheckOneOf(alternatives, value, place, violations);
        else if (!HasType(schema, value, out var expected))
            violations.Add(new(place.Pointer, $"'{place.Name}' must be {expected}."));
        else if (value.ValueKind == JsonValueKind.Object)
            CheckObject(schema, value, place, violations);
        else if (value.ValueKind == JsonValueKind.Array)
            CheckArray(schema, value, place, violations);
        else
            CheckScalar(schema, value, place, violations);
    }

    private void CheckOneOf(JsonElement alternatives, JsonElement value, Place place, List<ContractViolation> violations)
    {
        foreach (var alternative in alternatives.EnumerateArray())
        {
            var found = new List<ContractViolation>();
            Check(alternative, value, place, found);
            if (found.Count == 0)
                return;
        }
        violations.Add(new(place.Pointer, $"'{place.Name}' has none of the allowed types."));
    }

    private void CheckObject(JsonElement schema, JsonElement value, Place place, List<ContractViolation> violations)
    {
        if (!schema.TryGetProperty("properties", out var properties))
            return;
        var resource = ResourceName(properties) ?? place.Resource;
        foreach (var member in value.EnumerateObject())
        {
            var inner = place.Member(member.Name, resource);
            if (properties.TryGetProperty(member.Name, out var memberSchema))
                Check(memberSchema, member.Value, inner, violations);
            else
                violations.Add(new(inner.Pointer, $"'{member.Name}' is not a valid field for the resource '{resource}'."));
        }
        if (!schema.TryGetProperty("required", out var required))
            return;
        foreach (var name in required.EnumerateArray().Select(name => name.GetString()!))
        {
            if (!value.TryGetProperty(name, out _))
                violations.Add(new(place.Member(name, resource).Pointer, $"'{name}' is a required field for the resource '{resource}'."));
        }
    }

    private void CheckArray(JsonElement schema, JsonElement value, Place place, List<ContractViolation> violations)
    {
        if (!schema.TryGetProperty("items", out var items))
            return;
        var index = 0;
        foreach (var item in value.EnumerateArray())
            Check(items, item, place.Item(index++), violations);
    }

    private static void CheckScalar(JsonElement schema, JsonElement value, Place place, List<ContractViolation> violations)
    {
        if (schema.TryGetProperty("enum", out var allowed) && !allowed.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)))
            violations.Add(new(place.Pointer, $"'{value}' is not a valid choice for '{place.Name}'."));
        if (schema.TryGetProperty("format", out var format) && format.GetString() == "date-time" && ReadDateTime(value.GetString()!) is null)
            violations.Add(new(place.Pointer, $"'{place.Name}' must be a date-time as in ISO 8601."));
    }

    /// <summary>Klaviyo takes a time without offset as UTC.</summary>
    public static DateTimeOffset? ReadDateTime(string text) =>
        DateTimePattern().IsMatch(text)
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static bool HasType(JsonElement schema, JsonElement value, out string expected)
    {
        var type = schema.TryGetProperty("type", out var declared) ? declared.GetString() : null;
        (var ok, expected) = type switch
        {
            "object" => (value.ValueKind == JsonValueKind.Object, "an object"),
            "array" => (value.ValueKind == JsonValueKind.Array, "an array"),
            "string" => (value.ValueKind == JsonValueKind.String, "a string"),
            "number" => (value.ValueKind == JsonValueKind.Number, "a number"),
            "integer" => (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _), "an integer"),
            "boolean" => (value.ValueKind is JsonValueKind.True or JsonValueKind.False, "a boolean"),
            _ => (true, "anything"),
        };
        return ok;
    }

    /// <summary>Klaviyo names resources in its messages by their <c>type</c>, a one-value enumeration in the document.</summary>
    private string? ResourceName(JsonElement properties)
    {
        if (!properties.TryGetProperty("type", out var type))
            return null;
        if (type.ValueKind == JsonValueKind.Object && type.TryGetProperty("$ref", out var reference))
            type = Resolve(reference.GetString()!);
        return type.TryGetProperty("enum", out var names) && names.GetArrayLength() == 1 ? names[0].GetString() : null;
    }

    private JsonElement Resolve(string reference) => _resolved.GetOrAdd(reference,
        static (path, root) => path.Split('/').Skip(1).Aggregate(root, (element, name) => element.GetProperty(name)), document);

    private static bool IsTrue(JsonElement schema, string name) =>
        schema.TryGetProperty(name, out var flag) && flag.ValueKind == JsonValueKind.True;

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$")]
    private static partial Regex DateTimePattern();

    private readonly record struct Place(string Pointer, string Resource, string Name = "data")
    {
        public Place Member(string name, string resource) =>
            new($"{Pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}", resource, name);

        public Place Item(int index) => this with { Pointer = $"{Pointer}/{index}" };
    }
}
