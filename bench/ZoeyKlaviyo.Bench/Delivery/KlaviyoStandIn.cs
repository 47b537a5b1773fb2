using System.Buffers;

namespace ZoeyKlaviyo.Bench.Delivery;

/// <summary>
/// Klaviyo without latency: reads each body to its end, counts it and answers 202. On request it keeps Klaviyo's fixed windows of a
/// second and a minute an endpoint (developers.klaviyo.com/en/docs/rate_limits_and_error_handling) and answers 429 beyond them.
/// </summary>
internal sealed class KlaviyoStandIn
{
    private const string Bulk = "/api/event-bulk-create-jobs";
    private const string Single = "/api/events";
    private const string Subscribe = "/api/profile-subscription-bulk-create-jobs";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Windows> _windows = [];
    private bool _hasLimits;
    private int _calls;
    private int _bulkCalls;
    private int _subscribeCalls;
    private int _profileReads;
    private int _events;
    private int _throttled;
    private long _bytes;

    public static async Task RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        var klaviyo = new KlaviyoStandIn();
        app.MapPost("/oauth/token", () => Results.Json(new { access_token = "access", refresh_token = "refresh", expires_in = 3600, token_type = "bearer", scope = "" }));
        app.MapGet("/api/profiles", () =>
        {
            klaviyo.CountRead();
            return Results.Text("""{"data":[],"links":{}}""", "application/vnd.api+json");
        });
        app.MapPost(Subscribe, (RequestDelegate)klaviyo.TakeAsync);
        app.MapGet("/{**path}", () => Results.Text("""{"data":[],"links":{}}""", "application/vnd.api+json"));
        app.MapPost(Bulk, (RequestDelegate)klaviyo.TakeAsync);
        app.MapPost(Single, (RequestDelegate)klaviyo.TakeAsync);
        await app.StartAsync();
        Child.Answer(new { url = app.Urls.Single() });
        while (await Console.In.ReadLineAsync() is { } line)
            Child.Answer(klaviyo.StartCounting(line == "limits"));
    }

    /// <returns>What was counted before.</returns>
    private object StartCounting(bool hasLimits)
    {
        lock (_lock)
        {
            var counted = new { calls = _calls, bulkCalls = _bulkCalls, events = _events, throttled = _throttled, bytes = _bytes, subscribeCalls = _subscribeCalls, profileReads = _profileReads };
            (_hasLimits, _calls, _bulkCalls, _events, _throttled, _bytes) = (hasLimits, 0, 0, 0, 0, 0);
            (_subscribeCalls, _profileReads) = (0, 0);
            _windows.Clear();
            return counted;
        }
    }

    private void CountRead()
    {
        lock (_lock)
            _profileReads++;
    }

    private async Task TakeAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        var body = await reader.ReadAsync();
        while (!body.IsCompleted)
        {
            reader.AdvanceTo(body.Buffer.Start, body.Buffer.End);
            body = await reader.ReadAsync();
        }

        var (events, bytes) = (CountEvents(body.Buffer), body.Buffer.Length);
        reader.AdvanceTo(body.Buffer.End);
        var path = context.Request.Path.Value!;
        if (Count(path, events, bytes) is { } wait)
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = wait.ToString(System.Globalization.CultureInfo.InvariantCulture);
            context.Response.ContentType = "application/vnd.api+json";
            await context.Response.WriteAsync("""{"errors":[{"id":"1","status":429,"code":"throttled","title":"Request was throttled.","detail":"Request was throttled."}]}""");
            return;
        }

        context.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    /// <returns>Seconds to wait; null when the call is taken.</returns>
    private int? Count(string path, int events, long bytes)
    {
        lock (_lock)
        {
            _calls++;
            if (!_windows.TryGetValue(path, out var windows))
                _windows[path] = windows = path == Bulk ? new Windows(10, 150) : new Windows(350, 3500);
            if (_hasLimits && windows.Take(TimeProvider.System.GetUtcNow()) is { } wait)
            {
                _throttled++;
                return wait;
            }

            _bulkCalls += path == Bulk ? 1 : 0;
            _subscribeCalls += path == Subscribe ? 1 : 0;
            _events += events;
            _bytes += bytes;
            return null;
        }
    }

    /// <summary>Each event has one <c>unique_id</c>.</summary>
    private static int CountEvents(ReadOnlySequence<byte> body)
    {
        var reader = new SequenceReader<byte>(body);
        var count = 0;
        while (reader.TryReadTo(out ReadOnlySequence<byte> _, "\"unique_id\":"u8))
            count++;
        return count;
    }

    /// <summary>Whole seconds and whole minutes of the clock: a caller can't know the borders.</summary>
    private sealed class Windows(int perSecond, int perMinute)
    {
        private (long Window, int Count) _second;
        private (long Window, int Count) _minute;

        public int? Take(DateTimeOffset now)
        {
            var second = now.ToUnixTimeSeconds();
            var minute = second / 60;
            _second = _second.Window == second ? _second : (second, 0);
            _minute = _minute.Window == minute ? _minute : (minute, 0);
            if (_minute.Count >= perMinute)
                return (int)(60 - (second % 60));
            if (_second.Count >= perSecond)
                return 1;
            _second.Count++;
            _minute.Count++;
            return null;
        }
    }
}
