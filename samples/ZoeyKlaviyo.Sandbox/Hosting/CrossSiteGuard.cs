namespace ZoeyKlaviyo.Sandbox.Hosting;

/// <summary>
/// Refuses what another site's page posts in a visitor's browser. A browser says where a request comes from; whoever says nothing is no browser.
/// </summary>
internal static class CrossSiteGuard
{
    public static Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        if (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) || IsOwn(context.Request))
            return next(context);
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.Response.WriteAsync("This was sent by the page of another site.", context.RequestAborted);
    }

    private static bool IsOwn(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].ToString() switch
        {
            "same-origin" or "none" => true,
            "" => request.Headers.Origin.ToString() is var origin && (origin.Length == 0 || origin == $"{request.Scheme}://{request.Host}"),
            _ => false,
        };
}
