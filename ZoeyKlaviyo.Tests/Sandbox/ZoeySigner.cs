using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ZoeyKlaviyo.Tests.Sandbox;

/// <summary>Signs a request as RFC 5849 says, with HMAC-SHA1.</summary>
internal sealed record ZoeySigner(string ConsumerKey, string ConsumerSecret, string Token, string TokenSecret)
{
    /// <param name="change">What the request says otherwise than it should; it is signed all the same.</param>
    public string Header(HttpMethod method, Uri address, string nonce, DateTimeOffset at, Action<Dictionary<string, string>>? change = null)
    {
        var parameters = new Dictionary<string, string>
        {
            ["oauth_consumer_key"] = ConsumerKey,
            ["oauth_nonce"] = nonce,
            ["oauth_signature_method"] = "HMAC-SHA1",
            ["oauth_timestamp"] = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            ["oauth_token"] = Token,
            ["oauth_version"] = "1.0",
        };
        change?.Invoke(parameters);
        parameters.TryAdd("oauth_signature", Sign(method, address, parameters));
        return "OAuth " + string.Join(", ", parameters.Select(pair => $"{pair.Key}=\"{Uri.EscapeDataString(pair.Value)}\""));
    }

    public string Sign(HttpMethod method, Uri address, IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var pairs = address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2).Select(Uri.UnescapeDataString).ToArray())
            .Select(pair => (Name: Uri.EscapeDataString(pair[0]), Value: Uri.EscapeDataString(pair[1])))
            .Concat(parameters.Select(pair => (Name: Uri.EscapeDataString(pair.Key), Value: Uri.EscapeDataString(pair.Value))))
            .OrderBy(pair => pair.Name, StringComparer.Ordinal).ThenBy(pair => pair.Value, StringComparer.Ordinal)
            .Select(pair => pair.Name + "=" + pair.Value);
        var text = string.Join(
            '&', method.Method, Uri.EscapeDataString(address.GetLeftPart(UriPartial.Path)), Uri.EscapeDataString(string.Join('&', pairs)));
        var key = Uri.EscapeDataString(ConsumerSecret) + "&" + Uri.EscapeDataString(TokenSecret);
#pragma warning disable CA5350 // The method that a Zoey store asks for.
        return Convert.ToBase64String(HMACSHA1.HashData(Encoding.ASCII.GetBytes(key), Encoding.ASCII.GetBytes(text)));
#pragma warning restore CA5350
    }
}
