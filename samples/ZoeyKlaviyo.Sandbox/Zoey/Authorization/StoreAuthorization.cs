using System.Globalization;
using Microsoft.AspNetCore.Http.Features;

namespace ZoeyKlaviyo.Sandbox.Zoey.Authorization;

/// <summary>Who calls, told by the Authorization header alone: OAuth 1.0a, OAuth 2, or nobody.</summary>
internal sealed class StoreAuthorization(StoreNonces nonces, StoreTokens tokens, TimeProvider time)
{
    private const int FutureSeconds = 600;

    private static readonly string[] s_required =
        ["oauth_consumer_key", "oauth_signature_method", "oauth_signature", "oauth_nonce", "oauth_timestamp", "oauth_token"];

    /// <returns>What is wrong with the credentials; null: they are good, or there are none and the caller is a guest.</returns>
    public string? FindProblem(HttpRequest request, out bool isGuest)
    {
        var header = request.Headers.Authorization.ToString();
        var (isOAuth1, isOAuth2) = (Has(OAuthHeader.Scheme), Has("Bearer "));
        isGuest = !isOAuth1 && !isOAuth2;
        if (isOAuth1)
            return FindProblem(request, OAuthHeader.Parse(header)) is { } problem ? "oauth_problem=" + problem : null;
        return isOAuth2 && !tokens.IsGoodAccess(header["Bearer ".Length..]) ? "The access token is invalid or has expired." : null;

        bool Has(string scheme) => header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A nonce is used up before the signature is looked at, as the stock server does it: a retry needs both anew.</summary>
    private string? FindProblem(HttpRequest request, Dictionary<string, string> given)
    {
        if (given.TryGetValue("oauth_version", out var version) && version != "1.0")
            return "version_rejected";
        if (Array.Find(s_required, name => string.IsNullOrEmpty(given.GetValueOrDefault(name))) is { } absent)
            return "parameter_absent&oauth_parameters_absent=" + absent;
        if (given["oauth_signature_method"] != "HMAC-SHA1")
            return "signature_method_rejected";
        if (given["oauth_consumer_key"] != SandboxOptions.ConsumerKey)
            return "consumer_key_rejected";
        if (!IsAcceptable(given["oauth_timestamp"]))
            return "timestamp_refused";
        if (!nonces.Use(given["oauth_nonce"], given["oauth_timestamp"]))
            return "nonce_used";
        if (given["oauth_token"] != SandboxOptions.AccessToken)
            return "token_rejected";
        return given["oauth_signature"] == Sign(request, given) ? null : "signature_invalid";
    }

    private bool IsAcceptable(string timestamp) =>
        long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && seconds > 0 && seconds <= time.GetUtcNow().ToUnixTimeSeconds() + FutureSeconds;

    private static string Sign(HttpRequest request, Dictionary<string, string> given)
    {
        var target = request.HttpContext.Features.Get<IHttpRequestFeature>()!.RawTarget.Split('?', 2);
        return OAuthSignature.Of(
            request.Method,
            $"{request.Scheme}://{request.Host}{target[0]}",
            target.Length > 1 ? target[1] : "",
            given,
            SandboxOptions.ConsumerSecret,
            SandboxOptions.TokenSecret);
    }
}
