using Microsoft.Extensions.Options;
using ZoeyKlaviyo.Core.Klaviyo;

namespace ZoeyKlaviyo.Admin.Hosting;

internal static class SecurityHeaders
{
    public static void AddSecurityHeaders(this IServiceCollection services)
    {
        services.AddHsts(options => options.MaxAge = TimeSpan.FromDays(365));
        services.AddAntiforgery(options => options.SuppressXFrameOptionsHeader = true);
    }

    public static void UseSecurityHeaders(this WebApplication app)
    {
        var formTargets = FormTargets(app.Services.GetRequiredService<IOptions<KlaviyoOptions>>().Value, app.Configuration);
        app.Use((context, next) =>
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = Policy(context.Request.Host.Value, formTargets);
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "same-origin";
            return next(context);
        });
    }

    /// <summary>HTTPS is the proxy's affair unless this process listens on it itself.</summary>
    public static void UseHttpsWhereConfigured(this WebApplication app)
    {
        var configured = new[] { "https_port", "https_ports" }.Any(key => !string.IsNullOrEmpty(app.Configuration[key]))
            || app.Configuration["urls"]?.Contains("https://", StringComparison.OrdinalIgnoreCase) == true;
        if (app.Environment.IsDevelopment() || !configured)
            return;
        app.UseHsts();
        app.UseHttpsRedirection();
    }

    /// <summary>Chromium applies form-action to the redirects that answer a form: to Klaviyo's consent page and the provider's sign-out.</summary>
    private static string FormTargets(KlaviyoOptions klaviyo, IConfiguration configuration)
    {
        var origins = new[] { klaviyo.AuthorizeUrl, configuration["Authentication:Oidc:Authority"] }.Select(SameOrigin.OriginOf).OfType<string>();
        return string.Join(' ', origins.Prepend("'self'"));
    }

    private static string Policy(string? host, string formTargets) =>
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
        $"connect-src 'self' ws://{host} wss://{host}; frame-ancestors 'none'; base-uri 'self'; object-src 'none'; form-action {formTargets}";
}
