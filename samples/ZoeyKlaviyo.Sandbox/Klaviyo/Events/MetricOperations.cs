using System.Text.Json.Nodes;
using ZoeyKlaviyo.Sandbox.Klaviyo.Api;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Events;

internal sealed class MetricOperations : IApiOperations
{
    private const string Integration = "Zoey";

    private static readonly Dictionary<string, Func<MetricRecord, IComparable>> s_filters = new()
    {
        ["integration.name"] = _ => Integration,
        ["integration.category"] = _ => "eCommerce",
    };

    public MetricOperations(EventBook book) => Handlers = new Dictionary<string, ApiHandler>
    {
        ["get_metrics"] = new(call =>
        {
            var found = ApiFilter.Apply(call, book.Metrics(call.Account), s_filters, out var refusal);
            return refusal ?? ApiPage.Of(call, found, metric => metric.Id, metric => Resource(call, metric), defaultSize: 200);
        }),
        ["get_metric"] = new(call => book.Metrics(call.Account).FirstOrDefault(metric => metric.Id == call.Id) is { } metric
            ? ApiAnswer.Ok(ApiResource.One(Resource(call, metric)))
            : ApiAnswer.NotFound("metric", call.Id)),
    };

    public IReadOnlyDictionary<string, ApiHandler> Handlers { get; }

    /// <summary>Under OAuth Klaviyo brands a metric with the app that made it.</summary>
    private static JsonObject Resource(ApiCall call, MetricRecord metric) => ApiResource.Of(call, "metric", metric.Id, new JsonObject
    {
        ["name"] = metric.Name,
        ["created"] = ApiResource.Time(metric.Created),
        ["updated"] = ApiResource.Time(metric.Created),
        ["integration"] = new JsonObject { ["object"] = "integration", ["id"] = "zoey", ["name"] = Integration, ["category"] = "eCommerce" },
    });
}
