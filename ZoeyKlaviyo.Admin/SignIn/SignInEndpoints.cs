using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using ZoeyKlaviyo.Core.Access;

namespace ZoeyKlaviyo.Admin.SignIn;

internal static class SignInEndpoints
{
    public const string SignInPath = "/signin";
    public const string SignOutPath = "/signout";
    public const string SignedOutPath = "/signed-out";
    public const string ReturnUrl = "returnUrl";

    public static void MapSignIn(this IEndpointRouteBuilder endpoints)
    {
        if (endpoints.ServiceProvider.GetRequiredService<SignInOptions>().Mode == SignInMode.Oidc)
        {
            // Before the page of the personas, which has the same address.
            endpoints.MapGet(SignInPath, ChallengeProvider).AllowAnonymous().WithOrder(-1);
            endpoints.MapPost(SignOutPath, () => Results.SignOut(
                new AuthenticationProperties { RedirectUri = SignedOutPath }, [SignInRegistration.Scheme, ProviderSignIn.Scheme])).AllowAnonymous();
        }
        else
        {
            endpoints.MapPost(SignInPath + "/{persona}", SignInPersonaAsync).AllowAnonymous();
            endpoints.MapPost(SignOutPath, () => Results.SignOut(
                new AuthenticationProperties { RedirectUri = SignedOutPath }, [SignInRegistration.Scheme])).AllowAnonymous();
        }
    }

    /// <summary>The address to go to after sign-in, which only ever is one of this application.</summary>
    public static string LocalPath(string? returnUrl) =>
        returnUrl is ['/', ..] && RedirectHttpResult.IsLocalUrl(returnUrl) ? returnUrl : "/";

    private static ChallengeHttpResult ChallengeProvider(string? returnUrl) =>
        TypedResults.Challenge(new AuthenticationProperties { RedirectUri = LocalPath(returnUrl) }, [ProviderSignIn.Scheme]);

    private static async Task<IResult> SignInPersonaAsync(HttpContext context, string persona, string? returnUrl, StoreAccess stores)
    {
        if (Persona.Find(persona) is not { } found)
            return Results.NotFound();
        var keys = found.HasStores ? await stores.AllKeysAsync(context.RequestAborted) : [];
        await context.SignInAsync(SignInRegistration.Scheme, PersonFactory.ToPrincipal(found.ToPerson(keys), "Persona"));
        return Results.LocalRedirect(LocalPath(returnUrl));
    }
}
