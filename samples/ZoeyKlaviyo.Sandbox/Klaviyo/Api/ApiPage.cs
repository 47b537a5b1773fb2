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
        var size = call.Query(Size) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : defaultSize;
        var start = 0;
        if (call.Query(Cursor) is { } cursor)
        {
            var last = Base64Url.IsValid(cursor) ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)) : "";
            start = items.Select(id).TakeWhile(one => one != last).Count() + 1;
            if (start > items.Count)
                return ApiAnswer.InvalidParameter(Cursor, "Invalid cursor.");
        }
        var shown = items.Skip(start).Take(size).ToList();
        var next = start + shown.Count < items.Count ? LinkTo(call, Base64Url.EncodeToString(Encoding.UTF8.GetBytes(id(shown[^1])))) : null;
        return ApiAnswer.Ok(new JsonObject
        {
            ["data"] = new JsonArray([.. shown.Select(resource)]),
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
