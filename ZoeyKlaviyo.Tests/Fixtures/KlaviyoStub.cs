using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;

namespace ZoeyKlaviyo.Tests.Fixtures;

/// <summary>A request that the stub saw.</summary>
public sealed record SeenRequest(string Method, string Path, string Body, string? Authorization);

/// <summary>
/// Klaviyo for tests of what an answer does. It answers what the test says, in order, and throws on a call nobody expected.
/// </summary>
public sealed class KlaviyoStub : HttpMessageHandler
{
    private readonly ConcurrentDictionary<string, Func<SeenRequest, Task<HttpResponseMessage>>> _answers = new();

    private int _answering;

    public ConcurrentQueue<SeenRequest> Requests { get; } = new();

    /// <summary>An answer is on its way, which takes no time on a fake clock.</summary>
    public bool IsAnswering => Volatile.Read(ref _answering) > 0;

    public IEnumerable<SeenRequest> Events => Requests.Where(request => request.Path == "/api/events");

    /// <summary>The last registration for a path counts.</summary>
    public KlaviyoStub On(string methodAndPath, Func<SeenRequest, HttpResponseMessage> answer) =>
        OnAsync(methodAndPath, request => Task.FromResult(answer(request)));

    public KlaviyoStub OnAsync(string methodAndPath, Func<SeenRequest, Task<HttpResponseMessage>> answer)
    {
        _answers[methodAndPath] = answer;
        return this;
    }

    public IEnumerable<SeenRequest> BulkCalls => Requests.Where(request => request.Path == "/api/event-bulk-create-jobs");

    /// <summary>
    /// Events alone or in bulk: the bulk endpoint asks <paramref name="answer"/> for each event, names those that get a 400, and
    /// passes on any other answer for the whole call.
    /// </summary>
    public KlaviyoStub OnEvent(Func<SeenRequest, HttpResponseMessage> answer) =>
        On("POST /api/events", answer).OnBulk(request => BulkBodies.Answer(request, answer));

    public KlaviyoStub OnBulk(Func<SeenRequest, HttpResponseMessage> answer) => On("POST /api/event-bulk-create-jobs", answer);

    public static HttpResponseMessage Accepted() => new(HttpStatusCode.Accepted);

    public static HttpResponseMessage Json(int status, string body, string mediaType = "application/vnd.api+json") =>
        new((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, mediaType) };

    public static HttpResponseMessage Error(int status, string detail = "Something is wrong.", string? pointer = null) => Json(
        status,
        JsonSerializer.Serialize(new { errors = new[] { new { id = "x", status, code = "invalid", title = "Invalid input.", detail, source = new { pointer } } } }));

    /// <summary>A refusal with one entry an error.</summary>
    public static HttpResponseMessage Errors(IEnumerable<(string? Pointer, string Detail)> errors) => Json(
        400,
        JsonSerializer.Serialize(new
        {
            errors = errors.Select(error => new { id = "x", status = 400, code = "invalid", title = "Invalid input.", detail = error.Detail, source = new { pointer = error.Pointer } }),
        }));

    public static HttpResponseMessage Html(int status) => Json(status, "<html><body>Attention required</body></html>", "text/html");

    public static HttpResponseMessage Throttled(int? retryAfter)
    {
        var response = Error(429, "Request was throttled.");
        if (retryAfter is { } seconds)
            response.Headers.Add("Retry-After", seconds.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return response;
    }

    public static HttpResponseMessage Tokens(string access, string? refresh = "refresh-2", int expiresIn = 3600) => Json(
        200,
        JsonSerializer.Serialize(new { access_token = access, refresh_token = refresh, expires_in = expiresIn, token_type = "bearer", scope = "events:write" }),
        "application/json");

    public static HttpResponseMessage OAuthError(int status, string error) =>
        Json(status, JsonSerializer.Serialize(new { error, error_description = error }), "application/json");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var seen = new SeenRequest(request.Method.Method, request.RequestUri!.AbsolutePath, body, request.Headers.Authorization?.ToString());
        Requests.Enqueue(seen);
        if (!_answers.TryGetValue($"{seen.Method} {seen.Path}", out var answer))
            throw new InvalidOperationException($"Nobody expected {seen.Method} {seen.Path}.");
        var response = await AnswerAsync(answer, seen);
        if (response.StatusCode == HttpStatusCode.OK && response.Content is HangingContent)
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        return response;
    }

    private async Task<HttpResponseMessage> AnswerAsync(Func<SeenRequest, Task<HttpResponseMessage>> answer, SeenRequest seen)
    {
        Interlocked.Increment(ref _answering);
        try
        {
            return await answer(seen);
        }
        finally
        {
            Interlocked.Decrement(ref _answering);
        }
    }

    /// <summary>An answer that never comes.</summary>
    public static HttpResponseMessage Hang() => new(HttpStatusCode.OK) { Content = new HangingContent() };

    private sealed class HangingContent : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => Task.CompletedTask;

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return true;
        }
    }
}
