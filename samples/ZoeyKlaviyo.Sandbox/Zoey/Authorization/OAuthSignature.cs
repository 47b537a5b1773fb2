using System.Security.Cryptography;
using System.Text;

namespace ZoeyKlaviyo.Sandbox.Zoey.Authorization;

/// <summary>The HMAC-SHA1 signature as a Magento 1 server works it out.</summary>
internal static class OAuthSignature
{
    /// <param name="address">Scheme, host and path, without the query.</param>
    /// <param name="query">As it came, without the question mark.</param>
    /// <param name="parameters">Those of the header.</param>
    public static string Of(
        string method, string address, string query, IReadOnlyDictionary<string, string> parameters, string consumerSecret, string tokenSecret)
    {
        // The server reads a pair only if it has exactly one equals sign, and keeps the last one of a name.
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in query.Split('&').Select(pair => pair.Split('=')).Where(pair => pair.Length == 2))
            all[Escape(Uri.UnescapeDataString(pair[0]))] = Escape(Uri.UnescapeDataString(pair[1]));
        foreach (var (name, value) in parameters.Where(pair => pair.Key != "oauth_signature"))
            all[Escape(name)] = Escape(value);
        var text = $"{method}&{Escape(address)}&{Escape(string.Join('&', all.Select(pair => $"{pair.Key}={pair.Value}")))}";
        return Convert.ToBase64String(Hash($"{Escape(consumerSecret)}&{Escape(tokenSecret)}", text));
    }

    private static string Escape(string text) => Uri.EscapeDataString(text);

#pragma warning disable CA5350 // OAuth 1.0a has no stronger method that the store would take.
    private static byte[] Hash(string key, string text) => HMACSHA1.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(text));
#pragma warning restore CA5350
}
