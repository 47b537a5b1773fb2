using System.Security.Cryptography;
using System.Text;

namespace ZoeyKlaviyo.Core.Zoey;

/// <summary>
/// HMAC-SHA1 signatures of OAuth 1.0a (RFC 5849 §3.4). Our own, since the signers on NuGet are archived or, as RestSharp's, sign their own
/// requests only and take neither nonce nor time from outside.
/// </summary>
internal static class OAuth1Signature
{
    /// <param name="uri">Its query counts, decoded and encoded anew.</param>
    /// <param name="parameters">The OAuth parameters, and those of a form.</param>
    public static string Compute(
        string method, Uri uri, IEnumerable<KeyValuePair<string, string>> parameters, string consumerSecret, string tokenSecret)
    {
        var key = Encoding.ASCII.GetBytes($"{Encode(consumerSecret)}&{Encode(tokenSecret)}");
#pragma warning disable CA5350 // the store's API knows no other
        return Convert.ToBase64String(HMACSHA1.HashData(key, Encoding.ASCII.GetBytes(BaseString(method, uri, parameters))));
#pragma warning restore CA5350
    }

    internal static string BaseString(string method, Uri uri, IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var sorted = Query(uri).Concat(parameters)
            .Select(pair => (Name: Encode(pair.Key), Value: Encode(pair.Value)))
            .OrderBy(pair => pair.Name, StringComparer.Ordinal)
            .ThenBy(pair => pair.Value, StringComparer.Ordinal)
            .Select(pair => $"{pair.Name}={pair.Value}");
        return $"{method.ToUpperInvariant()}&{Encode(uri.GetLeftPart(UriPartial.Path))}&{Encode(string.Join('&', sorted))}";
    }

    /// <summary>RFC 3986: a space is <c>%20</c>, never <c>+</c>.</summary>
    public static string Encode(string text) => Uri.EscapeDataString(text);

    private static IEnumerable<KeyValuePair<string, string>> Query(Uri uri) =>
        from pair in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
        let parts = pair.Split('=', 2)
        select KeyValuePair.Create(Uri.UnescapeDataString(parts[0]), Uri.UnescapeDataString(parts.ElementAtOrDefault(1) ?? ""));
}
