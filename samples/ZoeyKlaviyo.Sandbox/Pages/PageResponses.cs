namespace ZoeyKlaviyo.Sandbox.Pages;

internal static class PageResponses
{
    /// <param name="connectTo">A further origin the page's script may call.</param>
    public static Task WritePageAsync(
        this HttpContext context, string html, int status = StatusCodes.Status200OK, string connectTo = "")
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' {connectTo}; base-uri 'none'; frame-ancestors 'none'";
        return response.WriteAsync(html, context.RequestAborted);
    }
}
