using System.Security.Claims;
using ZoeyKlaviyo.Core.Access;

namespace ZoeyKlaviyo.Admin.SignIn;

/// <summary>Turns a person into the claims of the cookie, and back.</summary>
internal static class PersonFactory
{
    private const string Subject = "sub";
    private const string Name = "name";
    private const string Role = "role";
    private const string Store = "store";

    /// <summary>Null for someone who is not signed in.</summary>
    public static Person? From(ClaimsPrincipal principal)
    {
        if (principal.Identity?.IsAuthenticated != true || principal.FindFirstValue(Subject) is not { } id)
            return null;
        return new Person(
            id,
            principal.FindFirstValue(Name) ?? id,
            IsSupport: principal.HasClaim(Role, Roles.Support),
            IsStoreAdmin: principal.HasClaim(Role, Roles.StoreAdmin),
            principal.FindAll(Store).Select(claim => claim.Value).ToHashSet(StringComparer.Ordinal));
    }

    public static ClaimsPrincipal ToPrincipal(Person person, string authenticationType)
    {
        var identity = new ClaimsIdentity(authenticationType, Name, Role);
        identity.AddClaim(new Claim(Subject, person.Id));
        identity.AddClaim(new Claim(Name, person.Name));
        if (person.IsSupport)
            identity.AddClaim(new Claim(Role, Roles.Support));
        if (person.IsStoreAdmin)
            identity.AddClaim(new Claim(Role, Roles.StoreAdmin));
        identity.AddClaims(person.StoreKeys.Order(StringComparer.Ordinal).Select(key => new Claim(Store, key)));
        return new ClaimsPrincipal(identity);
    }

    /// <summary>Keeps of the provider's claims what is used here; those that both the token and userinfo carry count once.</summary>
    public static Person FromProvider(ClaimsPrincipal principal, OidcOptions options)
    {
        var id = principal.FindFirstValue(Subject) ?? throw new InvalidOperationException("The provider's answer names no subject.");
        var name = new[] { "name", "preferred_username", "email" }.Select(principal.FindFirstValue).FirstOrDefault(value => !string.IsNullOrWhiteSpace(value));
        var roles = principal.FindAll(options.RoleClaim).Select(claim => claim.Value).ToHashSet(StringComparer.Ordinal);
        return new Person(
            id,
            name ?? id,
            IsSupport: roles.Contains(Roles.Support),
            IsStoreAdmin: roles.Contains(Roles.StoreAdmin),
            principal.FindAll(options.StoreClaim).Select(claim => claim.Value).ToHashSet(StringComparer.Ordinal));
    }
}
