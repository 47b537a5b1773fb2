using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace ZoeyKlaviyo.Sandbox.Zoey.Feed;

/// <summary>What the store's server sends to the connector, signed with the secret they share.</summary>
internal sealed record SignedPush(string Path, string Body, string Signature)
{
    /// <param name="path">Below the store's own <c>/feed</c>, such as <c>orders</c>.</param>
    public static SignedPush New(string path, string body, DateTimeOffset at)
    {
        var time = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(SandboxOptions.FeedSecret), Encoding.UTF8.GetBytes($"{time}.{body}"));
        return new(path, body, $"t={time},v1={Convert.ToHexStringLower(signature)}");
    }

    public HttpRequestMessage Request(string adminUrl) => new(HttpMethod.Post, $"{adminUrl}/feed/{SandboxOptions.StorePublicKey}/{Path}")
    {
        Content = new StringContent(Body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        Headers = { { "Zoey-Signature", Signature } },
    };
}
