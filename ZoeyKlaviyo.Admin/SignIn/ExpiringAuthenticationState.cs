using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;

namespace ZoeyKlaviyo.Admin.SignIn;

/// <summary>
/// A circuit keeps the person it started with and sees no cookie any more; here its authority ends when that cookie's would have.
/// </summary>
internal sealed class ExpiringAuthenticationState(ILoggerFactory loggers, TimeProvider time) : RevalidatingServerAuthenticationStateProvider(loggers)
{
    private const string Expires = "expires";

    protected override TimeSpan RevalidationInterval => TimeSpan.FromMinutes(1);

    /// <summary>Notes on the principal until when its cookie is valid.</summary>
    public static void Stamp(ClaimsPrincipal? principal, DateTimeOffset? expiresUtc)
    {
        if (principal?.Identity is not ClaimsIdentity identity || expiresUtc is not { } expires)
            return;
        if (identity.FindFirst(Expires) is { } earlier)
            identity.RemoveClaim(earlier);
        identity.AddClaim(new Claim(Expires, expires.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)));
    }

    public static bool IsValid(ClaimsPrincipal principal, DateTimeOffset now) =>
        long.TryParse(principal.FindFirstValue(Expires), CultureInfo.InvariantCulture, out var expires) && now.ToUnixTimeSeconds() < expires;

    protected override Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken) =>
        Task.FromResult(IsValid(authenticationState.User, time.GetUtcNow()));
}
