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

    /// <param name="list">Null: the account's default opt-in decides.</param>
    public static JsonObject Subscribe(string? list, bool historical, params JsonObject[] subscribers)
    {
        var body = SubscriptionJob("profile-subscription-bulk-create-job", list, subscribers);
        Attributes(body)["custom_source"] = "Zoey store";
        if (historical)
            Attributes(body)["historical_import"] = true;
        return body;
    }

    public static JsonObject Subscribe(params JsonObject[] subscribers) => Subscribe(null, false, subscribers);

    public static JsonObject Unsubscribe(string? list, params string[] emails) =>
        SubscriptionJob("profile-subscription-bulk-delete-job", list, [.. emails.Select(email => Subscriber(email, "UNSUBSCRIBED"))]);

    public static JsonObject Subscriber(string email, string consent = "SUBSCRIBED", string? consentedAt = null)
    {
        var marketing = new JsonObject { ["consent"] = consent };
        if (consentedAt is not null)
            marketing["consented_at"] = consentedAt;
        return new()
        {
            ["type"] = "profile",
            ["attributes"] = new JsonObject
            {
                ["email"] = email,
                ["subscriptions"] = new JsonObject { ["email"] = new JsonObject { ["marketing"] = marketing } },
            },
        };
    }

    private static JsonObject SubscriptionJob(string type, string? list, JsonObject[] subscribers)
    {
        var data = new JsonObject
        {
            ["type"] = type,
            ["attributes"] = new JsonObject { ["profiles"] = new JsonObject { ["data"] = new JsonArray([.. subscribers]) } },
        };
        if (list is not null)
            data["relationships"] = new JsonObject { ["list"] = new JsonObject { ["data"] = new JsonObject { ["type"] = "list", ["id"] = list } } };
        return new() { ["data"] = data };
    }

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
