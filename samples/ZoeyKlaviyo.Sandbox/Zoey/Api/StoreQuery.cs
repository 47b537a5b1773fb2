using System.Text.RegularExpressions;

namespace ZoeyKlaviyo.Sandbox.Zoey.Api;

/// <summary>The query as PHP reads it: the last of a name counts, and brackets make a tree.</summary>
internal sealed partial class StoreQuery
{
    private readonly List<(string Name, string Value)> _pairs;

    /// <param name="query">As it came, with or without the question mark.</param>
    public StoreQuery(string query) =>
        _pairs = [.. query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2))
            .Select(pair => (Decode(pair[0]), pair.Length > 1 ? Decode(pair[1]) : ""))];

    public string? this[string name] => _pairs.LastOrDefault(pair => pair.Name == name).Value;

    /// <summary>The conditions by their <c>n</c>; null: <c>filter</c> is there and no tree of conditions on attributes.</summary>
    public IReadOnlyList<StoreFilter>? ReadFilters()
    {
        var filters = new Dictionary<string, StoreFilter>();
        foreach (var (name, value) in _pairs.Where(pair => pair.Name == "filter" || pair.Name.StartsWith("filter[", StringComparison.Ordinal)))
        {
            if (FilterName().Match(name) is not { Success: true } match)
                return null;
            if (!filters.TryGetValue(match.Groups["n"].Value, out var filter))
                filters[match.Groups["n"].Value] = filter = new();
            if (match.Groups["op"].Value == "attribute")
                filter.Attribute = value;
            else
                filter.Add(match.Groups["op"].Value, match.Groups["index"].Value, value);
        }
        return [.. filters.Values];
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    [GeneratedRegex(@"^filter\[(?<n>[^\]]+)\]\[(?<op>[^\]]+)\](?:\[(?<index>[^\]]*)\])?$")]
    private static partial Regex FilterName();
}
