using System.Globalization;
using Microsoft.AspNetCore.Routing;
using ZoeyKlaviyo.Sandbox.Faults;
using ZoeyKlaviyo.Sandbox.Inspection;
using ZoeyKlaviyo.Sandbox.Klaviyo.Events;

namespace ZoeyKlaviyo.Sandbox.Pages;

internal sealed class PageEndpoints(SandboxOptions options, EventBook events, FaultSwitch faults, RequestLog requests)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", context => context.WritePageAsync(IndexPage.Render(options, events.Counts.Events)));
        routes.MapGet("/klaviyo", context => context.WritePageAsync(ArrivedPage.Render(events.Events, faults.Active, Throttled)));
        routes.MapGet("/klaviyo/news", context => context.Response.WriteAsJsonAsync(News(context.Request.Query["after"]), context.RequestAborted));
        routes.MapGet(ProfilePage.Path + "{**email}", context => context.WritePageAsync(ProfilePage.Render(Email(context), events.Events)));
        routes.MapGet("/assets/{name}", WriteAssetAsync);
    }

    private long Throttled => requests.CountOf(StatusCodes.Status429TooManyRequests);

    private object News(string? after)
    {
        var last = long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) ? sequence : 0;
        return ArrivedPage.News(events.Events, events.After(last), faults.Active, Throttled);
    }

    /// <summary>The one character that stays encoded in a path is the slash.</summary>
    private static string Email(HttpContext context) => ((string?)context.Request.RouteValues["email"] ?? "").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    private static async Task WriteAssetAsync(HttpContext context)
    {
        var name = (string)context.Request.RouteValues["name"]!;
        await using var stream = typeof(PageEndpoints).Assembly.GetManifestResourceStream("assets/" + name);
        if (stream is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        context.Response.ContentType = Path.GetExtension(name) switch
        {
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            _ => "image/svg+xml",
        };
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = "no-cache";
        await stream.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
