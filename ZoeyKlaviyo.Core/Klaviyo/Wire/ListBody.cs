using System.Text.Json;

namespace ZoeyKlaviyo.Core.Klaviyo.Wire;

/// <summary><c>GET /api/lists</c> and <c>POST /api/lists</c>.</summary>
internal static class ListBody
{
    public static byte[] Create(string name, bool isDoubleOptIn) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        data = new { type = "list", attributes = new { name, opt_in_process = isDoubleOptIn ? "double_opt_in" : "single_opt_in" } },
    });

    public static ListPage ReadPage(KlaviyoAnswer answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer.Body);
            return new ListPage(answer, [.. document.RootElement.GetProperty("data").EnumerateArray().Select(Read)], PageLink.Next(document.RootElement));
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return new ListPage(AnswerReader.None("Klaviyo's answer can't be read.", mayHaveArrived: false) with { Status = answer.Status }, null);
        }
    }

    public static KlaviyoList? TryReadOne(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return Read(document.RootElement.GetProperty("data"));
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    private static KlaviyoList Read(JsonElement list)
    {
        var attributes = list.GetProperty("attributes");
        bool? isDouble = attributes.TryGetProperty("opt_in_process", out var optIn) ? optIn.GetString() switch
        {
            "double_opt_in" => true,
            "single_opt_in" => false,
            _ => null,
        } : null;
        return new KlaviyoList(list.GetProperty("id").GetString()!, attributes.GetProperty("name").GetString() ?? "", isDouble);
    }
}
