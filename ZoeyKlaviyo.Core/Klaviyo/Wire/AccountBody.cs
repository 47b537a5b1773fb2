using System.Text.Json;

namespace ZoeyKlaviyo.Core.Klaviyo.Wire;

/// <summary><c>GET /api/accounts</c> (developers.klaviyo.com/en/reference/get_accounts): always one account for an OAuth token.</summary>
internal static class AccountBody
{
    public static KlaviyoAccount? TryRead(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var account = document.RootElement.GetProperty("data")[0];
            var name = account.GetProperty("attributes").GetProperty("contact_information").GetProperty("organization_name").GetString();
            var id = account.GetProperty("id").GetString();
            return string.IsNullOrEmpty(id) ? null : new KlaviyoAccount(id, string.IsNullOrEmpty(name) ? id : name);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException)
        {
            return null;
        }
    }
}
