using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Endpoints;
using ZoeyKlaviyo.Admin.Hosting;
using ZoeyKlaviyo.Core.Access;

namespace ZoeyKlaviyo.Admin.SignIn;

internal static class SignInRegistration
{
    public const string Scheme = CookieAuthenticationDefaults.AuthenticationScheme;

    private static readonly TimeSpan s_sessionLength = TimeSpan.FromHours(10);

    /// <exception cref="StartRefusedException">The section <c>Authentication</c> is wrong.</exception>
    public static void AddSignIn(this WebApplicationBuilder builder)
    {
        var options = SignInOptions.Read(builder.Configuration, builder.Environment);
        builder.Services.AddSingleton(options);
        var authentication = builder.Services.AddAuthentication(Scheme).AddCookie(Scheme, ConfigureCookie);
        if (options.Oidc is { } oidc)
            authentication.AddProvider(oidc);

        var hasRole = new AuthorizationPolicyBuilder(Scheme)
            .RequireAuthenticatedUser()
            .RequireRole(Roles.StoreAdmin, Roles.Support)
            .Build();
        builder.Services.AddAuthorizationBuilder().SetDefaultPolicy(hasRole).SetFallbackPolicy(hasRole);
        builder.Services.AddScoped<AuthenticationStateProvider, ExpiringAuthenticationState>();
    }

    private static void ConfigureCookie(CookieAuthenticationOptions cookie)
    {
        cookie.Cookie.Name = "zoeyklaviyo";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.ExpireTimeSpan = s_sessionLength;
        cookie.SlidingExpiration = true;
        cookie.LoginPath = SignInEndpoints.SignInPath;
        cookie.ReturnUrlParameter = SignInEndpoints.ReturnUrl;
        cookie.Events.OnValidatePrincipal = context =>
        {
            ExpiringAuthenticationState.Stamp(context.Principal, context.Properties.ExpiresUtc);
            return Task.CompletedTask;
        };
        cookie.Events.OnRedirectToLogin = context => RedirectPageOr(context, StatusCodes.Status401Unauthorized);
        cookie.Events.OnRedirectToAccessDenied = context =>
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        };
    }

    /// <summary>A person who opens a page is led to the sign-in; a script gets the status it can understand.</summary>
    private static Task RedirectPageOr(RedirectContext<CookieAuthenticationOptions> context, int statusCode)
    {
        var isPage = context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null;
        var isGet = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        if (isGet && (isPage || StatusPages.IsPageRequest(context.HttpContext)))
            context.Response.Redirect(context.RedirectUri);
        else
            context.Response.StatusCode = statusCode;
        return Task.CompletedTask;
    }
}
