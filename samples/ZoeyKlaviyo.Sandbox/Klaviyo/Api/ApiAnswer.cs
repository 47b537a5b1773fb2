using System.Text.Json.Nodes;
using ZoeyKlaviyo.Sandbox.Klaviyo.Contract;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Api;

internal sealed record ApiAnswer(int Status, JsonNode? Body)
{
    public static readonly ApiAnswer Accepted = new(StatusCodes.Status202Accepted, null);

    public static readonly ApiAnswer NoContent = new(StatusCodes.Status204NoContent, null);

    public static ApiAnswer Ok(JsonObject body) => new(StatusCodes.Status200OK, body);

    public static ApiAnswer Created(JsonObject body) => new(StatusCodes.Status201Created, body);

    public static ApiAnswer Invalid(IEnumerable<ContractViolation> violations) =>
        Errors(400, violations.Select(violation => Error(400, "invalid", "Invalid input.", violation.Detail, new() { ["pointer"] = violation.Pointer })));

    public static ApiAnswer InvalidParameter(string name, string detail) =>
        Errors(400, [Error(400, "invalid", "Invalid input.", detail, new() { ["parameter"] = name })]);

    public static ApiAnswer NotFound(string what, string id) =>
        Refused(404, "not_found", "Not found.", $"A {what} with id `{id}` does not exist.", "/data/");

    /// <param name="seconds">Null: Klaviyo does not say when to come back.</param>
    public static ApiAnswer Throttled(int? seconds) => Refused(429, "throttled", "Request was throttled.",
        "Request was throttled." + (seconds is null ? "" : $" Expected available in {seconds} second(s)."), "/data/");

    public static ApiAnswer NotAuthenticated { get; } = Refused(
        401, "not_authenticated", "Authentication credentials were not provided.", "Missing or invalid access token.", "/data/");

    public static ApiAnswer Refused(int status, string code, string title, string detail, string pointer = "/data") =>
        Errors(status, [Error(status, code, title, detail, new() { ["pointer"] = pointer })]);

    /// <param name="most">How many of the errors may stay; null: all.</param>
    public ApiAnswer WithErrors(int? most)
    {
        if (most is { } count && Body?["errors"] is JsonArray errors && errors.Count > count)
            errors.RemoveRange(count, errors.Count - count);
        return this;
    }

    private static ApiAnswer Errors(int status, IEnumerable<JsonObject> errors) =>
        new(status, new JsonObject { ["errors"] = new JsonArray([.. errors]) });

    private static JsonObject Error(int status, string code, string title, string detail, JsonObject source) => new()
    {
        ["id"] = Guid.NewGuid().ToString(),
        ["status"] = status,
        ["code"] = code,
        ["title"] = title,
        ["detail"] = detail,
        ["source"] = source,
        ["links"] = new JsonObject(),
        ["meta"] = new JsonObject(),
    };
}
