using System.Text.Json.Nodes;

namespace ZoeyKlaviyo.Tests.Sandbox;

/// <summary>Request bodies as Klaviyo's documentation shows them.</summary>
public static class KlaviyoBodies
{
    public const string BulkRows = "/data/attributes/events-bulk-create/data";

    public static JsonObject Event(string uniqueId = "1", string email = "jo@shop.test", string metric = "Placed Order")
    {
        var attributes = EventAttributes(uniqueId, metric);
        attributes["profile"] = Profile(email);
        return new() { ["data"] = new JsonObject { ["type"] = "event", ["attributes"] = attributes } };
    }

    public static JsonObject Attributes(JsonObject body) => body["data"]!["attributes"]!.AsObject();

    public static JsonObject Bulk(params JsonObject[] rows) => new()
    {
        ["data"] = new JsonObject
        {
            ["type"] = "event-bulk-create-job",
            ["attributes"] = new JsonObject { ["events-bulk-create"] = new JsonObject { ["data"] = new JsonArray([.. rows]) } },
        },
    };

    public static JsonObject Row(string email, params string[] uniqueIds) => new()
    {
        ["type"] = "event-bulk-create",
        ["attributes"] = new JsonObject
        {
            ["profile"] = Profile(email),
            ["events"] = new JsonObject
            {
                ["data"] = new JsonArray([.. uniqueIds.Select(id => new JsonObject
                {
                    ["type"] = "event",
                    ["attributes"] = EventAttributes(id, "Placed Order"),
                })]),
            },
        },
    };

    private static JsonObject EventAttributes(string uniqueId, string metric) => new()
    {
        ["metric"] = new JsonObject
        {
            ["data"] = new JsonObject { ["type"] = "metric", ["attributes"] = new JsonObject { ["name"] = metric } },
        },
        ["properties"] = new JsonObject { ["OrderId"] = "100012", ["Items"] = new JsonArray(new JsonObject { ["ProductID"] = "77" }) },
        ["value"] = 39.8m,
        ["value_currency"] = "EUR",
        ["time"] = "2026-11-20T09:15:00Z",
        ["unique_id"] = uniqueId,
    };

    private static JsonObject Profile(string email) => new()
    {
        ["data"] = new JsonObject { ["type"] = "profile", ["attributes"] = new JsonObject { ["email"] = email } },
    };
}
