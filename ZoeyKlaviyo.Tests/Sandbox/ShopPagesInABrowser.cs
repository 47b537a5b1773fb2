using Microsoft.Playwright;
using ZoeyKlaviyo.Sandbox;
using ZoeyKlaviyo.Tests.Browser;
using ZoeyKlaviyo.Tests.Fixtures;

namespace ZoeyKlaviyo.Tests.Sandbox;

public sealed class ShopPagesInABrowser(BrowserFixture browser)
{
    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 400)]
    public async Task EveryPage_IsAccessibleAndFits(ColorScheme scheme, int width)
    {
        // No admin is there: the shop has to do without the script, too.
        var admin = new Uri($"http://127.0.0.1:{AppProcess.FreePort()}");
        await using var sandbox = await SandboxServer.StartNewAsync(
            new() { Url = "http://127.0.0.1:0", AdminUrl = admin.GetLeftPart(UriPartial.Authority) }, TestContext.Current.CancellationToken);
        await browser.RunAsync(sandbox.BaseAddress, VisitAsync, new() { ColorScheme = scheme, ViewportSize = new() { Width = width, Height = 800 } }, [admin]);
    }

    private static async Task VisitAsync(IPage page)
    {
        await LookAsync("/shop");
        await LookAsync("/shop/hand-tools");
        await LookAsync("/shop/product/102");
        await PressAsync("Add to cart");
        await LookAsync("/shop/product/104");
        await PressAsync("Add to cart");
        await LookAsync();
        await page.GetByLabel("Size").SelectOptionAsync("106");
        await PressAsync("Add to cart");
        await page.Locator(".block-cart summary").ClickAsync();
        await LookAsync();
        await LookAsync("/shop/checkout/onepage");
        await PressAsync("Place order");
        await LookAsync();
        await LookAsync("/shop/customer/account/login");
        await PressAsync("Jo Doe");
        await LookAsync("/shop/checkout/onepage");
        await PressAsync("Place order");
        await LookAsync();
        await LookAsync("/shop/customer/account");
        await LookAsync("/shop/admin");
        await PressAsync("Log in as customer");
        await LookAsync();
        await LookAsync("/shop/nothing");
        await LookAsync("/klaviyo/profiles/jo@acme-customer.test");

        async Task LookAsync(string? path = null)
        {
            if (path is not null)
                await page.GotoAsync(path);
            await page.ExpectAccessibleAsync();
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"{page.Url} is wider than the window.");
        }

        Task PressAsync(string button) => page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
    }
}
