using System.Net;
using System.Security.Claims;
using ZoeyKlaviyo.Admin.SignIn;
using ZoeyKlaviyo.Tests.Fixtures;

namespace ZoeyKlaviyo.Tests.Admin;

public sealed class SignInTests(AppFactory app) : IClassFixture<AppFactory>
{
    private static readonly OidcOptions s_options = new("https://login.test", "id", "secret", "roles", "stores", RequireHttps: true);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/stores/acme/integrations?x=1", "/stores/acme/integrations?x=1")]
    [InlineData("https://evil.test/", "/")]
    [InlineData("//evil.test", "/")]
    [InlineData("/\\evil.test", "/")]
    [InlineData("/\t/evil.test", "/")]
    [InlineData("~/stores", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("", "/")]
    public async Task SignIn_ReturnAddress_IsFollowedOnlyWithinTheApplication(string returnUrl, string expected)
    {
        using var client = app.CreateDirectClient();

        using var response = await client.PostAsync($"/signin/support?returnUrl={Uri.EscapeDataString(returnUrl)}", null, Cancellation);

        Assert.Equal((HttpStatusCode.Redirect, expected), (response.StatusCode, response.Headers.Location?.ToString()));
    }

    [Fact]
    public async Task SignIn_Cookie_IsHiddenFromScriptsAndLax()
    {
        using var client = app.CreateDirectClient();

        using var response = await client.PostAsync("/signin/support", null, Cancellation);

        Assert.Contains("samesite=lax; httponly", Assert.Single(response.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignIn_UnknownPersona_IsNotFound()
    {
        using var client = app.CreateDirectClient();

        using var response = await client.PostAsync("/signin/root", null, Cancellation);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Cookie_Expired_LeadsToSignIn()
    {
        using var client = app.CreateDirectClient();
        client.DefaultRequestHeaders.Add("Cookie", app.CookieOf(People.Support, TimeSpan.FromSeconds(-1)));

        using var response = await client.GetAsync("/stores", Cancellation);

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
    }

    [Fact]
    public void Circuit_CookieStillValid_KeepsItsAuthority() => Assert.True(IsValid(expiresIn: TimeSpan.FromSeconds(1)));

    [Fact]
    public void Circuit_CookieExpired_LosesItsAuthority() => Assert.False(IsValid(expiresIn: TimeSpan.Zero));

    [Fact]
    public void Circuit_ExpiryUnknown_HasNoAuthority() =>
        Assert.False(ExpiringAuthenticationState.IsValid(PersonFactory.ToPrincipal(People.Support, "Test"), DateTimeOffset.UnixEpoch));

    [Fact]
    public void Circuit_CookieRenewed_HasTheLaterExpiry()
    {
        var principal = PersonFactory.ToPrincipal(People.Support, "Test");
        ExpiringAuthenticationState.Stamp(principal, DateTimeOffset.UnixEpoch.AddHours(1));
        ExpiringAuthenticationState.Stamp(principal, DateTimeOffset.UnixEpoch.AddHours(2));

        Assert.True(ExpiringAuthenticationState.IsValid(principal, DateTimeOffset.UnixEpoch.AddMinutes(90)));
    }

    [Fact]
    public void Person_ThroughTheCookie_StaysTheSame()
    {
        var person = PersonFactory.From(PersonFactory.ToPrincipal(People.AcmeAdmin, "Test"))!;

        Assert.Equivalent(People.AcmeAdmin, person, strict: true);
    }

    [Fact]
    public void Person_ClaimsGivenTwice_CountOnce()
    {
        var person = PersonFactory.FromProvider(
            Provider(("sub", "ana"), ("roles", "store-admin"), ("roles", "store-admin"), ("stores", "acme"), ("stores", "acme")), s_options);

        Assert.Equal(["acme"], person.StoreKeys);
    }

    [Fact]
    public void Person_RolesOfOtherApplications_AreIgnored() =>
        Assert.False(PersonFactory.FromProvider(Provider(("sub", "nora"), ("roles", "admin"), ("roles", "Store-Admin")), s_options).HasRole);

    [Fact]
    public void Person_OtherClaimNames_AreReadFromThere()
    {
        var options = s_options with { RoleClaim = "groups", StoreClaim = "tenant" };

        var person = PersonFactory.FromProvider(Provider(("sub", "ana"), ("groups", "store-admin"), ("tenant", "beta"), ("stores", "acme")), options);

        Assert.Equal((true, "beta"), (person.IsStoreAdmin, Assert.Single(person.StoreKeys)));
    }

    private static bool IsValid(TimeSpan expiresIn)
    {
        var principal = PersonFactory.ToPrincipal(People.Support, "Test");
        ExpiringAuthenticationState.Stamp(principal, DateTimeOffset.UnixEpoch + expiresIn);
        return ExpiringAuthenticationState.IsValid(principal, DateTimeOffset.UnixEpoch);
    }

    private static ClaimsPrincipal Provider(params (string Type, string Value)[] claims) =>
        new(new ClaimsIdentity(claims.Select(claim => new Claim(claim.Type, claim.Value)), "oidc"));
}
