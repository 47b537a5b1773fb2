using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace ZoeyKlaviyo.Admin.SignIn;

/// <summary>Sign-in through the OpenID Connect provider: authorization code with PKCE.</summary>
internal static partial class ProviderSignIn
{
    public const string Scheme = OpenIdConnectDefaults.AuthenticationScheme;

    public static void AddProvider(this AuthenticationBuilder authentication, OidcOptions options) =>
        authentication.AddOpenIdConnect(Scheme, provider => Configure(provider, options));

    private static void Configure(OpenIdConnectOptions provider, OidcOptions options)
    {
        provider.SignInScheme = SignInRegistration.Scheme;
        provider.Authority = options.Authority;
        provider.ClientId = options.ClientId;
        provider.ClientSecret = options.ClientSecret;
        provider.RequireHttpsMetadata = options.RequireHttps;
        provider.ResponseType = OpenIdConnectResponseType.Code;
        // A GET back, so that Lax cookies suffice, which plain http on other hosts than localhost needs.
        provider.ResponseMode = OpenIdConnectResponseMode.Query;
        provider.CorrelationCookie.SameSite = SameSiteMode.Lax;
        provider.CorrelationCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        provider.NonceCookie.SameSite = SameSiteMode.Lax;
        provider.NonceCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;

        // Providers may keep roles and stores out of the ID token and give them at the userinfo endpoint only.
        provider.MapInboundClaims = false;
        provider.GetClaimsFromUserInfoEndpoint = true;
        foreach (var claim in new[] { "name", "preferred_username", "email", options.RoleClaim, options.StoreClaim })
            provider.ClaimActions.MapJsonKey(claim, claim);

        // The provider asks for the ID token when the session there is to end.
        provider.SaveTokens = true;
        provider.Events.OnTicketReceived = context =>
        {
            context.Principal = PersonFactory.ToPrincipal(PersonFactory.FromProvider(context.Principal!, options), Scheme);
            KeepIdTokenOnly(context.Properties!);
            return Task.CompletedTask;
        };
        provider.Events.OnRemoteFailure = context =>
        {
            var logger = context.HttpContext.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("ZoeyKlaviyo.Admin.SignIn");
            Log.Failed(logger, context.Failure?.Message);
            context.Response.Redirect(SignInEndpoints.SignedOutPath + "?failed=true");
            context.HandleResponse();
            return Task.CompletedTask;
        };
    }

    private static void KeepIdTokenOnly(AuthenticationProperties properties)
    {
        var idToken = properties.GetTokenValue(OpenIdConnectParameterNames.IdToken);
        properties.StoreTokens(idToken is null ? [] : [new AuthenticationToken { Name = OpenIdConnectParameterNames.IdToken, Value = idToken }]);
    }

    private static partial class Log
    {
        [LoggerMessage(300, LogLevel.Warning, "A sign-in through the provider did not succeed: {Reason}")]
        public static partial void Failed(ILogger logger, string? reason);
    }
}
