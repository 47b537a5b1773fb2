using System.Text.Json.Nodes;
using ZoeyKlaviyo.Sandbox.Klaviyo.Api;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Lists;

internal sealed class ListOperations : IApiOperations
{
    private static readonly Dictionary<string, Func<KlaviyoList, IComparable>> s_filters = new()
    {
        ["id"] = list => list.Id,
        ["name"] = list => list.Name,
        ["created"] = list => list.Created,
        ["updated"] = list => list.Created,
    };

    public ListOperations(ListBook book, TimeProvider time) => Handlers = new Dictionary<string, ApiHandler>
    {
        ["get_lists"] = new(call => Find(book, call)),
        ["get_list"] = new(call => book.Of(call.Account).FirstOrDefault(list => list.Id == call.Id) is { } list
            ? ApiAnswer.Ok(ApiResource.One(Resource(call, list)))
            : ApiAnswer.NotFound("list", call.Id)),
        ["create_list"] = new(call =>
        {
            var attributes = call.Body.GetProperty("data").GetProperty("attributes");
            var optIn = attributes.TryGetProperty("opt_in_process", out var process) ? process.GetString() : null;
            var list = book.Create(call.Account, attributes.GetProperty("name").GetString()!, optIn, time.GetUtcNow());
            return ApiAnswer.Created(ApiResource.One(Resource(call, list)));
        }),
    };

    public IReadOnlyDictionary<string, ApiHandler> Handlers { get; }

    private static ApiAnswer Find(ListBook book, ApiCall call)
    {
        var found = ApiFilter.Apply(call, book.Of(call.Account), s_filters, out var refusal);
        IEnumerable<KlaviyoList> sorted = call.Query("sort")?.TrimStart('-') switch
        {
            "name" => found.OrderBy(list => list.Name, StringComparer.Ordinal),
            "id" => found.OrderBy(list => list.Id, StringComparer.Ordinal),
            _ => found.OrderBy(list => list.Created),
        };
        if (call.Query("sort")?.StartsWith('-') is true)
            sorted = sorted.Reverse();
        return refusal ?? ApiPage.Of(call, [.. sorted], list => list.Id, list => Resource(call, list), defaultSize: 10);
    }

    private static JsonObject Resource(ApiCall call, KlaviyoList list) => ApiResource.Of(call, "list", list.Id, new JsonObject
    {
        ["name"] = list.Name,
        ["created"] = ApiResource.Time(list.Created),
        ["updated"] = ApiResource.Time(list.Created),
        ["opt_in_process"] = list.OptInProcess,
    });
}
