using System.Text.Json;
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
    private const string Gloves = "104";
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
    public async Task LoggedIn_EveryPropertyIsAsKlaviyosFlowsExpectIt()
    {
        const string email = "properties@shop-demo.com";
        var number = "";

        await RunAsync(async shopper =>
        {
            await shopper.LogInAsync(email);
            await shopper.ViewAsync(Spanners);
            await shopper.AddAsync(Gloves, quantity: 2, size: "106");
            await shopper.UseCouponAsync();
            await shopper.StartCheckoutAsync();
            number = await shopper.PlaceOrderAsync();
        });

        var arrived = await shop.SyncAsync(email);
        var address = shop.Sandbox.Address;
        var item = $$"""
            {"ProductID":"104","SKU":"GLV-L","ProductName":"Work gloves","Quantity":2,"ItemPrice":12.5,"RowTotal":25,
             "ProductURL":"{{address}}/shop/product/104","ImageURL":"{{address}}/assets/gloves.svg","ProductCategories":["Workwear"],"Brand":"Handfest"}
            """;
        const string Person = """
            {"FirstName":"Jo","LastName":"Doe","Company":"Acme <b>Ltd</b>","Address1":"1 Main St","Address2":"Suite 2","City":"Springfield","Region":"Illinois",
             "Country":"United States","CountryCode":"US","Zip":"62701","Phone":"+1 217 555 0100"}
            """;
        AssertEvent(arrived, "Active on Site", null, "{}");
        AssertEvent(arrived.Where(one => one.GetProperty("properties").ToString().Contains("SPN-SET8", StringComparison.Ordinal)), "Viewed Product", null, $$"""
            {"ProductName":"Combination spanner set, 8 pieces","ProductID":"102","SKU":"SPN-SET8","Categories":["Hand tools","Spanners"],
             "ImageURL":"{{address}}/assets/spanner.svg","URL":"{{address}}/shop/product/102","Brand":"Acme","Price":59,"CompareAtPrice":69}
            """);
        AssertEvent(arrived, "Added to Cart", 25, $$"""
            {"AddedItemProductName":"Work gloves","AddedItemProductID":"104","AddedItemSKU":"GLV-L","AddedItemCategories":["Workwear"],
             "AddedItemImageURL":"{{address}}/assets/gloves.svg","AddedItemURL":"{{address}}/shop/product/104","AddedItemPrice":12.5,"AddedItemQuantity":2,
             "ItemNames":["Work gloves"],"CheckoutURL":"{{address}}/shop/checkout/onepage","Items":[{{item}}]}
            """);
        AssertEvent(arrived, "Started Checkout", 22.5m, $$"""
            {"ItemNames":["Work gloves"],"CheckoutURL":"{{address}}/shop/checkout/onepage","Categories":["Workwear"],"Items":[{{item}}]}
            """);
        AssertEvent(arrived, "Placed Order", 29.08m, $$"""
            {"OrderId":"{{number}}","Categories":["Workwear"],"ItemNames":["Work gloves"],"Brands":["Handfest"],"DiscountCode":"SPRING10","DiscountValue":2.5,
             "Items":[{"ProductID":"104","SKU":"GLV-L","ProductName":"Work gloves","Quantity":2,"ItemPrice":12.5,"RowTotal":25,
               "ProductURL":"{{address}}/work-gloves.html","ImageURL":"{{address}}/assets/gloves.svg","Categories":["Workwear"],"Brand":"Handfest"}],
             "BillingAddress":{{Person}},"ShippingAddress":{{Person}}}
            """);
        AssertEvent(arrived, "Ordered Product", 25, $$"""
            {"OrderId":"{{number}}","ProductID":"104","SKU":"GLV-L","ProductName":"Work gloves","Quantity":2,
             "ProductURL":"{{address}}/work-gloves.html","ImageURL":"{{address}}/assets/gloves.svg","Categories":["Workwear"],"ProductBrand":"Handfest"}
            """);
        Assert.Equal(number, arrived.Single(one => one.GetProperty("metric").GetString() == "Placed Order").GetProperty("uniqueId").GetString());
    }

    [Fact]
    public async Task SameOrder_ByPollAndByPush_ArrivesOnce()
    {
        const string email = "pushed@shop-demo.com";

        await RunAsync(async shopper =>
        {
            await shopper.LogInAsync(email);
            await shopper.AddAsync(Hammer);
            await shopper.StartCheckoutAsync();
            await shopper.PlaceOrderAsync();
        });
        var order = (await shop.Sandbox.OrdersAsync()).Single(one => one.GetProperty("email").GetString() == email).GetProperty("entityId").GetString()!;
        await shop.Sandbox.PushOrderAsync(order);
        var first = Metrics(await shop.SyncAsync(email));
        await shop.Sandbox.PushOrderAsync(order);

        Assert.Equal(first, await ArrivedAsync(email));
        Assert.Equal(s_checkoutAndOrder, first.Intersect(s_checkoutAndOrder));
        Assert.Equal(first.Distinct(), first);
    }

    [Fact]
    public async Task BankTransfer_ArrivesOnceItIsPaid()
    {
        const string email = "transfer@shop-demo.com";
        var number = "";

        await RunAsync(async shopper =>
        {
            await shopper.LogInAsync(email);
            await shopper.AddAsync(Hammer);
            await shopper.StartCheckoutAsync();
            number = await shopper.PlaceOrderAsync("Bank transfer");
            Assert.DoesNotContain("Placed Order", await ArrivedAsync(email));
            await shopper.GoAsync("/shop/admin");
            await shopper.Page.GetByRole(AriaRole.Button, new() { Name = $"Mark as paid: order {number}" }).ClickAsync();
        });

        Assert.Equal(s_checkoutAndOrder, (await ArrivedAsync(email)).Intersect(s_checkoutAndOrder));
        Assert.Equal(s_checkoutAndOrder, (await ArrivedAsync(email)).Intersect(s_checkoutAndOrder));
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

    private static void AssertEvent(IEnumerable<JsonElement> events, string metric, decimal? value, string properties)
    {
        var found = events.Single(one => one.GetProperty("metric").GetString() == metric);
        Assert.True(
            JsonElement.DeepEquals(JsonDocument.Parse(properties).RootElement, found.GetProperty("properties")), $"{metric}: {found.GetProperty("properties")}");
        Assert.Equal(value, found.GetProperty("value").Deserialize<decimal?>());
        if (value is not null)
            Assert.Equal("USD", found.GetProperty("valueCurrency").GetString());
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

    private static List<string> Metrics(IEnumerable<JsonElement> events) =>
        events.Select(one => one.GetProperty("metric").GetString()!).Order(StringComparer.Ordinal).ToList();
}
