using System.Globalization;
using System.Text.Json.Nodes;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Api;

/// <summary>JSON:API documents in Klaviyo's form, with sparse fieldsets applied.</summary>
internal static class ApiResource
{
    public static JsonObject Of(ApiCall call, string type, string id, JsonObject attributes, JsonObject? relationships = null)
    {
        if (call.Query($"fields[{type}]") is { } fields)
        {
            var wanted = fields.Split(',');
            foreach (var name in attributes.Select(pair => pair.Key).Where(name => !wanted.Contains(name)).ToList())
                attributes.Remove(name);
        }
        var resource = new JsonObject { ["type"] = type, ["id"] = id, ["attributes"] = attributes };
        if (relationships is not null)
            resource["relationships"] = relationships;
        resource["links"] = new JsonObject { ["self"] = call.Link($"/api/{type}s/{id}/") };
        return resource;
    }

    public static JsonObject One(JsonObject resource) => new() { ["data"] = resource };

    public static JsonObject Related(string type, string id) =>
        new() { ["data"] = new JsonObject { ["type"] = type, ["id"] = id } };

    public static string Time(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);
}
