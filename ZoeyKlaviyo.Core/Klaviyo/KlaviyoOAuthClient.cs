using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace ZoeyKlaviyo.Core.Klaviyo;

public enum TokenOutcome
{
    Granted,

    /// <summary><c>invalid_grant</c>: the code or refresh token is used, expired or revoked.</summary>
    InvalidGrant,

    /// <summary><c>invalid_client</c>: our client id or secret is wrong; the store's tokens may be fine.</summary>
    InvalidClient,

    /// <summary>Another OAuth error: a fault of ours.</summary>
    Refused,

    /// <summary>Nobody answered, or not in OAuth's words: says nothing about the token.</summary>
    Unavailable,
}

/// <param name="RefreshToken">Null when Klaviyo sent none: the old one stays valid.</param>
public sealed record TokenPair(string AccessToken, string? RefreshToken, TimeSpan ExpiresIn, string? Scope);

public sealed record TokenAnswer(TokenOutcome Outcome, TokenPair? Tokens, string Detail);

/// <summary>Klaviyo's OAuth endpoints: authorization code with PKCE (developers.klaviyo.com/en/docs/set_up_oauth).</summary>
public sealed class KlaviyoOAuthClient(HttpClient http, IOptions<KlaviyoOptions> options)
{
    /// <summary>Where the browser is sent to ask for consent.</summary>
    public Uri AuthorizeUrl(string state, string codeChallenge, string redirectUri)
    {
        var query = new Dictionary<string, string>
        {
            ["response_type"] = "code",
            ["client_id"] = options.Value.ClientId,
            ["redirect_uri"] = redirectUri,
            ["scope"] = string.Join(' ', KlaviyoScopes.All),
            ["state"] = state,
            ["code_challenge_method"] = "S256",
            ["code_challenge"] = codeChallenge,
        };
        return new Uri(options.Value.AuthorizeUrl + "?" + string.Join('&', query.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}")));
    }

    public Task<TokenAnswer> ExchangeAsync(string code, string codeVerifier, string redirectUri, CancellationToken cancellationToken) =>
        RequestAsync(
            new()
            {
                ["grant_type"] = "authorization_code",
                ["code"] = code,
                ["code_verifier"] = codeVerifier,
                ["redirect_uri"] = redirectUri,
            },
            cancellationToken);

    public Task<TokenAnswer> RefreshAsync(string refreshToken, CancellationToken cancellationToken) =>
        RequestAsync(new() { ["grant_type"] = "refresh_token", ["refresh_token"] = refreshToken }, cancellationToken);

    /// <summary>Ends both tokens. False when Klaviyo could not be told.</summary>
    public async Task<bool> RevokeAsync(string refreshToken, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await PostAsync(
                "/oauth/revoke", new() { ["token_type_hint"] = "refresh_token", ["token"] = refreshToken }, cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (Exception exception) when (IsUnreachable(exception, cancellationToken))
        {
            return false;
        }
    }

    private async Task<TokenAnswer> RequestAsync(Dictionary<string, string> form, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await PostAsync("/oauth/token", form, cancellationToken);
            return Read(response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
        }
        catch (Exception exception) when (IsUnreachable(exception, cancellationToken))
        {
            return new TokenAnswer(TokenOutcome.Unavailable, null, exception.Message);
        }
    }

    private async Task<HttpResponseMessage> PostAsync(string path, Dictionary<string, string> form, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, options.Value.ApiBaseUrl.TrimEnd('/') + path);
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{options.Value.ClientId}:{options.Value.ClientSecret}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", credentials);
        request.Content = new FormUrlEncodedContent(form);
        return await http.SendAsync(request, cancellationToken);
    }

    private static bool IsUnreachable(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException or IOException
        || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private static TokenAnswer Read(HttpStatusCode status, string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var json = document.RootElement;
            if (status == HttpStatusCode.OK && Text(json, "access_token") is { } accessToken)
                return new TokenAnswer(TokenOutcome.Granted, new TokenPair(accessToken, Text(json, "refresh_token"), ExpiresIn(json), Text(json, "scope")), "");
            // Only a 4xx in OAuth's own words says something about the token; a 5xx never does.
            if ((int)status is >= 400 and < 500 && Text(json, "error") is { } error)
                return new TokenAnswer(OutcomeOf(error), null, Text(json, "error_description") ?? error);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return new TokenAnswer(TokenOutcome.Unavailable, null, $"HTTP {(int)status} with a body that is not JSON");
        }

        return new TokenAnswer(TokenOutcome.Unavailable, null, $"HTTP {(int)status}");
    }

    private static TokenOutcome OutcomeOf(string error) => error switch
    {
        "invalid_grant" => TokenOutcome.InvalidGrant,
        "invalid_client" or "unauthorized_client" => TokenOutcome.InvalidClient,
        _ => TokenOutcome.Refused,
    };

    private static TimeSpan ExpiresIn(JsonElement json) =>
        TimeSpan.FromSeconds(json.TryGetProperty("expires_in", out var value) && value.TryGetInt32(out var seconds) ? seconds : 3600);

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
