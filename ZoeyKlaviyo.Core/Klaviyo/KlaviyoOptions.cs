namespace ZoeyKlaviyo.Core.Klaviyo;

/// <summary>Section <c>Klaviyo</c>.</summary>
public sealed class KlaviyoOptions
{
    /// <summary>The consent page stays on www; token and revoke moved to the API host in March 2025 (Klaviyo's OAuth guide).</summary>
    public string AuthorizeUrl { get; set; } = "https://www.klaviyo.com/oauth/authorize";

    public string ApiBaseUrl { get; set; } = "https://a.klaviyo.com";

    public string ClientId { get; set; } = "";

    public string ClientSecret { get; set; } = "";

    /// <summary>The API revision every call names.</summary>
    public string Revision { get; set; } = "2026-07-15";

    public LimitOptions Limits { get; set; } = new();

    public bool IsConfigured => ClientId.Length > 0 && ClientSecret.Length > 0;

    public sealed class LimitOptions
    {
        /// <summary>Whether we keep to Klaviyo's published rate limits ourselves. Off only against a stand-in.</summary>
        public bool Enabled { get; set; } = true;
    }
}
