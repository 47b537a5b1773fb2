using System.Text.Json;

namespace ZoeyKlaviyo.Core.Zoey.Wire;

/// <summary>The store's errors: <c>{"messages":{"error":[{"code":404,"message":"Resource not found."}]}}</c>.</summary>
internal static class ErrorBody
{
    private const int MaxLength = 300;

    /// <summary>The messages in one line; null when the body is something else.</summary>
    public static string? TryRead(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.Member("messages")?.Member("error") is not { } errors)
                return null;
            var text = string.Join(' ', WireJson.Items(errors, []).Select(item => WireJson.Text(item.Value, "message")).OfType<string>());
            return text.Length <= MaxLength ? text : text[..MaxLength] + "…";
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
