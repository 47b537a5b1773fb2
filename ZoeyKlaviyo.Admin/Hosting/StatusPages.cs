namespace ZoeyKlaviyo.Admin.Hosting;

internal static class StatusPages
{
    /// <summary>A person gets a page, everyone else problem+json, for answers that would have no body.</summary>
    public static void UseStatusPages(this WebApplication app)
    {
        app.UseWhen(IsPageRequest, branch => branch.UseStatusCodePagesWithReExecute("/status/{0}", createScopeForStatusCodePages: true));
        app.UseWhen(context => !IsPageRequest(context), branch => branch.UseStatusCodePages());
    }

    public static bool IsPageRequest(HttpContext context) =>
        (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
        && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
