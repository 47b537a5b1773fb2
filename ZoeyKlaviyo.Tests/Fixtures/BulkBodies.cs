using System.Net;
using System.Text.Json.Nodes;

namespace ZoeyKlaviyo.Tests.Fixtures;

/// <param name="Pointer">Of the event in the bulk request.</param>
/// <param name="Single">The same event as a request of its own.</param>
public sealed record BulkEntry(string Pointer, string ProfilePointer, SeenRequest Single)
{
    public string Email => JsonNode.Parse(Single.Body)!["data"]!["attributes"]!["profile"]!["data"]!["attributes"]!["email"]!.GetValue<string>();

    public string UniqueId => JsonNode.Parse(Single.Body)!["data"]!["attributes"]!["unique_id"]!.GetValue<string>();
}

/// <summary>Takes bulk requests apart.</summary>
public static class BulkBodies
{
    public static List<BulkEntry> Read(SeenRequest request)
    {
        var entries = new List<BulkEntry>();
        var profiles = JsonNode.Parse(request.Body)!["data"]!["attributes"]!["events-bulk-create"]!["data"]!.AsArray();
        for (var row = 0; row < profiles.Count; row++)
        {
            var attributes = profiles[row]!["attributes"]!;
            var events = attributes["events"]!["data"]!.AsArray();
            for (var index = 0; index < events.Count; index++)
            {
                var single = events[index]!["attributes"]!.DeepClone().AsObject();
                single["profile"] = attributes["profile"]!.DeepClone();
                var body = new JsonObject { ["data"] = new JsonObject { ["type"] = "event", ["attributes"] = single } };
                var pointer = $"/data/attributes/events-bulk-create/data/{row}";
                entries.Add(new BulkEntry($"{pointer}/attributes/events/data/{index}", pointer, request with { Body = body.ToJsonString() }));
            }
        }

        return entries;
    }

    internal static HttpResponseMessage Answer(SeenRequest request, Func<SeenRequest, HttpResponseMessage> answer)
    {
        var refused = new List<(string? Pointer, string Detail)>();
        foreach (var entry in Read(request))
        {
            var response = answer(entry.Single);
            if (response.StatusCode == HttpStatusCode.BadRequest)
                refused.Add((entry.Pointer + "/attributes", JsonNode.Parse(response.Content.ReadAsStringAsync().Result)!["errors"]![0]!["detail"]!.GetValue<string>()));
            else if (response.StatusCode != HttpStatusCode.Accepted)
                return response;
        }

        return refused.Count == 0 ? KlaviyoStub.Accepted() : KlaviyoStub.Errors(refused);
    }
}
