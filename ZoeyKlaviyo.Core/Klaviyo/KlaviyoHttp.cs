using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Options;

namespace ZoeyKlaviyo.Core.Klaviyo;

/// <summary>
/// Requests to Klaviyo's REST API. Every call ends in a <see cref="KlaviyoAnswer"/>, whatever happens on the way; it is tried up to three
/// times while nobody answers, and waits up to a minute in all when Klaviyo asks to slow down.
/// </summary>
public sealed class KlaviyoHttp(HttpClient http, IOptions<KlaviyoOptions> options, EndpointLimits limits, TimeProvider time)
{
    internal const int MaxTries = 3;
    internal static readonly TimeSpan MaxThrottleWait = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_tryTimeout = TimeSpan.FromSeconds(30);
    private static readonly MediaTypeHeaderValue s_jsonApi = new("application/vnd.api+json");

    /// <param name="path">From the host on, with its query.</param>
    /// <param name="isRepeatable">False: not tried again once it may have arrived.</param>
    /// <param name="notAfterUtc">Not tried, nor tried again, later than this.</param>
    internal async Task<KlaviyoAnswer> SendAsync(
        KlaviyoCredential credential,
        EndpointLimit limit,
        HttpMethod method,
        string path,
        byte[]? body,
        CancellationToken cancellationToken,
        bool isRepeatable = true,
        DateTimeOffset? notAfterUtc = null)
    {
        var mayHaveArrived = false;
        var waited = TimeSpan.Zero;
        var throttles = 0;
        KlaviyoAnswer? answer = null;
        for (var tries = 1; ;)
        {
            var pause = limits.PauseOf(credential.AccountId, limit);
            waited += pause;
            if (waited > MaxThrottleWait)
                return Answer(answer ?? KlaviyoAnswer.NotSent(Verdict.Throttled, "Klaviyo has asked us to slow down."));
            if (pause > TimeSpan.Zero)
                await Task.Delay(pause + Jitter(), time, cancellationToken);
            using (var place = await limits.EnterAsync(credential.AccountId, limit, cancellationToken))
            {
                if (place is null)
                    continue;
                if (time.GetUtcNow() > notAfterUtc)
                    return mayHaveArrived ? Answer(answer!) : KlaviyoAnswer.NotSent(Verdict.Throttled, "The call had to wait until what it rests on was too old.");
                answer = await TryAsync(credential, method, path, body, cancellationToken);
            }

            mayHaveArrived |= answer.MayHaveArrived;
            if (answer.Verdict == Verdict.Throttled)
            {
                // As long as Klaviyo asks for, and longer each time it asks again.
                var backOff = TimeSpan.FromSeconds(1 << throttles++);
                limits.Pause(credential.AccountId, limit, answer.RetryAfter > backOff ? answer.RetryAfter.Value : backOff);
                continue;
            }

            if (answer.Verdict != Verdict.NoVerdict || tries == MaxTries || (mayHaveArrived && !isRepeatable))
                return Answer(answer);
            await Task.Delay(TimeSpan.FromSeconds(tries++) + Jitter(), time, cancellationToken);
        }

        KlaviyoAnswer Answer(KlaviyoAnswer last) => last with { MayHaveArrived = mayHaveArrived && last.Verdict != Verdict.Accepted };
    }

    private async Task<KlaviyoAnswer> TryAsync(
        KlaviyoCredential credential, HttpMethod method, string path, byte[]? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, options.Value.ApiBaseUrl.TrimEnd('/') + path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credential.AccessToken);
        request.Headers.Add("revision", options.Value.Revision);
        request.Headers.Accept.ParseAdd("application/vnd.api+json");
        if (body is not null)
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = s_jsonApi } };
        using var timeout = new CancellationTokenSource(s_tryTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            // Not as text: a proxy's page may name a character set that does not exist.
            var bytes = await response.Content.ReadAsByteArrayAsync(either.Token);
            return AnswerReader.Read(response, Encoding.UTF8.GetString(bytes), time.GetUtcNow());
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return AnswerReader.None($"Klaviyo did not answer within {s_tryTimeout.TotalSeconds:0} seconds.", mayHaveArrived: true);
        }
        catch (HttpRequestException exception)
        {
            return AnswerReader.None($"The connection to Klaviyo failed: {exception.Message}", AnswerReader.MayHaveArrived(exception));
        }
        catch (IOException exception)
        {
            return AnswerReader.None($"The connection to Klaviyo broke: {exception.Message}", mayHaveArrived: true);
        }
    }

    /// <summary>Keeps parallel callers from coming back in the same instant.</summary>
    private static TimeSpan Jitter() => TimeSpan.FromMilliseconds(Random.Shared.Next(0, 250));
}
