using System.Text.Json.Nodes;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Subscribers.Delivery;

namespace ZoeyKlaviyo.Core.Events.Delivery;

/// <summary>Makes the event that Klaviyo gets from a payload: the same for sending and for showing what was sent.</summary>
internal static class PayloadMapper
{
    private static readonly TimeSpan s_tooLateForFlows = TimeSpan.FromHours(24);

    /// <param name="idPrefix">The store's prefix of catalog ids, so that product ids in events find their catalog items; of checkouts, too.</param>
    /// <param name="sentUtc">Browsing that arrives a day late is recorded, but must not start an abandoned-cart mail.</param>
    public static KlaviyoEvent Map(Payload payload, string idPrefix, DateTimeOffset sentUtc) => new(
        payload.Metric,
        payload.Email,
        // A cart's id is the store's own; two stores on one account may have the same. An order carries the prefix already.
        payload.Metric == Metrics.StartedCheckout ? idPrefix + payload.UniqueId : payload.UniqueId,
        payload.OccurredUtc,
        idPrefix.Length == 0 ? payload.Properties : Prefix(payload.Properties, idPrefix),
        payload.Value,
        payload.Currency,
        Backfill: Metrics.IsBrowsing(payload.Metric) && sentUtc - payload.OccurredUtc > s_tooLateForFlows);

    /// <summary>What was or would be sent, for people; null when the payload can't be read.</summary>
    public static string? TryRequestBody(Payload payload, string idPrefix, DateTimeOffset sentUtc)
    {
        try
        {
            return Metrics.IsSubscription(payload.Metric) ? SubscriptionPayload.RequestBody(payload) : Map(payload, idPrefix, sentUtc).ToRequestBody();
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private static string Prefix(string properties, string idPrefix)
    {
        var json = JsonNode.Parse(properties)!.AsObject();
        Prefix(json, "ProductID", idPrefix);
        Prefix(json, "AddedItemProductID", idPrefix);
        if (json["Items"] is JsonArray items)
        {
            foreach (var item in items.OfType<JsonObject>())
                Prefix(item, "ProductID", idPrefix);
        }

        return json.ToJsonString();
    }

    private static void Prefix(JsonObject json, string name, string idPrefix)
    {
        if (json[name] is JsonValue value)
            json[name] = idPrefix + value;
    }
}
