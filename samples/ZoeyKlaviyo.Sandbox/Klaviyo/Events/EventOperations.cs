using System.Text.Json.Nodes;
using ZoeyKlaviyo.Sandbox.Klaviyo.Api;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Events;

internal sealed class EventOperations : IApiOperations
{
    private static readonly Dictionary<string, Func<ReceivedEvent, IComparable>> s_filters = new()
    {
        ["metric_id"] = one => one.MetricId,
        ["profile_id"] = one => one.ProfileId,
        ["datetime"] = one => one.Time,
    };

    private readonly EventBook _book;

    public EventOperations(EventBook book, EventRules rules)
    {
        _book = book;
        Handlers = new Dictionary<string, ApiHandler>
        {
            ["get_events"] = new(Find),
            ["create_event"] = new(AcceptSingle, (call, found) => rules.Check([.. EventEntry.OfSingle(call.Body)], found, call.Refusal)),
            ["bulk_create_events"] = new(AcceptBulk, (call, found) => rules.Check([.. EventEntry.OfBulk(call.Body)], found, call.Refusal)),
        };
    }

    public IReadOnlyDictionary<string, ApiHandler> Handlers { get; }

    private ApiAnswer AcceptSingle(ApiCall call)
    {
        _book.AcceptSingle(call.Account, EventEntry.OfSingle(call.Body).Single());
        return ApiAnswer.Accepted;
    }

    private ApiAnswer AcceptBulk(ApiCall call)
    {
        var repeats = _book.AcceptBulk(call.Account, [.. EventEntry.OfBulk(call.Body)]);
        return repeats.Count == 0 ? ApiAnswer.Accepted : ApiAnswer.Invalid(repeats);
    }

    private ApiAnswer Find(ApiCall call)
    {
        var found = ApiFilter.Apply(call, _book.Events.Where(one => one.Account == call.Account), s_filters, out var refusal);
        var sorted = call.Query("sort") is "datetime" or "timestamp"
            ? found.OrderBy(one => one.Time).ThenBy(one => one.Sequence)
            : found.OrderByDescending(one => one.Time).ThenByDescending(one => one.Sequence);
        return refusal ?? ApiPage.Of(call, [.. sorted], one => one.Id, one => Resource(call, one), defaultSize: 200);
    }

    private static JsonObject Resource(ApiCall call, ReceivedEvent one)
    {
        var properties = JsonObject.Create(one.Properties)!.DeepClone().AsObject();
        properties["$event_id"] = one.UniqueId;
        if (one.Value is { } value)
            properties["$value"] = value;
        if (one.ValueCurrency is { } currency)
            properties["$value_currency"] = currency;
        return ApiResource.Of(call, "event", one.Id, new JsonObject
        {
            ["timestamp"] = one.Time.ToUnixTimeSeconds(),
            ["event_properties"] = properties,
            ["datetime"] = ApiResource.Time(one.Time),
            ["uuid"] = one.Id.ToLowerInvariant(),
        }, new JsonObject
        {
            ["profile"] = ApiResource.Related("profile", one.ProfileId),
            ["metric"] = ApiResource.Related("metric", one.MetricId),
        });
    }
}
