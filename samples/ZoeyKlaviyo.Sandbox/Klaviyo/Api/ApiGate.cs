using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ZoeyKlaviyo.Sandbox.Klaviyo.Contract;
using ZoeyKlaviyo.Sandbox.Klaviyo.OAuth;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Api;

/// <summary>What every call must bring: revision, scopes, known parameters, the right media type, a body that is not too large.</summary>
internal static partial class ApiGate
{
    public static ApiAnswer? Refuse(HttpRequest request, ContractOperation operation, Grant grant, int bodyBytes)
    {
        if (!RevisionPattern().IsMatch(request.Headers["revision"].ToString()))
            return ApiAnswer.Refused(400, "invalid", "Invalid input.", "The revision header is missing or not a date such as " + KlaviyoContract.Revision);
        if (operation.Scopes.Except(grant.Scopes).ToList() is { Count: > 0 } missing)
            return ApiAnswer.Refused(
                403, "permission_denied", "You do not have permission to perform this action.", "Missing scopes: " + string.Join(' ', missing));
        if (request.Query.Select(pair => RefuseParameter(operation, pair.Key, pair.Value.ToString())).FirstOrDefault(one => one is not null) is { } refusal)
            return refusal;
        return operation.BodySchema is null ? null : RefuseBody(request, bodyBytes);
    }

    private static ApiAnswer? RefuseBody(HttpRequest request, int bodyBytes)
    {
        if (request.ContentType != KlaviyoApi.MediaType)
            return ApiAnswer.Refused(415, "unsupported_media_type", "Unsupported media type.", $"Unsupported media type \"{request.ContentType}\" in request.");
        if (request.Headers.ContentEncoding.ToString() is { Length: > 0 } encoding)
            return ApiAnswer.Refused(415, "unsupported_media_type", "Unsupported media type.", $"Unsupported content encoding \"{encoding}\" in request.");
        return bodyBytes > KlaviyoApi.MaxBodyBytes
            ? ApiAnswer.Refused(413, "payload_too_large", "Payload too large.", "The payload is larger than 5 MB.")
            : null;
    }

    private static ApiAnswer? RefuseParameter(ContractOperation operation, string name, string value)
    {
        if (!operation.QueryParameters.TryGetValue(name, out var schema))
            return ApiAnswer.InvalidParameter(name, $"'{name}' is not a valid field for the resource.");
        if (name == "include" || (name.StartsWith("additional-fields", StringComparison.Ordinal) && value != "subscriptions"))
            return ApiAnswer.InvalidParameter(name, "The sandbox has no related resources, and no additional fields but subscriptions.");
        return schema.GetProperty("type").GetString() switch
        {
            "integer" when !IsWithin(schema, value) => ApiAnswer.InvalidParameter(name, $"'{value}' is not a valid value for '{name}'."),
            "array" when FirstUnknown(schema.GetProperty("items"), value.Split(',')) is { } unknown =>
                ApiAnswer.InvalidParameter(name, $"'{unknown}' is not a valid value for '{name}'."),
            "string" when FirstUnknown(schema, [value]) is not null => ApiAnswer.InvalidParameter(name, $"'{value}' is not a valid value for '{name}'."),
            _ => null,
        };
    }

    private static bool IsWithin(JsonElement schema, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number >= schema.GetProperty("minimum").GetInt32() && number <= schema.GetProperty("maximum").GetInt32();

    private static string? FirstUnknown(JsonElement schema, string[] values) =>
        schema.TryGetProperty("enum", out var allowed)
            ? values.FirstOrDefault(value => !allowed.EnumerateArray().Any(one => one.GetString() == value)) : null;

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}(\.\w+)?$")]
    private static partial Regex RevisionPattern();
}
