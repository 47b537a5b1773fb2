using System.Text.Json;
using ZoeyKlaviyo.Admin.Hosting;
using ZoeyKlaviyo.Core.Events.Intake;
using ZoeyKlaviyo.Core.Orders;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Subscribers.Feed;

namespace ZoeyKlaviyo.Admin.Feed;

/// <param name="What">What is pushed, as the last part of the route and in words.</param>
/// <param name="TakeAsync">Gives the answer once all is on disk.</param>
internal sealed record PushTaker(string What, Func<int, FeedSignature, ReadOnlyMemory<byte>, Task<CollectAnswer>> TakeAsync);

/// <summary><c>POST /feed/{publicKey}/…</c>: what the store's server pushes, signed with its feed secret.</summary>
internal sealed class FeedEndpoint(PushTaker taker, IntakeStores stores, FeedSecrets secrets, PushReader reader, TimeProvider time)
{
    private const string RetrySoon = "5";

    public static void Map(IEndpointRouteBuilder endpoints, OrderFeed orders, SubscriberFeed subscribers)
    {
        Map(endpoints, new PushTaker("orders", (storeId, _, body) => orders.TakeAsync(storeId, body)));
        Map(endpoints, new PushTaker("subscribers", (storeId, signature, body) => subscribers.TakeAsync(storeId, signature.Time, body)));
    }

    private static void Map(IEndpointRouteBuilder endpoints, PushTaker taker)
    {
        var endpoint = ActivatorUtilities.CreateInstance<FeedEndpoint>(endpoints.ServiceProvider, taker);
        endpoints.MapMethods($"/feed/{{publicKey}}/{taker.What}", ["POST"], (RequestDelegate)endpoint.TakeAsync).AllowAnonymous().AllowCrossOrigin().DisableAntiforgery();
    }

    private async Task TakeAsync(HttpContext context)
    {
        try
        {
            await AnswerAsync(context);
        }
        catch (Exception exception) when (exception.IsDatabaseFailure())
        {
            await UnavailableAsync(context, $"The {taker.What} could not be stored. Send them again.");
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (await stores.FindAsync((string)context.GetRouteValue("publicKey")!, context.RequestAborted) is not { } store)
            await ProblemAsync(context, 404, "There is no store with this public key.");
        else if (context.Request.ContentLength > OrderFeed.MaxBytes)
            await TooLargeAsync(context);
        else if (FeedSignature.TryParse(context.Request.Headers[FeedSignature.Header].ToString(), time.GetUtcNow()) is not { } signature
            || await secrets.FindAsync(store.Id, context.RequestAborted) is not { } secret)
            await UnauthorizedAsync(context);
        else
            await ReadAsync(context, store.Id, signature, secret);
    }

    private async Task ReadAsync(HttpContext context, int storeId, FeedSignature signature, byte[] secret)
    {
        var (reading, body) = await reader.ReadAsync(context);
        if (reading == PushReading.Busy)
            await UnavailableAsync(context, $"Other pushes are being received. Send the {taker.What} again.");
        else if (reading == PushReading.TooSlow)
            await TooSlowAsync(context);
        else if (reading == PushReading.TooLong)
            await TooLargeAsync(context);
        else if (!signature.Fits(body.Span, secret))
            await UnauthorizedAsync(context);
        else
            await TakeAsync(context, storeId, signature, body);
    }

    private async Task TakeAsync(HttpContext context, int storeId, FeedSignature signature, ReadOnlyMemory<byte> body)
    {
        ReadOnlyMemory<byte> answer;
        try
        {
            answer = (await taker.TakeAsync(storeId, signature, body)).ToJson();
        }
        catch (JsonException exception)
        {
            await ProblemAsync(context, 400, $"The body is not JSON: {exception.Message}");
            return;
        }

        context.Response.StatusCode = StatusCodes.Status202Accepted;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = answer.Length;
        await context.Response.BodyWriter.WriteAsync(answer);
    }

    private static Task TooLargeAsync(HttpContext context) =>
        ProblemAsync(context, 413, $"A push takes at most {OrderFeed.MaxBytes / 1_000_000} MB.");

    private static Task TooSlowAsync(HttpContext context)
    {
        context.Response.Headers.Connection = "close";
        return ProblemAsync(context, 408, $"A push has to arrive within {PushReader.Patience.TotalSeconds} seconds.");
    }

    private static Task UnavailableAsync(HttpContext context, string detail)
    {
        context.Response.Headers.RetryAfter = RetrySoon;
        return ProblemAsync(context, 503, detail);
    }

    /// <summary>Does not say what is wrong: who may push knows how to sign.</summary>
    private static Task UnauthorizedAsync(HttpContext context) => ProblemAsync(
        context, 401, $"The push is not signed as it has to be: {FeedSignature.Header}: t=<unix seconds>,v1=<hex HMAC-SHA256(feed secret, t + \".\" + raw body)>, at most five minutes old.");

    private static Task ProblemAsync(HttpContext context, int status, string detail) => Results.Problem(detail, statusCode: status).ExecuteAsync(context);
}
