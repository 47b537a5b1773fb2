using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ZoeyKlaviyo.Tests.Browser.Shop;

/// <summary>What a shopper does in the demo shop, and a member of its team in a shopper's name.</summary>
internal sealed class Shopper(IPage page)
{
    public IPage Page => page;

    public async Task LogInAsync(string email)
    {
        await GoAsync("/shop/customer/account/login");
        await page.GetByLabel("Email address", new() { Exact = true }).FillAsync(email);
        await page.GetByRole(AriaRole.Button, new() { Name = "Log in", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Hello");
        await SettleAsync();
    }

    public async Task LogInAsCustomerAsync(string email)
    {
        await GoAsync("/shop/admin");
        await page.GetByLabel("Customer", new() { Exact = true }).SelectOptionAsync(email);
        await page.GetByRole(AriaRole.Button, new() { Name = "Log in as customer" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Team member" })).ToBeVisibleAsync();
        await SettleAsync();
    }

    public async Task LogOutAsync()
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "Log out" }).ClickAsync();
        await Expect(page.GetByText("You are logged out.")).ToBeVisibleAsync();
        await SettleAsync();
    }

    public async Task BlockTrackingAsync()
    {
        await GoAsync("/shop");
        await page.GetByRole(AriaRole.Button, new() { Name = "Block tracking" }).ClickAsync();
        await Expect(page.GetByText("Tracking is blocked in this browser.")).ToBeVisibleAsync();
    }

    public Task ViewAsync(string productId) => GoAsync($"/shop/product/{productId}");

    /// <param name="size">Of a product that has some.</param>
    public async Task AddAsync(string productId, int quantity = 1, string? size = null)
    {
        await ViewAsync(productId);
        if (size is not null)
            await page.GetByLabel("Size").SelectOptionAsync(size);
        await page.GetByLabel("Quantity", new() { Exact = true }).FillAsync(quantity.ToString(System.Globalization.CultureInfo.InvariantCulture));
        await page.GetByRole(AriaRole.Button, new() { Name = "Add to cart" }).ClickAsync();
        await Expect(page.GetByText("was added to your cart")).ToBeVisibleAsync();
        await SettleAsync();
    }

    public async Task UseCouponAsync()
    {
        await GoAsync("/shop/checkout/cart");
        await page.GetByLabel("Coupon").FillAsync("SPRING10");
        await page.GetByRole(AriaRole.Button, new() { Name = "Apply" }).ClickAsync();
        await SettleAsync();
    }

    public Task StartCheckoutAsync() => GoAsync("/shop/checkout/onepage");

    public async Task EnterAddressAsync(string email)
    {
        await page.GetByLabel("Email address", new() { Exact = true }).FillAsync(email);
        await page.GetByLabel("First name").ClickAsync();
        await SettleAsync();
    }

    /// <summary>Fills in whatever the checkout asks for.</summary>
    /// <returns>The order's number.</returns>
    public async Task<string> PlaceOrderAsync(string payment = "Pay now")
    {
        if (await page.GetByLabel("First name").IsVisibleAsync())
        {
            await page.GetByLabel("First name").FillAsync("Jo");
            await page.GetByLabel("Last name").FillAsync("Doe");
            await page.GetByLabel("Company").FillAsync("Acme <b>Ltd</b>");
            await page.GetByLabel("Street", new() { Exact = true }).FillAsync("1 Main St");
            await page.GetByLabel("Second line of the street").FillAsync("Suite 2");
            await page.GetByLabel("City").FillAsync("Springfield");
            await page.GetByLabel("State or region").FillAsync("Illinois");
            await page.GetByLabel("Postcode").FillAsync("62701");
            await page.GetByLabel("Telephone").FillAsync("+1 217 555 0100");
        }

        await page.GetByRole(AriaRole.Radio, new() { Name = payment }).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Place order" }).ClickAsync();
        var number = await page.Locator(".order-number").TextContentAsync();
        await SettleAsync();
        return number!;
    }

    public async Task GoAsync(string path)
    {
        await page.GotoAsync(path);
        await SettleAsync();
    }

    /// <summary>The script has run, and nothing is under way any more.</summary>
    public Task SettleAsync() => page.WaitForLoadStateAsync(LoadState.NetworkIdle);
}
