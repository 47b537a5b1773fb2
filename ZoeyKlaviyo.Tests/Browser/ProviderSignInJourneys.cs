using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ZoeyKlaviyo.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace ZoeyKlaviyo.Tests.Browser;

/// <summary>Sign-in through a real OpenID Connect provider.</summary>
public abstract class ProviderSignInJourneys(OidcAppFactory app, BrowserFixture browser)
{
    [Fact]
    public Task StoreAdmin_SignsIn_GetsTheStoreOfTheirClaim() => RunAsync(async page =>
    {
        await SignInAsync(page, "ana");

        await Expect(page).ToHaveURLAsync(new Regex("/stores/acme/integrations$"));
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Account: Ana Admin" })).ToBeVisibleAsync();
    });

    [Fact]
    public Task StoreAdmin_OpensAnotherStore_SeesNotFound() => RunAsync(async page =>
    {
        await SignInAsync(page, "ana", "/stores/beta/integrations");

        await Expect(page.Heading("Not found")).ToBeVisibleAsync();
    });

    [Fact]
    public Task Support_SignsIn_SeesEveryStore() => RunAsync(async page =>
    {
        await SignInAsync(page, "sam");

        await Expect(page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Listitem)).ToHaveCountAsync(2);
    });

    [Fact]
    public Task PersonWithoutRole_SignsIn_IsToldSoAndCanSignOut() => RunAsync(async page =>
    {
        await SignInAsync(page, "nora");
        await Expect(page.Heading("Your account has no role here")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Yes, sign out" }).ClickAsync();

        await Expect(page.Heading("You are signed out")).ToBeVisibleAsync();
    });

    [Fact]
    public Task SignOut_ThenSigningInAgain_AsksForTheLoginAgain() => RunAsync(async page =>
    {
        await SignInAsync(page, "sam");
        await page.SignOutAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Yes, sign out" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Sign in" }).ClickAsync();

        await Expect(page.GetByLabel("Login")).ToBeVisibleAsync();
    });

    [Fact]
    public Task SignIn_RefusedByTheProvider_SaysSoAndOffersAnotherTry() => RunAsync(async page =>
    {
        await SignInAsync(page, "stranger");

        await Expect(page.Heading("Sign-in did not succeed")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Sign in" })).ToBeVisibleAsync();
    });

    private static async Task SignInAsync(IPage page, string login, string path = "/")
    {
        await page.GotoAsync(path);
        await page.GetByLabel("Login").FillAsync(login);
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
    }

    private Task RunAsync(Func<IPage, Task> journey, [System.Runtime.CompilerServices.CallerMemberName] string name = "") =>
        browser.RunAsync(app.Address, journey, hosts: [app.ProviderAddress], name: $"{GetType().Name}-{name}");
}

public sealed class ProviderSignInWithUserInfo(OidcAppFactory app, BrowserFixture browser)
    : ProviderSignInJourneys(app, browser), IClassFixture<OidcAppFactory>;

public sealed class ProviderSignInWithClaimsTwice(OidcTwiceAppFactory app, BrowserFixture browser)
    : ProviderSignInJourneys(app, browser), IClassFixture<OidcTwiceAppFactory>;
