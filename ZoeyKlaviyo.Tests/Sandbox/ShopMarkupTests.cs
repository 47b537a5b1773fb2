using System.Text.Json.Nodes;
using AngleSharp.Html.Dom;

namespace ZoeyKlaviyo.Tests.Sandbox;

/// <summary>What the tracking script reads, as <c>docs/storefront.md</c> promises it.</summary>
public sealed class ShopMarkupTests
{
    private static readonly string[] s_itemMembers = ["sku", "name", "price", "compareAtPrice", "currency", "brand", "image", "url", "quantity", "rowTotal"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/shop", "cms-home")]
    [InlineData("/shop/hand-tools", "catalog-category-view")]
    [InlineData("/shop/product/104", "catalog-product-view")]
    [InlineData("/shop/checkout/cart", "checkout-cart-index")]
    [InlineData("/shop/checkout/onepage", "checkout-onepage-index")]
    [InlineData("/shop/customer/account", "customer-account-index")]
    [InlineData("/shop/admin", "adminhtml-team")]
    [InlineData("/shop/nothing", "cms-no-route")]
    public async Task EachPage_HasVisitorCartAndScript_InOneWayOrTheOther(string path, string bodyClass)
    {
        await using var session = await SandboxSession.StartAsync();
        using var shopper = Shopper.In(session);
        await shopper.LogInAsync("jo@acme-customer.test");
        await shopper.AddAsync("102", "2");
        await shopper.AddAsync("104", "1", "106");
        var withAttributes = await shopper.GetAsync(path);
        Assert.Equal(bodyClass, withAttributes.Body!.ClassName);
        var script = Assert.Single(withAttributes.QuerySelectorAll("script"));
        Assert.Equal(("http://localhost:5080/storefront/demo.js", true), (script.GetAttribute("src"), script.HasAttribute("async")));
        Assert.Null(withAttributes.QuerySelector("[data-zk-page], [data-zk-product]"));

        var withJson = await shopper.GetAsync(path + "?layer=json");
        Assert.Single(withJson.All, element => element.Attributes.Any(attribute => attribute.Name.StartsWith("data-zk-", StringComparison.Ordinal)));
        Assert.Equal("http://localhost:5080/storefront/demo.js", withJson.QuerySelector("script[src]")!.GetAttribute("src"));
        var data = Data(withJson);
        Assert.Equal(data["visitor"]!["email"]!.GetValue<string>(), withAttributes.Body.GetAttribute("data-zk-customer"));
        Assert.Equal(CartOf(data), CartOf(withAttributes));
        Assert.Equal(path.EndsWith("onepage", StringComparison.Ordinal), data["checkout"] is not null);
        Assert.Equal(path.Contains("product", StringComparison.Ordinal), data["product"] is not null);

        Assert.Null((await shopper.GetAsync(path + "?layer=attributes")).QuerySelector("[data-zk-page]"));
    }

    [Fact]
    public async Task Cart_InAttributes_HasEveryLine()
    {
        await using var session = await SandboxSession.StartAsync();
        using var shopper = Shopper.In(session);
        await shopper.AddAsync("102", "2");
        await shopper.AddAsync("104", "3", "106");
        Assert.Equal(
            [
                $"{shopper.CartId} 155.50 USD /shop/checkout/onepage",
                "102 SPN-SET8|Combination spanner set, 8 pieces|59.00|69.00|USD|Acme|/assets/spanner.svg|/shop/product/102|2|118.00 [\"Hand tools\",\"Spanners\"]",
                "104 GLV-L|Work gloves|12.50||USD|Handfest|/assets/gloves.svg|/shop/product/104|3|37.50 [\"Workwear\"]",
            ],
            CartOf(shopper.Page));
    }

    [Theory]
    [InlineData("102", "SPN-SET8", "Combination spanner set, 8 pieces", "Acme", "$59.00", "$69.00", "Hand tools/Spanners")]
    [InlineData("104", "GLV", "Work gloves", "Handfest", "$12.50", null, "Workwear")]
    public async Task ProductPage_HasTheMarkupOfAMagentoTheme_AndTheSameInJson(
        string id, string sku, string name, string brand, string price, string? before, string categories)
    {
        await using var session = await SandboxSession.StartAsync();
        using var shopper = Shopper.In(session);
        var page = await shopper.GetAsync($"/shop/product/{id}");
        Assert.Equal(id, page.QuerySelector("body.catalog-product-view #product_addtocart_form input[name=product]")!.GetAttribute("value"));
        Assert.Contains("/checkout/cart/add", page.QuerySelector("#product_addtocart_form")!.GetAttribute("action")!, StringComparison.Ordinal);
        Assert.Equal("1", page.QuerySelector("#product_addtocart_form [name=qty]")!.GetAttribute("value"));
        Assert.Equal((name, sku, brand), (Text(".product-name h1"), Text("[itemprop=sku]"), Text("[itemprop=brand]")));
        Assert.Equal(price, Text(".price-box .special-price .price") ?? Text(".price-box .regular-price .price"));
        Assert.Equal(before, Text(".price-box .old-price .price"));
        Assert.Equal(categories, string.Join('/', page.QuerySelectorAll(".breadcrumbs li[class*=category]").Select(item => item.TextContent)));

        var product = Data(await shopper.GetAsync($"/shop/product/{id}?layer=json"))["product"]!;
        Assert.Equal(
            (id, sku, name, brand, page.QuerySelector("#image")!.GetAttribute("src"), "USD", categories),
            (One("id"), One("sku"), One("name"), One("brand"), One("image"), One("currency"), string.Join('/', product["categories"]!.AsArray().Select(one => one!.GetValue<string>()))));
        Assert.Equal((price, before), ("$" + product["price"], product["compareAtPrice"] is { } compare ? "$" + compare : null));

        string? Text(string selector) => page.QuerySelector(selector)?.TextContent;
        string? One(string member) => product[member]?.GetValue<string>();
    }

    [Fact]
    public async Task Checkout_OfAGuest_HasTheEmailField_AndOnceTypedTheJson()
    {
        await using var session = await SandboxSession.StartAsync();
        using var shopper = Shopper.In(session);
        await shopper.AddAsync("101");
        var page = await shopper.GetAsync("/shop/checkout/onepage");
        Assert.NotNull(page.QuerySelector("body.checkout-onepage-index [id='billing:email']"));
        var id = shopper.CartId;
        var first = Data(await shopper.GetAsync("/shop/checkout/onepage?layer=json"));
        Assert.Equal((id, null, ""), (first["checkout"]!["id"]!.GetValue<string>(), first["checkout"]!["email"], first["visitor"]!["email"]!.GetValue<string>()));
        await shopper.PlaceOrderAsync("cash", "kim@shop-demo.com");
        Assert.Equal("kim@shop-demo.com", Data(shopper.Page)["checkout"]!["email"]!.GetValue<string>());
    }

    [Fact]
    public async Task JsonLayer_AddressWithMarkup_EndsNoElement()
    {
        await using var session = await SandboxSession.StartAsync();
        using var shopper = Shopper.In(session);
        const string Hostile = "kim'&--!{}@shop-demo.com";
        await shopper.LogInAsync(Hostile);
        Assert.Equal(Hostile, shopper.Page.Body!.GetAttribute("data-zk-customer"));
        await shopper.GetAsync("/shop?layer=json");
        Assert.Equal(Hostile, Data(shopper.Page)["visitor"]!["email"]!.GetValue<string>());
    }

    [Fact]
    public async Task Pages_AllowTheAdminsScriptAndNothingElse()
    {
        await using var session = await SandboxSession.StartAsync();
        using var answer = await session.Http.GetAsync("/shop/product/101", Cancel);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("script-src 'self' http://localhost:5080;", policy, StringComparison.Ordinal);
        Assert.Contains("connect-src 'self' http://localhost:5080;", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
    }

    private static JsonNode Data(IHtmlDocument page) => JsonNode.Parse(page.QuerySelector("script[type='application/json'][data-zk-page]")!.TextContent)!;

    private static List<string> CartOf(IHtmlDocument page)
    {
        var cart = page.QuerySelector(".block-cart[data-zk-cart]")!;
        return
        [
            string.Join(' ', new[] { "cart", "total", "currency", "checkout-url" }.Select(name => cart.GetAttribute("data-zk-" + name))),
            .. cart.QuerySelectorAll("[data-zk-item]").Select(line =>
                $"{line.GetAttribute("data-zk-item")} {string.Join('|', s_itemMembers.Select(name => line.GetAttribute("data-zk-" + System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(name))))} {line.GetAttribute("data-zk-categories")}"),
        ];
    }

    private static List<string> CartOf(JsonNode data)
    {
        var cart = data["cart"]!;
        return
        [
            $"{cart["id"]} {cart["total"]} {cart["currency"]} {cart["checkoutUrl"]}",
            .. cart["items"]!.AsArray().Select(line => $"{line!["id"]} {string.Join('|', s_itemMembers.Select(name => line[name]?.ToString()))} {line["categories"]!.ToJsonString()}"),
        ];
    }
}
