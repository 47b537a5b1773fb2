using System.Globalization;
using System.Text.Json.Nodes;

namespace ZoeyKlaviyo.Sandbox.Zoey.Api;

/// <summary>Filters, order and paging, the same for every list.</summary>
/// <param name="Attributes">Those that can be filtered and sorted by.</param>
/// <param name="IsMap">Whether the list is an object by id, or an array.</param>
internal sealed record StoreCollection(IReadOnlyCollection<string> Attributes, bool IsMap)
{
    private const int DefaultLimit = 10;
    private const int MaxLimit = 100;

    /// <summary>What the rows ascend by as they come.</summary>
    public string? SortedBy { get; init; }

    private static readonly string[] s_stores = ["0", "1", "admin", "default"];

    public StoreAnswer Answer(StoreCall call, IEnumerable<StoreRow> rows)
    {
        var query = call.Query;
        if (query["store"] is { } store && !s_stores.Contains(store))
            return StoreAnswer.Refused(400, "Requested store is invalid");
        if (query.ReadFilters() is not { } filters || filters.Any(filter => !CanRead(filter.Attribute)))
            return StoreAnswer.Refused(400, "Resource collection filtering error.");
        if (query["order"] is { } order && !CanRead(order))
            return StoreAnswer.Refused(400, "Resource collection ordering error.");
        if (ReadNumber(query["page"], 1) is not { } page || ReadNumber(query["limit"], DefaultLimit) is not { } limit)
            return StoreAnswer.Refused(400, "Resource collection paging error.");
        if (limit > MaxLimit)
            return StoreAnswer.Refused(400, "The paging limit exceeds the allowed number.");
        var found = rows is IReadOnlyList<StoreRow> all && filters.Count == 0 && IsSorted(query) ? all
            : [.. Sort(rows.Where(row => filters.All(filter => filter.Matches(row[filter.Attribute!]))), query)];
        return StoreAnswer.Ok(Write(Page(call, found, page, limit), query["attrs"]));
    }

    private bool IsSorted(StoreQuery query) =>
        query["order"] is not { } order || (order == SortedBy && string.Equals(query["dir"], "asc", StringComparison.OrdinalIgnoreCase));

    private bool CanRead(string? attribute) => attribute is not null && Attributes.Contains(attribute);

    private static IEnumerable<StoreRow> Sort(IEnumerable<StoreRow> rows, StoreQuery query)
    {
        if (query["order"] is not { } order)
            return rows;
        var comparer = Comparer<string?>.Create(StoreFilter.Compare);
        return string.Equals(query["dir"], "asc", StringComparison.OrdinalIgnoreCase)
            ? rows.OrderBy(row => row[order], comparer)
            : rows.OrderByDescending(row => row[order], comparer);
    }

    private static IEnumerable<StoreRow> Page(StoreCall call, IReadOnlyList<StoreRow> rows, int page, int limit)
    {
        var last = Math.Max(1, (rows.Count + limit - 1) / limit);
        return page > last && !call.Quirks.PastEndRepeats ? []
            : Enumerable.Range((Math.Min(page, last) - 1) * limit, limit).TakeWhile(index => index < rows.Count).Select(index => rows[index]);
    }

    private JsonNode Write(IEnumerable<StoreRow> rows, string? attributes)
    {
        var shown = rows.Select(row => (row.Id, Body: Cut(row.Body, attributes?.Split(',')))).ToList();
        if (!IsMap || shown.Count == 0)
            return new JsonArray([.. shown.Select(row => row.Body)]);
        return new JsonObject(shown.Select(row => KeyValuePair.Create(row.Id, (JsonNode?)row.Body)));
    }

    private static JsonObject Cut(JsonObject body, string[]? attributes)
    {
        if (attributes is not null)
        {
            foreach (var name in body.Select(pair => pair.Key).Except(attributes).ToList())
                body.Remove(name);
        }
        return body;
    }

    private static int? ReadNumber(string? text, int otherwise)
    {
        if (text is null)
            return otherwise;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
    }
}
