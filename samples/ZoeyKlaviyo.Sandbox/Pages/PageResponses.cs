namespace ZoeyKlaviyo.Sandbox.Pages;

internal static class PageResponses
{
    /// <param name="scriptFrom">A further origin that the page may load its script from, and that this script may call.</param>
    public static Task WritePageAsync(
        this HttpContext context, string html, int status = StatusCodes.Status200OK, string scriptFrom = "")
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'self' {scriptFrom}; style-src 'self'; img-src 'self'; connect-src 'self' {scriptFrom}; base-uri 'none'; frame-ancestors 'none'";
        return response.WriteAsync(html, context.RequestAborted);
    }

    /// <summary>After a form: the browser asks for the page anew, so that a reload posts nothing again.</summary>
    public static Task GoTo(this HttpContext context, string path)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = path;
        return Task.CompletedTask;
    }
}
