using System.Text.RegularExpressions;
using ZoeyKlaviyo.Sandbox.Klaviyo.Contract;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Api;

/// <summary>Klaviyo's filter language: <c>equals(name,"x"),greater-than(datetime,2026-01-01T00:00:00Z)</c>, a comma or <c>and()</c> meaning and.</summary>
internal static partial class ApiFilter
{
    /// <param name="fields">The fields that can be filtered by: texts, or times as <see cref="DateTimeOffset"/>.</param>
    /// <param name="refusal">The answer to a filter that is not understood.</param>
    public static IReadOnlyList<T> Apply<T>(
        ApiCall call, IEnumerable<T> items, IReadOnlyDictionary<string, Func<T, IComparable>> fields, out ApiAnswer? refusal) =>
        ApplyMany(call, items, fields.ToDictionary(field => field.Key, field => (Func<T, IEnumerable<IComparable>>)(item => [field.Value(item)])), out refusal);

    /// <summary>An item fits if one of a field's values does.</summary>
    public static IReadOnlyList<T> ApplyMany<T>(
        ApiCall call, IEnumerable<T> items, IReadOnlyDictionary<string, Func<T, IEnumerable<IComparable>>> fields, out ApiAnswer? refusal)
    {
        var fits = Read(call, fields, out refusal);
        return refusal is null ? [.. items.Where(fits)] : [];
    }

    /// <summary>What fits the whole filter, to be asked one by one.</summary>
    public static Func<T, bool> Read<T>(
        ApiCall call, IReadOnlyDictionary<string, Func<T, IEnumerable<IComparable>>> fields, out ApiAnswer? refusal)
    {
        refusal = null;
        var tests = new List<Func<T, bool>>();
        foreach (var term in Terms(call))
        {
            if (term.Operator is null || !fields.TryGetValue(term.Field, out var field)
                || (call.Operation.Filters.TryGetValue(term.Field, out var operators) && !operators.Contains(term.Operator)))
            {
                refusal = ApiAnswer.InvalidParameter("filter", $"'{term.Text}' is not a valid filter.");
                return _ => false;
            }
            var fits = Test(term);
            tests.Add(item => field(item).Any(fits));
        }
        return item => tests.TrueForAll(test => test(item));
    }

    /// <summary>What the field must equal one of; null: it may be anything.</summary>
    public static IReadOnlyList<string>? Operands(ApiCall call, string field) =>
        Terms(call).FirstOrDefault(term => term.Field == field && term.Operator is "equals" or "any")?.Operands;

    /// <summary>The last one has no operator where the rest is not understood.</summary>
    private static IEnumerable<Condition> Terms(ApiCall call)
    {
        var text = call.Query("filter") ?? "";
        if (text.StartsWith("and(", StringComparison.Ordinal) && text.EndsWith(')'))
            text = text[4..^1];
        while (text.Length > 0)
        {
            var match = Term().Match(text);
            if (!match.Success)
            {
                yield return new(null, "", [], text);
                yield break;
            }
            var (comparison, value) = (match.Groups["op"].Value, match.Groups["value"].Value);
            var operands = comparison == "any" ? value.Trim('[', ']').Split(',') : [value];
            yield return new(comparison, match.Groups["field"].Value, [.. operands.Select(one => one.Trim().Trim('"', '\''))], match.Value);
            text = text[match.Length..];
        }
    }

    private static Func<IComparable, bool> Test(Condition term)
    {
        if (term.Operator is "equals" or "any")
        {
            var texts = term.Operands.ToHashSet();
            return actual => actual is DateTimeOffset time ? term.Operands.Any(one => SchemaValidator.ReadDateTime(one) == time) : texts.Contains((string)actual);
        }
        var operand = term.Operands[0];
        if (term.Operator == "contains")
            return actual => actual is string text && text.Contains(operand, StringComparison.OrdinalIgnoreCase);
        var other = SchemaValidator.ReadDateTime(operand);
        return actual =>
        {
            var order = actual is DateTimeOffset time ? other is { } bound ? time.CompareTo(bound) : 1 : string.CompareOrdinal((string)actual, operand);
            return term.Operator switch
            {
                "greater-than" => order > 0,
                "greater-or-equal" => order >= 0,
                "less-than" => order < 0,
                _ => order <= 0,
            };
        };
    }

    [GeneratedRegex("""^(?<op>equals|any|contains|greater-than|greater-or-equal|less-than|less-or-equal)\((?<field>[\w.]+),\s*(?<value>\[[^\]]*\]|"[^"]*"|'[^']*'|[^)]*)\)(,|$)""")]
    private static partial Regex Term();

    private sealed record Condition(string? Operator, string Field, IReadOnlyList<string> Operands, string Text);
}
