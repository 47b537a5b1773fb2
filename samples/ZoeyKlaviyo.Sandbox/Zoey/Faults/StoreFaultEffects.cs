using System.Globalization;
using ZoeyKlaviyo.Sandbox.Zoey.Api;

namespace ZoeyKlaviyo.Sandbox.Zoey.Faults;

internal static class StoreFaultEffects
{
    /// <summary>Breaking the connection is left to the caller, once the request is on record.</summary>
    public static async Task ApplyAsync(StoreFault fault, HttpContext context, TimeProvider time, Func<Task> proceed)
    {
        switch (fault.Kind)
        {
            case StoreFaultKind.Slow:
                await Task.Delay(TimeSpan.FromSeconds(fault.RetryAfter ?? 5), time, context.RequestAborted);
                await proceed();
                break;
            case StoreFaultKind.Reset:
                break;
            case StoreFaultKind.NoContent:
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
            case StoreFaultKind.Redirect:
                Redirect(context, fault.Status ?? StatusCodes.Status308PermanentRedirect);
                break;
            default:
                if (fault.RetryAfter is { } seconds)
                    context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
                await AnswerAsync(fault, context);
                break;
        }
    }

    public static void Redirect(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Location = $"https://{context.Request.Host}{context.Request.Path}{context.Request.QueryString}";
    }

    private static Task AnswerAsync(StoreFault fault, HttpContext context) => fault.Kind switch
    {
        StoreFaultKind.Html403 => WriteAsync(context, 403, "text/html; charset=UTF-8", CloudflarePages.Blocked),
        StoreFaultKind.Html503 => WriteAsync(context, 503, "text/html; charset=UTF-8", CloudflarePages.Unavailable),
        StoreFaultKind.Garbage => WriteAsync(context, 200, StoreAnswer.MediaType, "{\"123\":{\"entity_id\":\"12"),
        StoreFaultKind.Empty => WriteAsync(context, 200, StoreAnswer.MediaType, "[]"),
        StoreFaultKind.NonJson => WriteAsync(context, 200, "text/plain; charset=utf-8", "OK"),
        StoreFaultKind.Throttle => StoreAnswer.Throttled(fault.RetryAfter ?? 1).WriteAsync(context),
        StoreFaultKind.Nonce => StoreAnswer.Refused(401, "oauth_problem=nonce_used").WriteAsync(context),
        _ => StoreAnswer.Refused(fault.Status ?? 500, "Resource internal error.").WriteAsync(context),
    };

    private static Task WriteAsync(HttpContext context, int status, string mediaType, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = mediaType;
        return context.Response.WriteAsync(body, context.RequestAborted);
    }
}
