using System.Net;
using System.Text.Json;
using ZoeyKlaviyo.Core.Klaviyo.Wire;

namespace ZoeyKlaviyo.Core.Klaviyo;

/// <summary>Turns an HTTP answer into a verdict. Klaviyo's own answers are JSON:API; a proxy in between speaks HTML.</summary>
internal static class AnswerReader
{
    private const int MaxBody = 4000;
    private static readonly TimeSpan s_defaultRetryAfter = TimeSpan.FromSeconds(5);

    public static KlaviyoAnswer Read(HttpResponseMessage response, string body, DateTimeOffset now)
    {
        var status = (int)response.StatusCode;
        var errors = ErrorBody.TryRead(body);
        var verdict = VerdictOf(response, body, errors is not null);
        return new KlaviyoAnswer(
            verdict,
            status,
            verdict == Verdict.Accepted ? body : Cut(body),
            errors ?? [],
            MayHaveArrived: verdict == Verdict.NoVerdict,
            RetryAfter: verdict == Verdict.Throttled ? RetryAfter(response, now) : null);
    }

    public static KlaviyoAnswer None(string reason, bool mayHaveArrived) =>
        new(Verdict.NoVerdict, null, Cut(reason), [], mayHaveArrived);

    /// <summary>False when the request can't have left: no address, no connection, no TLS.</summary>
    public static bool MayHaveArrived(HttpRequestException exception) => exception.HttpRequestError is not
        (HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
        or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError);

    private static Verdict VerdictOf(HttpResponseMessage response, string body, bool isKlaviyos) => response.StatusCode switch
    {
        HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.Accepted or HttpStatusCode.NoContent =>
            IsReadable(response.Content.Headers.ContentType?.MediaType, body) ? Verdict.Accepted : Verdict.NoVerdict,
        HttpStatusCode.TooManyRequests => Verdict.Throttled,
        HttpStatusCode.RequestEntityTooLarge => Verdict.Refused,
        HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError => Verdict.NoVerdict,
        >= HttpStatusCode.Ambiguous and < HttpStatusCode.BadRequest => Verdict.Misconfigured,
        _ when !isKlaviyos => Verdict.NoVerdict,
        HttpStatusCode.BadRequest or HttpStatusCode.Conflict or HttpStatusCode.UnprocessableEntity => Verdict.Refused,
        HttpStatusCode.Unauthorized => Verdict.Unauthorized,
        _ => Verdict.Misconfigured,
    };

    /// <summary>A proxy's page is no yes, nor is what calls itself JSON and is cut off.</summary>
    private static bool IsReadable(string? mediaType, string body)
    {
        if (mediaType == "text/html")
            return false;
        if (body.Length == 0 || mediaType?.EndsWith("json", StringComparison.Ordinal) != true)
            return true;
        try
        {
            using var document = JsonDocument.Parse(body);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static TimeSpan RetryAfter(HttpResponseMessage response, DateTimeOffset now)
    {
        var header = response.Headers.RetryAfter;
        var wait = header?.Delta ?? header?.Date - now ?? s_defaultRetryAfter;
        return wait < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : wait;
    }

    /// <summary>Also takes out what PostgreSQL can't store.</summary>
    internal static string Cut(string text)
    {
        var cut = text.Length <= MaxBody ? text : text[..(char.IsHighSurrogate(text[MaxBody - 1]) ? MaxBody - 1 : MaxBody)];
        return cut.Replace('\0', ' ');
    }
}
