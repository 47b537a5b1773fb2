using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ZoeyKlaviyo.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace ZoeyKlaviyo.Tests.Browser;

public sealed class ShellJourneys(AppFactory app, BrowserFixture browser) : IClassFixture<AppFactory>
{
    [Fact]
    public Task StoreAdmin_SignsIn_OpensTheIntegrationsOfAStore() => browser.RunAsync(app.Address, async page =>
    {
        await page.SignInAsync("Store admin");
        await Expect(page.Heading("Stores")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Acme Tools") }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Manage Connection" })).ToHaveAttributeAsync("href", "/stores/acme/integrations/klaviyo");
        await Expect(page).ToHaveTitleAsync("Integrations · Acme Tools · ZoeyKlaviyo");
    });

    [Fact]
    public Task Support_SignsIn_SeesEveryStore() => browser.RunAsync(app.Address, async page =>
    {
        await page.SignInAsync("Support");

        await Expect(page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Listitem)).ToHaveTextAsync([new Regex("^Acme Tools"), new Regex("^Beta Parts")]);
    });

    [Fact]
    public Task Page_OpenedBeforeSigningIn_OpensAfterIt() => browser.RunAsync(app.Address, async page =>
    {
        await page.SignInAsync("Support", "/stores/beta/integrations?from=mail");

        await Expect(page).ToHaveURLAsync(new Regex("/stores/beta/integrations\\?from=mail$"));
    });

    [Fact]
    public Task UnknownStore_InTheBrowser_ShowsNotFound() => browser.RunAsync(app.Address, async page =>
    {
        await page.SignInAsync("Support", "/stores/no-such-store/integrations");

        await Expect(page.Heading("Not found")).ToBeVisibleAsync();
    });

    [Fact]
    public Task UnknownPage_InTheBrowser_ShowsNotFound() => browser.RunAsync(app.Address, async page =>
    {
        await page.SignInAsync("Support", "/no/such/page");

        await Expect(page.Heading("Not found")).ToBeVisibleAsync();
    });

    [Fact]
    public Task StorePicker_AnotherStoreChosen_OpensIt() => browser.RunAsync(app.Address, async page =>
    {
        await page.SignInAsync("Support", "/stores/acme/integrations");
        await page.GetByRole(AriaRole.Button, new() { Name = "Store: Acme Tools" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Beta Parts" }).ClickAsync();

        await Expect(page).ToHaveTitleAsync("Integrations · Beta Parts · ZoeyKlaviyo");
    });

    [Fact]
    public Task SignOut_FromTheMenu_EndsTheSession() => browser.RunAsync(app.Address, async page =>
    {
        await page.SignInAsync("Support");
        await page.SignOutAsync();
        await Expect(page.Heading("You are signed out")).ToBeVisibleAsync();
        await page.GotoAsync("/stores");

        await Expect(page.Heading("Sign in")).ToBeVisibleAsync();
    });

    [Fact]
    public Task Theme_Switched_IsRememberedAfterReload() => browser.RunAsync(
        app.Address,
        async page =>
        {
            await page.SignInAsync("Support");
            await page.GetByRole(AriaRole.Button, new() { Name = "Dark theme" }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Light theme" })).ToBeVisibleAsync();
            await page.ReloadAsync();

            await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Light theme" })).ToBeVisibleAsync();
            await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        },
        new() { ColorScheme = ColorScheme.Light });

    [Fact]
    public Task SkipLink_PressedFirst_MovesTheFocusToTheContent() => browser.RunAsync(app.Address, async page =>
    {
        await page.SignInAsync("Support");
        await Expect(page.Heading("Stores")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Skip to content" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.GetByRole(AriaRole.Main)).ToBeFocusedAsync();
    });

    [Fact]
    public Task Rail_OnAPhone_OpensFromItsButtonAndClosesOnTheWay() => browser.RunAsync(
        app.Address,
        async page =>
        {
            await page.SignInAsync("Support", "/stores/acme/integrations");
            var link = page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = "Payloads" });
            await Expect(page.Heading("Integrations")).ToBeVisibleAsync();
            await Expect(link).Not.ToBeInViewportAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Menu" }).ClickAsync();

            await Expect(link).ToBeInViewportAsync();
            await link.ClickAsync();
            await Expect(page.Heading("Payloads")).ToBeVisibleAsync();
            await Expect(link).Not.ToBeInViewportAsync();
        },
        new() { ViewportSize = new() { Width = 400, Height = 800 } });

    [Theory]
    [InlineData("/signin", ColorScheme.Light)]
    [InlineData("/signin", ColorScheme.Dark)]
    [InlineData("/signed-out", ColorScheme.Light)]
    [InlineData("/signed-out", ColorScheme.Dark)]
    [InlineData("/stores", ColorScheme.Light)]
    [InlineData("/stores", ColorScheme.Dark)]
    [InlineData("/stores/acme/integrations", ColorScheme.Light)]
    [InlineData("/stores/acme/integrations", ColorScheme.Dark)]
    [InlineData("/no/such/page", ColorScheme.Dark)]
    public Task Page_CheckedByAxe_HasNoViolations(string path, ColorScheme colours) => browser.RunAsync(
        app.Address,
        async page =>
        {
            if (!path.StartsWith("/sign", StringComparison.Ordinal))
                await page.SignInAsync("Support");
            await page.GotoAsync(path);

            await page.ExpectAccessibleAsync();
        },
        new() { ColorScheme = colours });

    [Theory]
    [InlineData("^Account:", ".person", ColorScheme.Light)]
    [InlineData("^Account:", ".person", ColorScheme.Dark)]
    [InlineData("^Store:", ".mud-popover-open", ColorScheme.Light)]
    [InlineData("^Store:", ".mud-popover-open", ColorScheme.Dark)]
    public Task Menu_OpenAndCheckedByAxe_HasNoViolations(string button, string menu, ColorScheme colours) => browser.RunAsync(
        app.Address,
        async page =>
        {
            await page.SignInAsync("Support");
            await page.GetByRole(AriaRole.Button, new() { NameRegex = new(button) }).ClickAsync();
            await Expect(page.Locator(menu)).ToBeVisibleAsync();

            await page.ExpectAccessibleAsync();
        },
        new() { ColorScheme = colours });
}
