using System.Net;
using System.Text.Json.Nodes;

namespace ZoeyKlaviyo.Tests.Sandbox;

public sealed class ShopAccountTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LogIn_KeepsTheCart_LogOutEndsBoth()
    {
        await using var session = await SandboxSession.StartAsync();
        using var shopper = Shopper.In(session);
        await shopper.AddAsync("101");
        await shopper.LogInAsync("JO@acme-customer.test");
        Assert.Equal(["1 Claw hammer 16 oz"], shopper.CartLines);
        Assert.Equal("jo@acme-customer.test", shopper.Page.Body!.GetAttribute("data-zk-customer"));
        await shopper.GetAsync(shopper.Page.QuerySelector("a[href*='/customer/account/logout']")!.GetAttribute("href")!);
        Assert.Empty(shopper.CartLines);
        Assert.Equal("", shopper.Page.Body!.GetAttribute("data-zk-customer"));
        await shopper.GetAsync("/shop/customer/account");
        Assert.Equal("/shop/customer/account/login", shopper.Path);
    }

    [Fact]
    public async Task LogIn_WithNoAddress_SaysSo()
    {
        await using var session = await SandboxSession.StartAsync();
        using var shopper = Shopper.In(session);
        await shopper.LogInAsync("nobody");
        Assert.Contains("Enter an email address", shopper.Message, StringComparison.Ordinal);
        Assert.Equal("", shopper.Page.Body!.GetAttribute("data-zk-customer"));
    }

    [Fact]
    public async Task Newsletter_SubscribedAndUnsubscribed_IsInTheBookAlsoAfterARestart()
    {
        var directory = Directory.CreateTempSubdirectory("zoeyklaviyo-tests-");
        await using (var session = await SandboxSession.StartAsync(dataDirectory: directory.FullName))
        {
            using var shopper = Shopper.In(session);
            await SubscribeAsync(shopper, "guest@shop-demo.com");
            await SubscribeAsync(shopper, "GUEST@shop-demo.com");
            Assert.Contains("already", shopper.Message, StringComparison.Ordinal);
            await SubscribeAsync(shopper, "nonsense");
            Assert.Contains("Enter an email address", shopper.Message, StringComparison.OrdinalIgnoreCase);
            await shopper.LogInAsync("jo@acme-customer.test");
            await SubscribeAsync(shopper, "jo@acme-customer.test");
            session.Clock.Advance(TimeSpan.FromHours(1));
            await shopper.PostAsync("/shop/customer/account/unsubscribe");
            Assert.Contains("You do not get our newsletter", shopper.Page.Body!.TextContent, StringComparison.Ordinal);
            Assert.Equal(Expected, await SubscribersAsync(session));
        }
        await using var again = await SandboxSession.StartAsync(dataDirectory: directory.FullName);
        Assert.Equal(Expected, await SubscribersAsync(again));
        directory.Delete(recursive: true);

        static Task SubscribeAsync(Shopper shopper, string email) => shopper.PostAsync("/shop/newsletter/subscriber/new", ("email", email));
    }

    private static string[] Expected => ["1 guest@shop-demo.com 1 1  ", "2 jo@acme-customer.test 3 1 7 2026-11-23T18:00:00+00:00"];

    [Fact]
    public async Task Tracking_BlockedAndAllowed_IsOnThePages()
    {
        await using var session = await SandboxSession.StartAsync();
        using var shopper = Shopper.In(session);
        await shopper.GetAsync("/shop");
        Assert.False(shopper.Page.Body!.HasAttribute("data-zk-tracking-blocked"));
        await shopper.PostAsync("/shop/privacy/tracking", ("blocked", "1"));
        await shopper.GetAsync("/shop/product/101");
        Assert.True(shopper.Page.Body!.HasAttribute("data-zk-tracking-blocked"));
        await shopper.PostAsync("/shop/privacy/tracking", ("blocked", "0"));
        Assert.False(shopper.Page.Body!.HasAttribute("data-zk-tracking-blocked"));
    }

    [Theory]
    [InlineData("/shop/checkout/cart/add")]
    [InlineData("/shop/checkout/cart/update")]
    [InlineData("/shop/checkout/cart/delete/1")]
    [InlineData("/shop/checkout/cart/coupon")]
    [InlineData("/shop/checkout/onepage/saveOrder")]
    [InlineData("/shop/customer/account/loginPost")]
    [InlineData("/shop/customer/account/unsubscribe")]
    [InlineData("/shop/newsletter/subscriber/new")]
    [InlineData("/shop/privacy/tracking")]
    [InlineData("/shop/admin/act")]
    [InlineData("/shop/admin/stop")]
    [InlineData("/shop/admin/orders/1")]
    [InlineData("/shop/admin/currency")]
    public async Task HostileForm_IsAnsweredWithAPage(string path)
    {
        await using var session = await SandboxSession.StartAsync();
        using var shopper = Shopper.In(session);
        string[] names =
        [
            "product", "qty", "size", "coupon_code", "email", "customer", "currency", "status", "blocked", "payment[method]",
            .. new[] { "email", "firstname", "lastname", "street1", "city", "postcode", "country_id", "region" }.Select(name => $"billing[{name}]"),
        ];
        foreach (var value in new[] { "", "\0", "<script>alert(1)</script>\"'\0", new string('x', 100_000), "\u202E‮\uFFFF💥", "-1", "NaN", "a@b" })
        {
            await shopper.AddAsync("101");
            await shopper.PostAsync(path, [.. names.Select(name => (name, value))]);
            Assert.Equal(HttpStatusCode.OK, shopper.Status);
            Assert.DoesNotContain(shopper.Page.QuerySelectorAll("script"), script => script.TextContent.Contains("alert", StringComparison.Ordinal));
        }
        await shopper.PostAsync(path, [.. Enumerable.Range(0, 2000).Select(number => ($"field{number}", "x"))]);
        Assert.Equal(HttpStatusCode.OK, shopper.Status);
        Assert.Contains("more than this shop can read", shopper.Message, StringComparison.Ordinal);
        Assert.Equal("[]", await session.Http.GetStringAsync("/sandbox/orders", Cancel));
        Assert.Equal("[]", await session.Http.GetStringAsync("/sandbox/subscribers", Cancel));
    }

    [Theory]
    [InlineData("/shop/nothing")]
    [InlineData("/shop/product/999")]
    [InlineData("/shop/product/105")]
    [InlineData("/shop/product/%3Cb%3E")]
    [InlineData("/shop/%3Cscript%3E/deep")]
    public async Task UnknownPage_IsNotFoundInTheShopsOwnLook(string path)
    {
        await using var session = await SandboxSession.StartAsync();
        using var shopper = Shopper.In(session);
        await shopper.GetAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, shopper.Status);
        Assert.NotNull(shopper.Page.QuerySelector(".block-cart"));
    }

    [Fact]
    public async Task Form_FromAnotherSite_DoesNothing()
    {
        await using var session = await SandboxSession.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/shop/newsletter/subscriber/new") { Content = new FormUrlEncodedContent([new("email", "a@shop-demo.com")]) };
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        using var answer = await session.Http.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal("[]", await session.Http.GetStringAsync("/sandbox/subscribers", Cancel));
    }

    private static async Task<IEnumerable<string>> SubscribersAsync(SandboxSession session) =>
        JsonNode.Parse(await session.Http.GetStringAsync("/sandbox/subscribers", Cancel))!.AsArray().Select(one =>
            $"{one!["subscriberId"]} {one["email"]} {one["status"]} {one["storeId"]} {one["customerId"]} {one["changeStatusAt"]}");
}
