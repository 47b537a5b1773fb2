using System.Globalization;
using System.Text.Json.Nodes;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Api;

/// <summary>JSON:API documents in Klaviyo's form, with sparse fieldsets applied.</summary>
internal static class ApiResource
{
    public static JsonObject Of(ApiCall call, string type, string id, JsonObject attributes, JsonObject? relationships = null)
    {
        if (call.Query($"fields[{type}]") is { } fields)
            Cut(attributes, "", fields.Split(','));
        var resource = new JsonObject { ["type"] = type, ["id"] = id, ["attributes"] = attributes };
        if (relationships is not null)
            resource["relationships"] = relationships;
        resource["links"] = new JsonObject { ["self"] = Link(call, type, id) };
        return resource;
    }

    public static string Link(ApiCall call, string type, string id) =>
        call.Link($"/api/{(type.EndsWith('y') ? type[..^1] + "ie" : type)}s/{Uri.EscapeDataString(id)}/");

    /// <param name="wanted">Names of members; a dot leads into an object, as in <c>subscriptions.email.marketing</c>.</param>
    private static void Cut(JsonObject members, string path, string[] wanted)
    {
        foreach (var (name, value) in members.Where(member => !wanted.Contains(path + member.Key)).ToList())
        {
            var below = path + name + ".";
            if (value is JsonObject inner && wanted.Any(one => one.StartsWith(below, StringComparison.Ordinal)))
                Cut(inner, below, wanted);
            else
                members.Remove(name);
        }
    }

    public static JsonObject One(JsonObject resource) => new() { ["data"] = resource };

    public static JsonObject Related(string type, string id) =>
        new() { ["data"] = new JsonObject { ["type"] = type, ["id"] = id } };

    public static string Time(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);
}
