using System.Globalization;
using ZoeyKlaviyo.Admin.Hosting;
using ZoeyKlaviyo.Core.Events.Intake;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Admin.Events;

/// <summary><c>POST /collect/{publicKey}/events</c>: events from browsers of the store's own pages.</summary>
internal sealed class CollectEndpoint(IntakeStores stores, CollectLimiter limiter, EventIntake intake, LiveCheck liveCheck)
{
    private const string Path = "/collect/{publicKey}/events";
    private const string RetrySoon = "2";

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var endpoint = ActivatorUtilities.CreateInstance<CollectEndpoint>(endpoints.ServiceProvider);
        // Nobody signs in here, so that what stands between routing and the endpoint has nothing to do but cost time.
        endpoints.MapMethods(Path, ["POST"], (RequestDelegate)endpoint.CollectAsync).AllowAnonymous().AllowCrossOrigin().DisableAntiforgery().ShortCircuit();
        endpoints.MapMethods(Path, ["OPTIONS"], (RequestDelegate)endpoint.PreflightAsync).AllowAnonymous().AllowCrossOrigin();
    }

    private async Task PreflightAsync(HttpContext context)
    {
        if (await StoreAsync(context) is null)
            return;
        context.Response.Headers.AccessControlAllowMethods = "POST";
        context.Response.Headers.AccessControlAllowHeaders = "content-type";
        context.Response.Headers.AccessControlMaxAge = "86400";
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task CollectAsync(HttpContext context)
    {
        // Whatever is answered, a shop's page of an allowed origin may read it.
        if (await StoreAsync(context) is not { } store)
            return;
        if (!IsTakenContentType(context.Request.ContentType))
            await ProblemAsync(context, 415, "Send application/json or text/plain.");
        else if (limiter.TryTake(context.Connection.RemoteIpAddress) is { } wait)
            await ProblemAsync(context, 429, "Too many requests from this address.", Math.Ceiling(Math.Max(1, wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture));
        else if (await ReadAsync(context) is { } body)
            await AnswerAsync(context, store, body);
        else
            await ProblemAsync(context, 413, $"A request takes at most {CollectRequest.MaxBytes / 1024} KB.");
    }

    /// <summary>Null when the request was answered: the key is unknown, or the page's origin is not one of the store's.</summary>
    private async Task<IntakeStore?> StoreAsync(HttpContext context)
    {
        IntakeStore? store;
        try
        {
            store = await stores.FindAsync((string)context.GetRouteValue("publicKey")!, context.RequestAborted);
        }
        catch (Exception exception) when (exception.IsDatabaseFailure())
        {
            await ProblemAsync(context, 503, "The events could not be stored. Send them again.", RetrySoon);
            return null;
        }

        if (store is null)
        {
            await ProblemAsync(context, 404, "There is no store with this public key.");
            return null;
        }

        var origin = context.Request.Headers.Origin.ToString();
        context.Response.Headers.Vary = "Origin";
        if (origin.Length == 0)
            return store;
        if (!store.AllowedOrigins.Contains(origin))
        {
            // Said where people look whether the snippet works: the browser tells the page's visitors nothing.
            liveCheck.OriginRefused(store.Id, origin);
            await ProblemAsync(context, 403, $"The origin {origin} is not one of the store's Stores:N:AllowedOrigins.");
            return null;
        }

        context.Response.Headers.AccessControlAllowOrigin = origin;
        context.Response.Headers.AccessControlExposeHeaders = "Retry-After";
        return store;
    }

    private async Task AnswerAsync(HttpContext context, IntakeStore store, ReadOnlyMemory<byte> body)
    {
        try
        {
            var answer = (await intake.CollectAsync(store, body)).ToJson();
            context.Response.StatusCode = StatusCodes.Status202Accepted;
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = answer.Length;
            await context.Response.BodyWriter.WriteAsync(answer);
        }
        catch (CollectException exception)
        {
            await ProblemAsync(context, exception.Status, exception.Message);
        }
        catch (Exception exception) when (exception is IntakeBusyException or IOException || exception.IsDatabaseFailure())
        {
            await ProblemAsync(context, 503, "The events could not be stored. Send them again.", RetrySoon);
        }
    }

    /// <summary>Null when the body is longer than a request may be.</summary>
    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpContext context)
    {
        if (context.Request.ContentLength > CollectRequest.MaxBytes)
            return null;
        var buffer = new byte[(int)(context.Request.ContentLength ?? CollectRequest.MaxBytes) + 1];
        var length = 0;
        while (length < buffer.Length)
        {
            var read = await context.Request.Body.ReadAsync(buffer.AsMemory(length), context.RequestAborted);
            if (read == 0)
                return buffer.AsMemory(0, length);
            length += read;
        }

        return null;
    }

    private static bool IsTakenContentType(string? contentType)
    {
        var end = contentType?.IndexOf(';') ?? -1;
        var mediaType = (end < 0 ? contentType : contentType![..end])?.Trim();
        return string.Equals(mediaType, "application/json", StringComparison.OrdinalIgnoreCase)
            || string.Equals(mediaType, "text/plain", StringComparison.OrdinalIgnoreCase);
    }

    private static Task ProblemAsync(HttpContext context, int status, string detail, string? retryAfter = null)
    {
        if (retryAfter is not null)
            context.Response.Headers.RetryAfter = retryAfter;
        return Results.Problem(detail, statusCode: status).ExecuteAsync(context);
    }
}
