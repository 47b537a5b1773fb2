using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace ZoeyKlaviyo.Tests.Sandbox;

public sealed record ApiResult(HttpStatusCode Status, string Text, HttpResponseHeaders Headers)
{
    public TimeSpan? RetryAfter => Headers.RetryAfter?.Delta;

    public JsonNode Json => JsonNode.Parse(Text)!;

    public string Code => Json["errors"]![0]!["code"]!.GetValue<string>();

    public string? Header(string name) => Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;

    public IReadOnlyList<string> Pointers => [.. Json["errors"]!.AsArray().Select(error => error!["source"]!["pointer"]!.GetValue<string>())];

    public IReadOnlyList<string> Details => [.. Json["errors"]!.AsArray().Select(error => error!["detail"]!.GetValue<string>())];
}
