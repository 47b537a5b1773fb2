using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ZoeyKlaviyo.Sandbox.Faults;
using ZoeyKlaviyo.Sandbox.Klaviyo.Contract;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Events;

/// <summary>What Klaviyo refuses beyond the contract's types: limits, address and time.</summary>
internal sealed partial class EventRules(TimeProvider time)
{
    public const int MaxBulkEvents = 1000;

    private static readonly string[] s_identifiers = ["id", "email", "phone_number", "external_id", "anonymous_id", "_kx"];

    /// <param name="found">What the contract found; the parts it names are not looked at again.</param>
    /// <param name="refusal">A fault that has events refused for nothing.</param>
    public IEnumerable<ContractViolation> Check(IReadOnlyList<EventEntry> entries, IReadOnlyList<ContractViolation> found, Fault? refusal)
    {
        if (entries.Count > MaxBulkEvents)
            return [new(EventEntry.BulkPointer, $"No more than {MaxBulkEvents} events may be sent in one request.")];
        var profiles = entries.DistinctBy(entry => entry.ProfilePointer)
            .Where(entry => !found.Any(violation => violation.IsWithin(entry.ProfilePointer))).SelectMany(CheckProfile);
        var events = entries.Where(entry => !found.Any(violation => violation.IsWithin(entry.Pointer))).SelectMany(CheckEvent);
        var refused = entries.Where(entry => refusal is not null && entry.Has(refusal.Where))
            .Select(entry => new ContractViolation(entry.Pointer + "/properties", "A fault is switched on."));
        return profiles.Concat(events).Concat(refused);
    }

    private static IEnumerable<ContractViolation> CheckProfile(EventEntry entry)
    {
        var attributes = entry.ProfilePointer + "/attributes";
        if (!s_identifiers.Any(name => !string.IsNullOrEmpty(entry.ProfileText(name))))
            yield return new(attributes, "At least one profile identifier is required: " + string.Join(", ", s_identifiers));
        if (entry.ProfileText("email") is { } email && !EmailRules.IsValid(email))
            yield return new(attributes + "/email", EmailRules.Invalid);
        if (entry.ProfileText("phone_number") is { } phone && !PhonePattern().IsMatch(phone))
            yield return new(attributes + "/phone_number", "Invalid phone number format (Example of a valid format: +12345678901)");
        if (Encoding.UTF8.GetByteCount(entry.Profile.GetRawText()) > 95 * 1024)
            yield return new(attributes, "The profile is larger than 95 KB.");
    }

    private IEnumerable<ContractViolation> CheckEvent(EventEntry entry)
    {
        if (entry.MetricName.Length is 0 or >= 128)
            yield return new(entry.Pointer + "/metric/data/attributes/name", "The metric's name must have 1 to 127 characters.");
        if (entry.Text("unique_id") is { Length: 0 or > 255 })
            yield return new(entry.Pointer + "/unique_id", "'unique_id' must have 1 to 255 characters.");
        if (entry.Text("time") is { } text && !IsAllowed(SchemaValidator.ReadDateTime(text)!.Value))
            yield return new(entry.Pointer + "/time", "'time' must be after 1990 and at most one year ahead.");
        if (EventEntry.Get(entry.Attributes, "value") is { ValueKind: JsonValueKind.Number } value && !value.TryGetDecimal(out _))
            yield return new(entry.Pointer + "/value", "'value' is out of range.");
        var properties = entry.Attributes.GetProperty("properties");
        if (properties.EnumerateObject().Count() > 400)
            yield return new(entry.Pointer + "/properties", "An event may have at most 400 properties.");
        foreach (var violation in CheckTree(properties, entry.Pointer + "/properties", 0))
            yield return violation;
    }

    private bool IsAllowed(DateTimeOffset at) => at.UtcDateTime.Year >= 1990 && at <= time.GetUtcNow().AddYears(1);

    private static IEnumerable<ContractViolation> CheckTree(JsonElement element, string pointer, int depth)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String when Encoding.UTF8.GetByteCount(element.GetString()!) > 100 * 1024:
                return [new(pointer, "A single string may not exceed 100 KB.")];
            case JsonValueKind.Array or JsonValueKind.Object when depth > 10:
                return [new(pointer, "Properties may not be nested more than 10 levels deep.")];
            case JsonValueKind.Array when element.GetArrayLength() > 4000:
                return [new(pointer, "An array may have at most 4000 elements.")];
            case JsonValueKind.Array:
                return element.EnumerateArray().SelectMany((item, index) => CheckTree(item, $"{pointer}/{index}", depth + 1));
            case JsonValueKind.Object:
                return element.EnumerateObject().SelectMany(member => CheckTree(member.Value, $"{pointer}/{member.Name}", depth + 1));
            default:
                return [];
        }
    }

    [GeneratedRegex(@"^\+[1-9]\d{7,14}$")]
    private static partial Regex PhonePattern();
}
