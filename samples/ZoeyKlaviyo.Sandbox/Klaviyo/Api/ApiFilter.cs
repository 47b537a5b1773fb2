using System.Text.RegularExpressions;
using ZoeyKlaviyo.Sandbox.Klaviyo.Contract;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Api;

/// <summary>Klaviyo's filter language: <c>equals(name,"x"),greater-than(datetime,2026-01-01T00:00:00Z)</c>, a comma or <c>and()</c> meaning and.</summary>
internal static partial class ApiFilter
{
    /// <param name="fields">The fields that can be filtered by: texts, or times as <see cref="DateTimeOffset"/>.</param>
    /// <param name="refusal">The answer to a filter that is not understood.</param>
    public static IReadOnlyList<T> Apply<T>(
        ApiCall call, IEnumerable<T> items, IReadOnlyDictionary<string, Func<T, IComparable>> fields, out ApiAnswer? refusal)
    {
        refusal = null;
        var text = call.Query("filter") ?? "";
        if (text.StartsWith("and(", StringComparison.Ordinal) && text.EndsWith(')'))
            text = text[4..^1];
        while (text.Length > 0)
        {
            var match = Term().Match(text);
            if (!match.Success || !fields.TryGetValue(match.Groups["field"].Value, out var field))
            {
                refusal = ApiAnswer.InvalidParameter("filter", $"'{text}' is not a valid filter.");
                return [];
            }
            var (comparison, operand) = (match.Groups["op"].Value, match.Groups["value"].Value);
            items = items.Where(item => Matches(field(item), comparison, operand)).ToList();
            text = text[match.Length..];
        }
        return [.. items];
    }

    private static bool Matches(IComparable actual, string comparison, string operand)
    {
        if (comparison == "any")
            return operand.Trim('[', ']').Split(',').Any(one => Matches(actual, "equals", one.Trim()));
        var order = actual is DateTimeOffset time
            ? SchemaValidator.ReadDateTime(operand.Trim('"', '\'')) is { } other ? time.CompareTo(other) : 1
            : string.CompareOrdinal((string)actual, operand.Trim('"', '\''));
        return comparison switch
        {
            "equals" => order == 0,
            "greater-than" => order > 0,
            "greater-or-equal" => order >= 0,
            "less-than" => order < 0,
            _ => order <= 0,
        };
    }

    [GeneratedRegex("""^(?<op>equals|any|greater-than|greater-or-equal|less-than|less-or-equal)\((?<field>[\w.]+),\s*(?<value>\[[^\]]*\]|"[^"]*"|'[^']*'|[^)]*)\)(,|$)""")]
    private static partial Regex Term();
}
