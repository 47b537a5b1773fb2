using System.Globalization;
using ZoeyKlaviyo.Sandbox.Klaviyo.Api;
using ZoeyKlaviyo.Sandbox.Klaviyo.OAuth;

namespace ZoeyKlaviyo.Sandbox.Faults;

internal sealed class FaultEffects(OAuthTokens tokens, TimeProvider time)
{
    private const string HtmlBody = "<!DOCTYPE html><html><head><title>Service unavailable</title></head><body><h1>Service unavailable</h1></body></html>";

    /// <summary>Breaking the connection is left to the caller, once the request is on record.</summary>
    public async Task ApplyAsync(Fault fault, HttpContext context, Func<Task> proceed)
    {
        switch (fault.Kind)
        {
            case FaultKind.Slow:
                await Task.Delay(TimeSpan.FromSeconds(fault.RetryAfter ?? 5), time, context.RequestAborted);
                await proceed();
                break;
            case FaultKind.LostAnswer:
                context.Response.Body = new MemoryStream();
                await proceed();
                break;
            case FaultKind.Reset:
                break;
            case FaultKind.TokenRevoked:
                EndGrantOf(context);
                await proceed();
                break;
            case FaultKind.Refuse:
                context.Features.Set(fault);
                await proceed();
                break;
            default:
                await AnswerAsync(fault, context);
                break;
        }
    }

    private void EndGrantOf(HttpContext context)
    {
        if (KlaviyoApi.ReadBearer(context.Request) is { } bearer)
            tokens.EndGrantOf(bearer);
        else if (context.Request.HasFormContentType)
            tokens.EndGrantOf(context.Request.Form["refresh_token"].ToString());
    }

    private static async Task AnswerAsync(Fault fault, HttpContext context)
    {
        var seconds = fault.Kind switch
        {
            FaultKind.Throttle => fault.RetryAfter ?? 1,
            FaultKind.ThrottleSilent => null,
            _ => fault.RetryAfter,
        };
        if (seconds is { } number)
            context.Response.Headers.RetryAfter = number.ToString(CultureInfo.InvariantCulture);
        switch (fault.Kind)
        {
            case FaultKind.Throttle or FaultKind.ThrottleSilent:
                await KlaviyoApi.WriteAsync(context, ApiAnswer.Throttled(seconds));
                break;
            case FaultKind.Status:
                await KlaviyoApi.WriteAsync(context, ApiAnswer.Refused(fault.Status ?? 500, "error", "A fault is switched on.", "A fault is switched on."));
                break;
            default:
                context.Response.StatusCode = fault.Status ?? (fault.Kind == FaultKind.Html ? 503 : 200);
                context.Response.ContentType = fault.Kind == FaultKind.Html ? "text/html" : KlaviyoApi.MediaType;
                await context.Response.WriteAsync(fault.Kind == FaultKind.Html ? HtmlBody : "{\"data\":[{\"typ", context.RequestAborted);
                break;
        }
    }
}
