using Microsoft.Playwright;
using ZoeyKlaviyo.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace ZoeyKlaviyo.Tests.Browser.Shop;

/// <summary>From which shoppers which events arrive, in a real browser, through the real application, counted at the stand-in for Klaviyo.</summary>
public sealed class VisitorTableJourneys(BrowserFixture browser, ShopFixture shop) : IClassFixture<ShopFixture>
{
    private const string Hammer = "101";
    private const string Spanners = "102";
    private const string Drill = "103";
    private static readonly string[] s_all = ["Active on Site", "Added to Cart", "Ordered Product", "Placed Order", "Started Checkout", "Viewed Product"];
    private static readonly string[] s_checkoutAndOrder = ["Ordered Product", "Placed Order", "Started Checkout"];

    [Theory]
    [InlineData("attributes")]
    [InlineData("json")]
    public async Task LoggedIn_AllSixArriveOnce(string layer)
    {
        var email = $"customer-{layer}@shop-demo.com";

        await RunAsync(async shopper =>
        {
            await shopper.GoAsync($"/shop?layer={layer}");
            await shopper.LogInAsync(email);
            await BuyAsync(shopper);
        });

        Assert.Equal(s_all, await ArrivedAsync(email));
    }

    [Fact]
    public async Task LoggedIn_BlocksTracking_OnlyTheCheckoutAndTheOrderArrive()
    {
        const string email = "blocks@shop-demo.com";

        await RunAsync(async shopper =>
        {
            await shopper.BlockTrackingAsync();
            await shopper.LogInAsync(email);
            await BuyAsync(shopper);
        });

        Assert.Equal(s_checkoutAndOrder, await ArrivedAsync(email));
    }

    [Theory]
    [InlineData("dnt", "Object.defineProperty(Navigator.prototype, 'doNotTrack', { get: () => '1' })")]
    [InlineData("gpc", "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true })")]
    public async Task LoggedIn_TheBrowserAsksNotToBeTracked_OnlyTheCheckoutAndTheOrderArrive(string signal, string script)
    {
        var email = $"{signal}@shop-demo.com";

        await RunAsync(async shopper =>
        {
            await shopper.Page.AddInitScriptAsync(script);
            await shopper.LogInAsync(email);
            await BuyAsync(shopper);
        });

        Assert.Equal(s_checkoutAndOrder, await ArrivedAsync(email));
    }

    [Fact]
    public async Task Guest_IsKnownFromTheAddressAtTheCheckoutOn_AndNothingFromBeforeIsSent()
    {
        const string email = "guest@shop-demo.com";

        await RunAsync(async shopper =>
        {
            await shopper.ViewAsync(Drill);
            await shopper.AddAsync(Hammer);
            await shopper.StartCheckoutAsync();
            await shopper.EnterAddressAsync(email);
            await shopper.AddAsync(Spanners);
            await shopper.StartCheckoutAsync();
            await shopper.EnterAddressAsync(email);
            await shopper.PlaceOrderAsync();
            // The order has ended the checkout, and with it what is known of the guest.
            await shopper.ViewAsync(Drill);
        });

        var arrived = await shop.SyncAsync(email);
        Assert.Equal(
            ["Active on Site", "Added to Cart", "Ordered Product", "Ordered Product", "Placed Order", "Started Checkout", "Viewed Product"],
            Metrics(arrived));
        Assert.Equal(Spanners, Property("Viewed Product", "ProductID"));
        Assert.Equal(Spanners, Property("Added to Cart", "AddedItemProductID"));

        string? Property(string metric, string name) =>
            arrived.Single(one => one.GetProperty("metric").GetString() == metric).GetProperty("properties").GetProperty(name).GetString();
    }

    [Fact]
    public async Task Guest_BlocksTracking_OnlyTheCheckoutAndTheOrderArrive()
    {
        const string email = "hidden-guest@shop-demo.com";

        await RunAsync(async shopper =>
        {
            await shopper.BlockTrackingAsync();
            await shopper.AddAsync(Hammer);
            await shopper.StartCheckoutAsync();
            await shopper.EnterAddressAsync(email);
            await shopper.ViewAsync(Spanners);
            await shopper.StartCheckoutAsync();
            await shopper.EnterAddressAsync(email);
            await shopper.PlaceOrderAsync();
        });

        Assert.Equal(s_checkoutAndOrder, await ArrivedAsync(email));
    }

    [Fact]
    public async Task Guest_WithoutAnAddress_SendsNothing()
    {
        var requests = 0;

        await RunAsync(async shopper =>
        {
            shopper.Page.Request += (_, request) => requests += request.Url.Contains("/collect/", StringComparison.Ordinal) ? 1 : 0;
            await shopper.ViewAsync(Drill);
            await shopper.AddAsync(Hammer);
            await shopper.StartCheckoutAsync();
            await shopper.GoAsync("/shop");
        });

        Assert.Equal(0, requests);
    }

    [Fact]
    public async Task TeamMemberInACustomersName_NothingArrives_UnlessAdminTrackingIsYes()
    {
        await AdminTrackingAsync(false);
        await RunAsync(async shopper =>
        {
            await shopper.LogInAsCustomerAsync("sam@brightline.test");
            await BuyAsync(shopper);
        });
        Assert.Empty(await ArrivedAsync("sam@brightline.test"));

        await AdminTrackingAsync(true);
        // What was skipped stays skipped.
        Assert.Empty(await ArrivedAsync("sam@brightline.test"));
        await RunAsync(async shopper =>
        {
            await shopper.LogInAsCustomerAsync("sam@brightline.test");
            await BuyAsync(shopper);
        });
        Assert.Equal(s_all, await ArrivedAsync("sam@brightline.test"));
    }

    private static async Task BuyAsync(Shopper shopper)
    {
        await shopper.AddAsync(Hammer);
        // In the cart by now, so that seeing it again does not count; nor does a reload of the checkout.
        await shopper.ViewAsync(Hammer);
        await shopper.StartCheckoutAsync();
        await shopper.StartCheckoutAsync();
        await shopper.PlaceOrderAsync();
        await shopper.GoAsync("/shop");
    }

    private async Task AdminTrackingAsync(bool isOn) => await browser.RunAsync(
        new Uri(shop.Admin.Address),
        async page =>
        {
            await page.SignInAsync("Store admin", "/stores/demo/integrations/klaviyo");
            var adminTracking = page.GetByRole(AriaRole.Switch, new() { Name = "Enable Admin Tracking on Store" });
            await adminTracking.SetCheckedAsync(isOn);
            await Expect(page.GetByText($"set Enable Admin Tracking on Store from {(isOn ? "No to Yes" : "Yes to No")}").First).ToBeVisibleAsync();
        });

    private Task RunAsync(Func<Shopper, Task> journey) => browser.RunAsync(
        new Uri(shop.Sandbox.Address), page => journey(new Shopper(page)), hosts: [new Uri(shop.Admin.Address)]);

    private async Task<List<string>> ArrivedAsync(string email) => Metrics(await shop.SyncAsync(email));

    private static List<string> Metrics(IEnumerable<System.Text.Json.JsonElement> events) =>
        events.Select(one => one.GetProperty("metric").GetString()!).Order(StringComparer.Ordinal).ToList();
}
