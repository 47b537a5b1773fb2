using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ZoeyKlaviyo.Sandbox.Zoey.Api;

internal sealed record StoreAnswer(int Status, JsonNode Body)
{
    public const string MediaType = "application/json; charset=utf-8";

    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static StoreAnswer NoEntity => Refused(404, "Resource not found.");

    public static StoreAnswer NoRoute => Refused(404, "Request does not match any route.");

    public static StoreAnswer Denied => Refused(403, "Access denied");

    public static StoreAnswer WrongMethod => Refused(405, "Resource does not support method.");

    public int? RetryAfter { get; private init; }

    public static StoreAnswer Ok(JsonNode body) => new(200, body);

    public static StoreAnswer Throttled(int seconds) => Refused(429, "Too many requests.") with { RetryAfter = seconds };

    public static StoreAnswer Refused(int status, string message) => new(status, new JsonObject
    {
        ["messages"] = new JsonObject { ["error"] = new JsonArray(new JsonObject { ["code"] = status, ["message"] = message }) },
    });

    public Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        context.Response.ContentType = MediaType;
        if (RetryAfter is { } seconds)
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return context.Response.WriteAsync(Body.ToJsonString(s_json), context.RequestAborted);
    }
}
