using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using ZoeyKlaviyo.Core.Zoey.Wire;

namespace ZoeyKlaviyo.Core.Zoey;

/// <summary>What a try came to: JSON, or what is wrong.</summary>
/// <param name="IsRepeatable">The store may answer the same request in a moment.</param>
internal sealed record ZoeyAnswer(JsonDocument? Json, ZoeyException? Problem, bool IsRepeatable = false, TimeSpan? RetryAfter = null, string? OAuthProblem = null);

/// <summary>Turns an HTTP answer into JSON or a sentence. What stands in front of a store, such as Cloudflare, speaks HTML.</summary>
internal static partial class ZoeyAnswers
{
    public static ZoeyAnswer Read(ZoeyResource resource, HttpResponseMessage response, byte[] body, DateTimeOffset now)
    {
        var status = (int)response.StatusCode;
        var isJson = response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.OrdinalIgnoreCase) == true;
        var message = isJson ? ErrorBody.TryRead(System.Text.Encoding.UTF8.GetString(body)) : null;
        var answer = Read(resource, response, body, now, status, isJson, message);
        answer.Problem?.IsSaidByStore = message is not null;
        return answer;
    }

    private static ZoeyAnswer Read(
        ZoeyResource resource, HttpResponseMessage response, byte[] body, DateTimeOffset now, int status, bool isJson, string? message) =>
        status switch
        {
            200 when isJson => Parse(resource, body),
            >= 200 and < 300 => Wrong(
                ZoeyProblem.Unreadable,
                status == 200 ? $"The store answered the question for {resource.Name} with something other than JSON. Check that the address is the store's own."
                    : $"The store answered the question for {resource.Name} with HTTP {status} instead of data.",
                status),
            >= 300 and < 400 => Wrong(ZoeyProblem.Redirect, Redirect(response), status),
            401 => Unauthorized(message),
            403 when isJson => Wrong(
                ZoeyProblem.Forbidden,
                $"The store refuses access to {resource.Name}. In Zoey, give the API role Read access to {resource.Role}. If it has that, something between here and "
                + "the store takes the Authorization header away, so that the store takes us for a guest.",
                status),
            403 => Wrong(
                ZoeyProblem.Blocked,
                "Something in front of the store, such as Cloudflare, blocks the request. Ask Zoey's support to let this server's address through.",
                status),
            404 when message?.Contains("Resource not found", StringComparison.OrdinalIgnoreCase) == true =>
                Wrong(ZoeyProblem.NotFound, $"The store has no such record among its {resource.Name}.", status),
            404 or 405 => new ZoeyAnswer(null, NoSuchEndpoint(resource, status)),
            408 or 429 or >= 500 => new ZoeyAnswer(null, Unavailable(status), IsRepeatable: true, RetryAfter: RetryAfter(response, now)),
            _ => Wrong(
                ZoeyProblem.Refused,
                $"The store does not understand the request for {resource.Name} (HTTP {status}){(message is { Length: > 0 } ? $": {message}" : ".")}",
                status),
        };

    public static ZoeyAnswer Wrong(ZoeyProblem problem, string message, int? status, Exception? inner = null) =>
        new(null, new ZoeyException(problem, message, status, inner));

    public static ZoeyException NoSuchEndpoint(ZoeyResource resource, int? status) => new(
        ZoeyProblem.NoSuchEndpoint,
        $"The store has no resource for reading {resource.Name} at \"{resource.Path}\". If it is elsewhere, change Zoey:Endpoints; else this store does not "
        + $"offer it. {resource.Without}",
        status);

    /// <summary>Nobody answered.</summary>
    public static ZoeyAnswer None(string message, Exception inner) =>
        new(null, new ZoeyException(ZoeyProblem.Unavailable, message, inner: inner), IsRepeatable: true);

    private static ZoeyAnswer Parse(ZoeyResource resource, byte[] body)
    {
        try
        {
            return new ZoeyAnswer(JsonDocument.Parse(body), null);
        }
        catch (JsonException exception)
        {
            return Wrong(ZoeyProblem.Unreadable, $"The store's answer with {resource.Name} is broken JSON.", 200, exception);
        }
    }

    /// <summary>Without the query, which is ours, and without what might stand before an @.</summary>
    private static string Redirect(HttpResponseMessage response)
    {
        var location = response.Headers.Location;
        var target = location is null ? "another address"
            : location.IsAbsoluteUri ? location.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)
            : location.OriginalString.Split('?')[0];
        return $"The store sends us on to {target}. Set the store's address to its canonical one, as a redirected request is no longer validly signed.";
    }

    private static ZoeyAnswer Unauthorized(string? message)
    {
        var problem = message is null ? null : OAuthProblem().Match(message) is { Success: true } match ? match.Groups[1].Value : null;
        var (kind, text) = problem switch
        {
            "timestamp_refused" => (ZoeyProblem.Clock, "The store refuses the time of the request: this server's clock and the store's differ. Set this server's clock."),
            "nonce_used" => (ZoeyProblem.Credentials, "The store says that the request was made before. Another application may use the same credentials."),
            "signature_invalid" => (
                ZoeyProblem.Credentials,
                "The store refuses the signature: the consumer secret or the token secret is wrong, or the address is not the one that the store knows itself by."),
            "consumer_key_rejected" or "consumer_key_refused" => (ZoeyProblem.Credentials, "The store does not know the consumer key. Copy the four values again from Zoey's admin."),
            "token_rejected" or "token_revoked" or "token_expired" => (
                ZoeyProblem.Credentials, "The store no longer accepts the access token. Create new credentials in Zoey's admin and enter them."),
            "parameter_absent" or "version_rejected" or "signature_method_rejected" => (
                ZoeyProblem.Credentials, "The store found no complete OAuth header. Something between here and the store may take the Authorization header away."),
            _ => (ZoeyProblem.Credentials, "The store does not accept the credentials. Enter them again from Zoey's admin."),
        };
        return new ZoeyAnswer(null, new ZoeyException(kind, text, 401), OAuthProblem: problem ?? "");
    }

    private static ZoeyException Unavailable(int status) => new(
        ZoeyProblem.Unavailable,
        status == (int)HttpStatusCode.TooManyRequests
            ? "The store keeps asking us to slow down. It is asked again at the next run."
            : $"The store is not available (HTTP {status}). It is asked again at the next run.",
        status);

    private static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now) =>
        response.Headers.RetryAfter?.Delta ?? response.Headers.RetryAfter?.Date - now;

    [GeneratedRegex("oauth_problem=([a-z_]+)")]
    private static partial Regex OAuthProblem();
}
