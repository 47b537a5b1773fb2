using System.Globalization;
using System.Text.RegularExpressions;

namespace ZoeyKlaviyo.Sandbox.Zoey.Api;

/// <summary>One <c>filter[n]</c>, with Magento's rules: one operator counts, unless it is a range, and a word it does not know is an equality.</summary>
internal sealed class StoreFilter
{
    private static readonly string[] s_operators =
        ["eq", "neq", "gt", "lt", "gteq", "lteq", "in", "nin", "like", "nlike", "null", "notnull", "finset"];

    private readonly List<(string Name, List<string> Values)> _conditions = [];

    public string? Attribute { get; set; }

    /// <param name="index">Of one value of several; empty where there is none, and then an earlier value no longer counts.</param>
    public void Add(string name, string index, string value)
    {
        var values = _conditions.Find(condition => condition.Name == name).Values;
        if (values is null)
            _conditions.Add((name, values = []));
        if (index.Length == 0)
            values.Clear();
        values.Add(value);
    }

    public bool Matches(string? actual)
    {
        var range = _conditions.FindAll(condition => condition.Name is "from" or "to");
        if (range.Count > 0)
            return range.TrueForAll(bound => Matches(actual, bound.Name == "from" ? "gteq" : "lteq", bound.Values));
        var known = _conditions.Find(condition => s_operators.Contains(condition.Name));
        return known.Values is not null
            ? Matches(actual, known.Name, known.Values)
            : _conditions.Count == 0 || _conditions.Exists(condition => Matches(actual, "eq", condition.Values));
    }

    /// <summary>Numbers by their value, other texts without regard to case, as the database compares them.</summary>
    public static int Compare(string? left, string? right) =>
        Number(left) is { } one && Number(right) is { } other ? one.CompareTo(other) : string.Compare(left, right, StringComparison.OrdinalIgnoreCase);

    private static bool Matches(string? actual, string name, List<string> values) => name switch
    {
        "null" => actual is null,
        _ when actual is null => false,
        "notnull" => true,
        "neq" => Compare(actual, values[0]) != 0,
        "gt" => Compare(actual, values[0]) > 0,
        "lt" => Compare(actual, values[0]) < 0,
        "gteq" => Compare(actual, values[0]) >= 0,
        "lteq" => Compare(actual, values[0]) <= 0,
        "in" => values.Exists(value => Compare(actual, value) == 0),
        "nin" => !values.Exists(value => Compare(actual, value) == 0),
        "like" => IsLike(actual, values[0]),
        "nlike" => !IsLike(actual, values[0]),
        "finset" => actual.Split(',').Contains(values[0]),
        _ => Compare(actual, values[0]) == 0,
    };

    private static bool IsLike(string actual, string pattern) => Regex.IsMatch(
        actual,
        $"^{Regex.Escape(pattern).Replace("%", ".*", StringComparison.Ordinal).Replace('_', '.')}$",
        RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant);

    private static decimal? Number(string? text) =>
        decimal.TryParse(text, NumberStyles.Number & ~NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var number) ? number : null;
}
