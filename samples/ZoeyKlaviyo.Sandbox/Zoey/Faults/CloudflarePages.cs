namespace ZoeyKlaviyo.Sandbox.Zoey.Faults;

/// <summary>What a caller sees who is stopped before the store, in the manner of the proxy that Zoey stores are behind.</summary>
internal static class CloudflarePages
{
    public static string Blocked { get; } = Page("Attention Required! | Cloudflare", "Sorry, you have been blocked", "You are unable to access this store");

    public static string Unavailable { get; } = Page("503 Service Temporarily Unavailable", "503 Service Temporarily Unavailable", "cloudflare");

    private static string Page(string title, string heading, string text) => $"""
        <!DOCTYPE html>
        <html lang="en-US">
        <head><title>{title}</title><meta charset="UTF-8" /></head>
        <body>
          <div id="cf-wrapper"><h1 data-translate="block_headline">{heading}</h1><h2>{text}</h2>
          <p>Cloudflare Ray ID: <strong>8a1b2c3d4e5f6789</strong></p></div>
        </body>
        </html>
        """;
}
