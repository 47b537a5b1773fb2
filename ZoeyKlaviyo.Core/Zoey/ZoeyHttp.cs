using System.Net.Http.Headers;
using System.Text.Json;

namespace ZoeyKlaviyo.Core.Zoey;

/// <summary>
/// GETs of a store's REST API. A request is tried up to four times while the store does not answer, waits up to a minute in all, and is signed
/// anew for each try.
/// </summary>
public sealed class ZoeyHttp(HttpClient http, ZoeyPace pace, TimeProvider time)
{
    internal const int MaxTries = 4;
    internal const int MaxBytes = 50 * 1024 * 1024;
    internal static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_tryTimeout = TimeSpan.FromSeconds(30);

    /// <param name="path">Under <c>{BaseUrl}/api/rest</c>.</param>
    /// <exception cref="ZoeyException">The store did not give it.</exception>
    internal async Task<JsonDocument> GetAsync(ZoeyStore store, ZoeyResource resource, string path, ZoeyQuery? query, CancellationToken cancellationToken)
    {
        var waited = TimeSpan.Zero;
        var (hasNewNonce, isRenewed) = (false, false);
        for (var tries = 1; ;)
        {
            using var request = Request(store, path, query);
            var answer = await TryAsync(store, resource, request, cancellationToken);
            if (answer.Json is not null)
                return answer.Json;
            switch (answer)
            {
                case { OAuthProblem: "nonce_used" } when !hasNewNonce:
                    hasNewNonce = true;
                    continue;
                case { OAuthProblem: not null } when !isRenewed && await store.Authenticator.RenewAsync(request, cancellationToken):
                    isRenewed = true;
                    continue;
                case { IsRepeatable: false }:
                    throw answer.Problem!;
                default:
                    break;
            }

            var backOff = TimeSpan.FromSeconds(1 << (tries - 1)) + Jitter();
            var wait = answer.RetryAfter > backOff ? answer.RetryAfter.Value : backOff;
            waited += wait;
            if (tries++ == MaxTries || waited > MaxWait)
                throw answer.Problem!;
            await Task.Delay(wait, time, cancellationToken);
        }
    }

    /// <summary>Null when the store says that there is no such record: JSON 404 <c>Resource not found.</c> and nothing else.</summary>
    /// <exception cref="ZoeyException">The store did not give it.</exception>
    internal async Task<JsonDocument?> FindAsync(ZoeyStore store, ZoeyResource resource, string path, CancellationToken cancellationToken)
    {
        try
        {
            return await GetAsync(store, resource, path, null, cancellationToken);
        }
        catch (ZoeyException exception) when (exception.Problem == ZoeyProblem.NotFound)
        {
            return null;
        }
    }

    private static HttpRequestMessage Request(ZoeyStore store, string path, ZoeyQuery? query)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"{store.BaseUrl}/api/rest/{path.Trim('/')}{(query is null ? "" : $"?{query}")}");
        // Without Accept, Cloudflare or the store itself answers with an error; both expect clients to say who they are.
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("ZoeyKlaviyo", "1.0"));
        return request;
    }

    private async Task<ZoeyAnswer> TryAsync(ZoeyStore store, ZoeyResource resource, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var place = await pace.EnterAsync(store.Id, cancellationToken);
        try
        {
            // Only now: a signature holds the time, and a token may have been renewed meanwhile. Not after the turn: a refresh would make it late.
            await store.Authenticator.AuthorizeAsync(request, cancellationToken);
        }
        catch (ZoeyException exception) when (exception.Problem == ZoeyProblem.Unavailable)
        {
            return new ZoeyAnswer(null, exception, IsRepeatable: true);
        }

        await place.StartAsync(cancellationToken);
        using var timeout = new CancellationTokenSource(s_tryTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        int? status = null;
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            status = (int)response.StatusCode;
            return await ReadBodyAsync(response, either.Token) is { } body
                ? Redact(ZoeyAnswers.Read(resource, response, body, time.GetUtcNow()), request)
                : ZoeyAnswers.Wrong(ZoeyProblem.Unreadable, $"The store's answer with {resource.Name} is larger than {MaxBytes / 1024 / 1024} MB.", status);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return ZoeyAnswers.None($"The store did not answer within {s_tryTimeout.TotalSeconds:0} seconds.", exception);
        }
        catch (InvalidDataException exception)
        {
            return new ZoeyAnswer(
                null,
                new ZoeyException(ZoeyProblem.Unreadable, $"The store's answer with {resource.Name} is broken: it can't be decompressed.", status, exception),
                IsRepeatable: true);
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.NameResolutionError)
        {
            return ZoeyAnswers.None($"The store's host {request.RequestUri!.Host} is not known. Check the store's address.", exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return ZoeyAnswers.None($"The connection to the store failed: {exception.Message}", exception);
        }
    }

    /// <summary>Null when it is too large.</summary>
    /// <exception cref="InvalidDataException">It can't be decompressed.</exception>
    private static async Task<byte[]?> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var body = new MemoryStream();
        var buffer = new byte[64 * 1024];
        try
        {
            for (int read; (read = await stream.ReadAsync(buffer, cancellationToken)) > 0;)
            {
                if (body.Length + read > MaxBytes)
                    return null;
                body.Write(buffer, 0, read);
            }
        }
        catch (InvalidOperationException exception)
        {
            // What Brotli calls broken data.
            throw new InvalidDataException(exception.Message, exception);
        }

        return body.ToArray();
    }

    /// <summary>A store may repeat what it was sent in its words on what is wrong with it.</summary>
    private static ZoeyAnswer Redact(ZoeyAnswer answer, HttpRequestMessage request) =>
        answer.Problem is { } problem && request.Headers.Authorization?.Parameter is { Length: > 0 } sent && problem.Message.Contains(sent, StringComparison.Ordinal)
            ? answer with { Problem = new ZoeyException(problem.Problem, problem.Message.Replace(sent, "…", StringComparison.Ordinal), problem.HttpStatus) { IsSaidByStore = problem.IsSaidByStore } }
            : answer;

    /// <summary>Keeps parallel callers from coming back in the same instant.</summary>
    private static TimeSpan Jitter() => TimeSpan.FromMilliseconds(Random.Shared.Next(0, 250));
}
