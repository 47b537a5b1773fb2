using System.Net;
using System.Text.Json.Nodes;

namespace ZoeyKlaviyo.Tests.Sandbox;

public sealed record ApiResult(HttpStatusCode Status, string Text, TimeSpan? RetryAfter)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    public string Code => Json["errors"]![0]!["code"]!.GetValue<string>();

    public IReadOnlyList<string> Pointers => [.. Json["errors"]!.AsArray().Select(error => error!["source"]!["pointer"]!.GetValue<string>())];

    public IReadOnlyList<string> Details => [.. Json["errors"]!.AsArray().Select(error => error!["detail"]!.GetValue<string>())];
}
