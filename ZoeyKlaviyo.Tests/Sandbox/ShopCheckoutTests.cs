using System.Net;
using System.Text.Json.Nodes;

namespace ZoeyKlaviyo.Tests.Sandbox;

public sealed class ShopCheckoutTests
{
    private const string Success = "/shop/checkout/onepage/success";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Guest_PaysNow_OrderHasTheCart()
    {
        await using var session = await SandboxSession.StartAsync();
        using var shopper = Shopper.In(session);
        await shopper.AddAsync("101", "2");
        await shopper.AddAsync("104", "3", "107");
        await shopper.PostAsync("/shop/checkout/cart/coupon", ("coupon_code", "SPRING10"));
        var cart = shopper.CartId;
        await shopper.PlaceOrderAsync(email: "kim@shop-demo.com");
        Assert.Equal(Success, shopper.Path);
        Assert.Empty(shopper.CartLines);
        Assert.NotEqual(cart, shopper.CartId);

        var order = Assert.Single(await OrdersAsync(session))!;
        Assert.Equal(order["number"]!.GetValue<string>(), shopper.Page.QuerySelector(".order-number")!.TextContent);
        Assert.Equal((cart, "processing", "kim@shop-demo.com", "USD", "SPRING10"), (Text(order, "quoteId"), Text(order, "status"), Text(order, "email"), Text(order, "currency"), Text(order, "couponCode")));
        Assert.Null(order["customerId"]);
        Assert.Null(order["teamMember"]);
        Assert.Equal(["101  HAM-16 2 24.90", "104 107 GLV-XL 3 12.50"], order["lines"]!.AsArray().Select(line =>
            $"{line!["productId"]} {line["variantId"]} {line["sku"]} {line["quantity"]} {line["price"]}"));
        // 87.30, less 8.73, with 7 % tax on it and 5.00 for shipping.
        Assert.Equal((8.73m, 5m, 5.50m, 89.07m), (Number(order, "discount"), Number(order, "shipping"), Number(order, "tax"), Number(order, "grandTotal")));
        Assert.Equal("Leeds", order["billingAddress"]!["city"]!.GetValue<string>());
        Assert.Equal(session.Clock.GetUtcNow(), order["createdUtc"]!.GetValue<DateTimeOffset>());
    }

    [Fact]
    public async Task Customer_BankTransfer_WaitsUntilMarkedAsPaid()
    {
        await using var session = await SandboxSession.StartAsync();
        using var shopper = Shopper.In(session);
        await shopper.LogInAsync("jo@acme-customer.test");
        await shopper.AddAsync("101");
        await shopper.GetAsync("/shop/checkout/onepage");
        Assert.Contains("1 Main St", shopper.Page.QuerySelector("address")!.TextContent, StringComparison.Ordinal);
        Assert.Null(shopper.Page.GetElementById("billing:email"));
        await shopper.PlaceOrderAsync("banktransfer");
        var placed = Assert.Single(await OrdersAsync(session))!;
        Assert.Equal(("7", "jo@acme-customer.test", "pending_payment"), (Text(placed, "customerId"), Text(placed, "email"), Text(placed, "status")));
        Assert.Equal("1 Main St", placed["billingAddress"]!["street"]![0]!.GetValue<string>());

        session.Clock.Advance(TimeSpan.FromMinutes(3));
        await shopper.GetAsync("/shop/admin");
        await shopper.PostAsync(shopper.Page.QuerySelector("button[aria-label^='Mark as paid']")!.Closest("form")!.GetAttribute("action")!, ("status", "processing"));
        Assert.Contains("is now processing", shopper.Message, StringComparison.Ordinal);
        Assert.Empty(shopper.Page.QuerySelectorAll("button[aria-label^='Mark as paid']"));
        var paid = Assert.Single(await OrdersAsync(session))!;
        Assert.Equal("processing", Text(paid, "status"));
        Assert.Equal(TimeSpan.FromMinutes(3), paid["updatedUtc"]!.GetValue<DateTimeOffset>() - paid["createdUtc"]!.GetValue<DateTimeOffset>());
    }

    [Fact]
    public async Task NewCustomer_FirstOrder_GivesTheAddress()
    {
        await using var session = await SandboxSession.StartAsync();
        using var shopper = Shopper.In(session);
        await shopper.LogInAsync("kim@shop-demo.com");
        await shopper.AddAsync("101");
        await shopper.GetAsync("/shop/checkout/onepage");
        Assert.NotNull(shopper.Page.GetElementById("billing:city"));
        Assert.Null(shopper.Page.GetElementById("billing:email"));
        await shopper.PlaceOrderAsync();
        await shopper.GetAsync("/shop/customer/account");
        Assert.Contains("9 Low Road", shopper.Page.QuerySelector("address")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("9", Text(Assert.Single(await OrdersAsync(session))!, "customerId"));
    }

    [Fact]
    public async Task ActingAdmin_OrderNamesTheTeamMember_AndTheBarIsOnEachPage()
    {
        await using var session = await SandboxSession.StartAsync();
        using var team = Shopper.In(session);
        await team.PostAsync("/shop/admin/act", ("customer", "sam@brightline.test"));
        Assert.Contains("You are acting as Sam Okafor", team.Page.QuerySelector(".acting")!.TextContent, StringComparison.Ordinal);
        Assert.True(team.Page.Body!.HasAttribute("data-zk-acting-admin"));
        Assert.Equal("sam@brightline.test", team.Page.Body.GetAttribute("data-zk-customer"));
        await team.AddAsync("101");
        await team.PlaceOrderAsync();
        Assert.NotNull(team.Page.QuerySelector(".acting"));
        var order = Assert.Single(await OrdersAsync(session))!;
        Assert.Equal(("8", "Dana Miller"), (Text(order, "customerId"), Text(order, "teamMember")));
        await team.PostAsync("/shop/admin/stop");
        Assert.False(team.Page.Body!.HasAttribute("data-zk-acting-admin"));
        Assert.Equal("", team.Page.Body.GetAttribute("data-zk-customer"));
    }

    [Fact]
    public async Task Guest_WithoutAnAddress_KeepsWhatWasTypedAndPlacesNothing()
    {
        await using var session = await SandboxSession.StartAsync();
        using var shopper = Shopper.In(session);
        await shopper.AddAsync("101");
        await shopper.PlaceOrderAsync("banktransfer", email: "kim@", street: "\"><script>alert(1)</script>");
        Assert.Equal(("/shop/checkout/onepage", HttpStatusCode.OK), (shopper.Path, shopper.Status));
        Assert.Equal("true", shopper.Page.GetElementById("billing:email")!.GetAttribute("aria-invalid"));
        Assert.Equal("kim@", shopper.Page.GetElementById("billing:email")!.GetAttribute("value"));
        Assert.Equal("\"><script>alert(1)</script>", shopper.Page.GetElementById("billing:street1")!.GetAttribute("value"));
        Assert.True(shopper.Page.GetElementById("p_method_banktransfer")!.HasAttribute("checked"));
        Assert.Empty(await OrdersAsync(session));
        Assert.Equal(["1 Claw hammer 16 oz"], shopper.CartLines);
    }

    [Theory]
    [InlineData("cash", "kim@shop-demo.com", "9 Low Road")]
    [InlineData("paynow", "kim@shop-demo.com", "")]
    [InlineData("paynow", "", "9 Low Road")]
    public async Task Guest_SomethingMissing_PlacesNothing(string payment, string email, string street)
    {
        await using var session = await SandboxSession.StartAsync();
        using var shopper = Shopper.In(session);
        await shopper.AddAsync("101");
        await shopper.PlaceOrderAsync(payment, email, street);
        Assert.Single(shopper.Page.QuerySelectorAll("[role=alert] li"));
        Assert.Empty(await OrdersAsync(session));
    }

    [Fact]
    public async Task Order_SentTwice_IsOneOrder()
    {
        await using var session = await SandboxSession.StartAsync();
        using var shopper = Shopper.In(session);
        await shopper.LogInAsync("jo@acme-customer.test");
        await shopper.AddAsync("101");
        await Task.WhenAll(shopper.PlaceOrderAsync(), shopper.PlaceOrderAsync());
        Assert.Single(await OrdersAsync(session));
    }

    [Theory]
    [InlineData("EUR", "€22.41", "22.41")]
    [InlineData("JPY", "¥3,735", "3735")]
    public async Task Currency_OfTheShop_IsThatOfPagesAndOrders(string code, string shown, string price)
    {
        await using var session = await SandboxSession.StartAsync();
        using var shopper = Shopper.In(session);
        await shopper.PostAsync("/shop/admin/currency", ("currency", code));
        await shopper.GetAsync("/shop/product/101");
        Assert.Equal(shown, shopper.Page.QuerySelector(".regular-price .price")!.TextContent);
        await shopper.AddAsync("101");
        Assert.Equal((code, price), (shopper.Page.QuerySelector(".block-cart")!.GetAttribute("data-zk-currency"), shopper.Page.QuerySelector("[data-zk-item]")!.GetAttribute("data-zk-price")));
        await shopper.PlaceOrderAsync(email: "kim@shop-demo.com");
        var order = Assert.Single(await OrdersAsync(session))!;
        Assert.Equal((code, price), (Text(order, "currency"), order["lines"]![0]!["price"]!.ToJsonString()));
    }

    private static async Task<JsonArray> OrdersAsync(SandboxSession session) =>
        JsonNode.Parse(await session.Http.GetStringAsync("/sandbox/orders", Cancel))!.AsArray();

    private static string? Text(JsonNode order, string member) => order[member]?.GetValue<string>();

    private static decimal Number(JsonNode order, string member) => order[member]!.GetValue<decimal>();
}
