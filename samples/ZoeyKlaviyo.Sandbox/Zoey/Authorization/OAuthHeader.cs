namespace ZoeyKlaviyo.Sandbox.Zoey.Authorization;

/// <summary>The parameters of an <c>Authorization: OAuth …</c> header (RFC 5849, section 3.5.1).</summary>
internal static class OAuthHeader
{
    public const string Scheme = "OAuth ";

    public static Dictionary<string, string> Parse(string header)
    {
        var parameters = new Dictionary<string, string>();
        foreach (var part in header[Scheme.Length..].Split(','))
        {
            var pair = part.Trim().Split('=', 2);
            if (pair.Length == 2 && pair[0].StartsWith("oauth_", StringComparison.Ordinal))
                parameters[Uri.UnescapeDataString(pair[0])] = Uri.UnescapeDataString(pair[1].Trim('"'));
        }
        return parameters;
    }
}
