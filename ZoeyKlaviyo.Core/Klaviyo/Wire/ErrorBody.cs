using System.Text.Json;

namespace ZoeyKlaviyo.Core.Klaviyo.Wire;

/// <summary>JSON:API errors, as Klaviyo sends them: <c>{"errors":[{"code","title","detail","source":{"pointer"}}]}</c>.</summary>
internal static class ErrorBody
{
    /// <summary>Null when the body is not JSON:API errors, such as a proxy's HTML page.</summary>
    public static IReadOnlyList<KlaviyoError>? TryRead(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("errors", out var errors)
                && errors.ValueKind == JsonValueKind.Array
                ? errors.EnumerateArray().Where(error => error.ValueKind == JsonValueKind.Object).Select(Read).ToList()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static KlaviyoError Read(JsonElement error)
    {
        var pointer = error.TryGetProperty("source", out var source) && source.ValueKind == JsonValueKind.Object ? Text(source, "pointer") : null;
        var title = Text(error, "title");
        return new KlaviyoError(Text(error, "code"), title, Text(error, "detail") ?? title ?? "no explanation", pointer, error.GetRawText());
    }

    private static string? Text(JsonElement element, string name)
    {
        try
        {
            return element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()!.Replace('\0', ' ')
                : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, echoed from what was sent.
            return null;
        }
    }
}
