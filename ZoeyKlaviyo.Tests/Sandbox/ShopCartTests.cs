using System.Net;

namespace ZoeyKlaviyo.Tests.Sandbox;

public sealed class ShopCartTests
{
    [Fact]
    public async Task Add_SimpleProduct_IsInTheCartOfEveryPage()
    {
        await using var session = await SandboxSession.StartAsync();
        using var shopper = Shopper.In(session);
        await shopper.AddAsync("101", "2");
        Assert.Equal("/shop/checkout/cart", shopper.Path);
        Assert.Contains("was added", shopper.Message, StringComparison.Ordinal);
        await shopper.GetAsync("/shop/drills");
        Assert.Equal(["2 Claw hammer 16 oz"], shopper.CartLines);
        Assert.Equal("", shopper.Message);
    }

    [Fact]
    public async Task Add_SameVariantTwice_IsOneLine()
    {
        await using var session = await SandboxSession.StartAsync();
        using var shopper = Shopper.In(session);
        await shopper.AddAsync("104", "1", "105");
        await shopper.AddAsync("104", "2", "105");
        await shopper.AddAsync("104", "4", "106");
        Assert.Equal(["3 Work gloves, size M", "4 Work gloves, size L"], shopper.CartLines);
        Assert.Equal(["GLV-M", "GLV-L"], shopper.Page.QuerySelectorAll(".block-cart .item").Select(line => line.GetAttribute("data-zk-sku")));
    }

    [Theory]
    [InlineData("101", "0", "", "quantity", "/shop/product/101")]
    [InlineData("101", "-1", "", "quantity", "/shop/product/101")]
    [InlineData("101", "1.5", "", "quantity", "/shop/product/101")]
    [InlineData("101", "99999999999999999999", "", "quantity", "/shop/product/101")]
    [InlineData("101", "", "", "quantity", "/shop/product/101")]
    [InlineData("999", "1", "", "do not sell", "/shop")]
    [InlineData("105", "1", "", "do not sell", "/shop")]
    [InlineData("", "1", "", "do not sell", "/shop")]
    [InlineData("104", "1", "", "size", "/shop/product/104")]
    [InlineData("104", "1", "101", "size", "/shop/product/104")]
    public async Task Add_Wrong_SaysSoAndAddsNothing(string product, string quantity, string size, string message, string path)
    {
        await using var session = await SandboxSession.StartAsync();
        using var shopper = Shopper.In(session);
        await shopper.AddAsync(product, quantity, size);
        Assert.Equal((path, HttpStatusCode.OK), (shopper.Path, shopper.Status));
        Assert.Contains(message, shopper.Page.QuerySelector("[role=alert] .messages")!.TextContent, StringComparison.Ordinal);
        Assert.Empty(shopper.CartLines);
    }

    [Fact]
    public async Task Add_BeyondTheMost_LeavesTheCartAsItWas()
    {
        await using var session = await SandboxSession.StartAsync();
        using var shopper = Shopper.In(session);
        await shopper.AddAsync("101", "999");
        await shopper.AddAsync("101");
        Assert.Equal(["999 Claw hammer 16 oz"], shopper.CartLines);
        Assert.Contains("at most 999", shopper.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cart_QuantitiesAndRemoval_AreKept()
    {
        await using var session = await SandboxSession.StartAsync();
        using var shopper = Shopper.In(session);
        await shopper.AddAsync("101");
        await shopper.AddAsync("102");
        await shopper.AddAsync("103");
        var fields = shopper.Page.QuerySelectorAll("input.qty").Select(input => input.GetAttribute("name")!).ToList();
        await shopper.PostAsync("/shop/checkout/cart/update", (fields[0], "5"), (fields[1], "-3"), (fields[2], "0"), ("cart[1][qty]", "7"));
        Assert.Equal(["5 Claw hammer 16 oz", "1 Combination spanner set, 8 pieces"], shopper.CartLines);
        Assert.Contains("Combination spanner set, 8 pieces: enter a quantity", shopper.Message, StringComparison.Ordinal);

        var remove = shopper.Page.QuerySelector("button[aria-label^='Remove Claw']")!.GetAttribute("form");
        await shopper.PostAsync(shopper.Page.QuerySelector($"form#{remove}")!.GetAttribute("action")!);
        Assert.Equal(["1 Combination spanner set, 8 pieces"], shopper.CartLines);
    }

    [Fact]
    public async Task Coupon_OnlyTheOneThereIs_TakesTenPercentOff()
    {
        await using var session = await SandboxSession.StartAsync();
        using var shopper = Shopper.In(session);
        await shopper.AddAsync("101", "2");
        Assert.Equal("49.80", Total());
        await shopper.PostAsync("/shop/checkout/cart/coupon", ("coupon_code", "<b>FREE"));
        Assert.Contains("\"<b>FREE\" is not a coupon", shopper.Message, StringComparison.Ordinal);
        Assert.Equal("49.80", Total());
        await shopper.PostAsync("/shop/checkout/cart/coupon", ("coupon_code", "spring10"));
        Assert.Equal("44.82", Total());
        Assert.Contains("−$4.98", shopper.Page.QuerySelector(".sums")!.TextContent, StringComparison.Ordinal);
        await shopper.PostAsync("/shop/checkout/cart/coupon", ("coupon_code", ""));
        Assert.Equal("49.80", Total());

        string? Total() => shopper.Page.QuerySelector(".block-cart")!.GetAttribute("data-zk-total");
    }

    [Fact]
    public async Task Carts_OfTwoBrowsers_AreTwo()
    {
        await using var session = await SandboxSession.StartAsync();
        using var first = Shopper.In(session);
        using var second = Shopper.In(session);
        await first.AddAsync("101");
        await second.GetAsync("/shop");
        Assert.Empty(second.CartLines);
        Assert.NotEqual(first.CartId, second.CartId);
    }
}
