using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace ZoeyKlaviyo.Core.Zoey;

/// <summary>OAuth 1.0a in the header, signed anew for every try: a store refuses a nonce that it has seen.</summary>
internal sealed class OAuth1Authenticator(ZoeyCredentials credentials, TimeProvider time) : IZoeyAuthenticator
{
    public Task AuthorizeAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Sign(request, RandomNumberGenerator.GetHexString(32, lowercase: true), time.GetUtcNow());
        return Task.CompletedTask;
    }

    /// <summary>The four secrets are all there is.</summary>
    public Task<bool> RenewAsync(HttpRequestMessage refused, CancellationToken cancellationToken) => Task.FromResult(false);

    internal void Sign(HttpRequestMessage request, string nonce, DateTimeOffset at)
    {
        List<KeyValuePair<string, string>> parameters =
        [
            new("oauth_consumer_key", credentials.ConsumerKey ?? ""),
            new("oauth_nonce", nonce),
            new("oauth_signature_method", "HMAC-SHA1"),
            new("oauth_timestamp", at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
            new("oauth_token", credentials.AccessToken ?? ""),
            new("oauth_version", "1.0"),
        ];
        var signature = OAuth1Signature.Compute(
            request.Method.Method, request.RequestUri!, parameters, credentials.ConsumerSecret ?? "", credentials.TokenSecret ?? "");
        parameters.Add(new("oauth_signature", signature));
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "OAuth", string.Join(", ", parameters.Select(pair => $"{pair.Key}=\"{OAuth1Signature.Encode(pair.Value)}\"")));
    }
}
