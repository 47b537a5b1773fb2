using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ZoeyKlaviyo.Core.Zoey.Wire;

namespace ZoeyKlaviyo.Core.Zoey;

/// <param name="RefreshToken">Null when the store sent none: the old one stays valid.</param>
public sealed record ZoeyTokens(string AccessToken, string? RefreshToken, TimeSpan ExpiresIn)
{
    public override string ToString() => nameof(ZoeyTokens);
}

/// <summary>A store's OAuth 2 token endpoint, with the client's id and secret as Basic (RFC 6749 §6).</summary>
public sealed class ZoeyTokenClient(HttpClient http, TimeProvider time)
{
    /// <summary>Shorter than the refresh lease, so that nobody takes it over from a refresh that is still under way.</summary>
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(20);

    /// <exception cref="ZoeyException">Credentials: the token or the client is refused. Unavailable: nothing is known of either.</exception>
    internal async Task<ZoeyTokens> RefreshAsync(ZoeyCredentials credentials, string refreshToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, credentials.TokenUrl);
        var basic = $"{Uri.EscapeDataString(credentials.ClientId ?? "")}:{Uri.EscapeDataString(credentials.ClientSecret ?? "")}";
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(basic)));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("ZoeyKlaviyo", "1.0"));
        request.Content = new FormUrlEncodedContent([new("grant_type", "refresh_token"), new("refresh_token", refreshToken)]);
        // Nobody else may end it: the store may have replaced the refresh token already.
        using var timeout = new CancellationTokenSource(s_timeout, time);
        try
        {
            using var response = await http.SendAsync(request, timeout.Token);
            return Read((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(timeout.Token));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or InvalidDataException or OperationCanceledException)
        {
            throw new ZoeyException(ZoeyProblem.Unavailable, "The store could not be asked for a new access token: it did not answer.", inner: exception);
        }
    }

    private static ZoeyTokens Read(int status, byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var json = document.RootElement;
            if (status == 200 && WireJson.Text(json, "access_token") is { } accessToken)
            {
                var seconds = double.TryParse(WireJson.Text(json, "expires_in"), System.Globalization.CultureInfo.InvariantCulture, out var value) ? value : 3600;
                return new ZoeyTokens(accessToken, WireJson.Text(json, "refresh_token"), TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 31_536_000)));
            }

            // Only a 4xx in OAuth's own words says something about the credentials; a 5xx never does.
            if (status is >= 400 and < 500 && WireJson.Text(json, "error") is { } error)
                throw new ZoeyException(ZoeyProblem.Credentials, RefusalOf(error), status);
        }
        catch (JsonException)
        {
        }

        throw status is >= 300 and < 400
            ? new ZoeyException(ZoeyProblem.Redirect, "The token address sends us on to another one. Set it to the address that Zoey's admin shows.", status)
            : new ZoeyException(ZoeyProblem.Unavailable, $"The store could not be asked for a new access token (HTTP {status}).", status);
    }

    private static string RefusalOf(string error) => error switch
    {
        "invalid_client" or "unauthorized_client" => "The store does not accept the client id and secret. Enter them again from Zoey's admin.",
        "invalid_grant" => "The store no longer accepts the refresh token. Create a new one in Zoey's admin and enter it.",
        _ => "The store refuses to give an access token. Check in Zoey's admin that the client is enabled and may use refresh tokens.",
    };
}
