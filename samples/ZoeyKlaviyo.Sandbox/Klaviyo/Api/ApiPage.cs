using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Api;

/// <summary>Cursor paging: the cursor names the last resource shown, so new ones do not shift a page.</summary>
internal static class ApiPage
{
    private const string Cursor = "page[cursor]";
    private const string Size = "page[size]";

    public static ApiAnswer Of<T>(ApiCall call, IReadOnlyList<T> items, Func<T, string> id, Func<T, JsonObject> resource, int defaultSize)
    {
        var size = SizeOf(call, defaultSize);
        var start = 0;
        if (ReadCursor(call) is { } last)
        {
            start = items.Select(id).TakeWhile(one => one != last).Count() + 1;
            if (start > items.Count)
                return ApiAnswer.InvalidParameter(Cursor, "Invalid cursor.");
        }
        var shown = items.Skip(start).Take(size).ToList();
        return Write(call, shown.Select(resource), start + shown.Count < items.Count ? id(shown[^1]) : null);
    }

    /// <summary>For many: nothing before the cursor is read.</summary>
    /// <param name="after">The numbered resources behind a number, or all for null. They are read no further than the page reaches.</param>
    public static ApiAnswer OfNumbered<T>(ApiCall call, Func<long?, IEnumerable<(long Number, T Entry)>> after, Func<T, JsonObject> resource, int defaultSize)
    {
        long? last = null;
        if (ReadCursor(call) is { } cursor)
        {
            if (!long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return ApiAnswer.InvalidParameter(Cursor, "Invalid cursor.");
            last = number;
        }
        var size = SizeOf(call, defaultSize);
        var found = after(last).Take(size + 1).ToList();
        var next = found.Count > size ? found[size - 1].Number.ToString(CultureInfo.InvariantCulture) : null;
        return Write(call, found.Take(size).Select(one => resource(one.Entry)), next);
    }

    private static int SizeOf(ApiCall call, int defaultSize) => call.Query(Size) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : defaultSize;

    /// <summary>Empty: it was none of ours.</summary>
    private static string? ReadCursor(ApiCall call) =>
        call.Query(Cursor) is not { } cursor ? null : Base64Url.IsValid(cursor) ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)) : "";

    /// <param name="last">What the next page goes on behind; null: there is none.</param>
    private static ApiAnswer Write(ApiCall call, IEnumerable<JsonObject> resources, string? last)
    {
        var next = last is null ? null : LinkTo(call, Base64Url.EncodeToString(Encoding.UTF8.GetBytes(last)));
        return ApiAnswer.Ok(new JsonObject
        {
            ["data"] = new JsonArray([.. resources]),
            ["links"] = new JsonObject
            {
                ["self"] = call.Link(call.Request.Path + call.Request.QueryString.ToUriComponent()),
                ["next"] = next,
                ["prev"] = null,
            },
        });
    }

    private static string LinkTo(ApiCall call, string cursor)
    {
        var query = call.Request.Query.Where(pair => pair.Key != Cursor).Select(pair => (pair.Key, Value: pair.Value.ToString())).Append((Cursor, cursor));
        return call.Link(call.Request.Path) + "?"
            + string.Join('&', query.Select(pair => $"{Uri.EscapeDataString(pair.Item1)}={Uri.EscapeDataString(pair.Item2)}"));
    }
}
