using System.Text.Json;
using System.Text.Json.Nodes;
using ZoeyKlaviyo.Tests.Fixtures;

namespace ZoeyKlaviyo.Tests.Storefront;

/// <summary>The three ways in which a shop can say the same thing, and every property that comes of it.</summary>
public sealed class PropertiesJourneys(BrowserFixture browser, TestShop shop) : IClassFixture<TestShop>
{
    private const string Json = """
        <script type="application/json" data-zk-page>{"visitor":{"email":" Jo@Acme.example "},
          "product":{"id":101,"sku":"HAM-16","name":"Claw  hammer","price":1249.9,"compareAtPrice":"1299.50","currency":"usd","brand":"Acme",
            "image":"/media/hammer.jpg","categories":["Hand tools","Hammers"]},
          "cart":{"id":771,"total":2499.8,"currency":"USD","checkoutUrl":"/checkout/","items":[{"id":101,"sku":"HAM-16","name":"Claw hammer","quantity":2,
            "price":1249.9,"rowTotal":2499.8,"url":"/hammer","image":"/media/hammer.jpg","brand":"Acme","categories":["Hand tools","Hammers"]}]},
          "checkout":{}}</script>
        """;

    private const string Cart = """
        <div data-zk-cart="771" data-zk-total="2499.8" data-zk-currency="USD" data-zk-checkout-url="/checkout/">
          <p data-zk-item="101" data-zk-sku="HAM-16" data-zk-name="Claw hammer" data-zk-quantity="2.0000" data-zk-price="1249.90" data-zk-row-total="2499.80"
            data-zk-url="/hammer" data-zk-image="/media/hammer.jpg" data-zk-brand="Acme" data-zk-categories="Hand tools|Hammers"></p>
        </div>
        """;

    private const string Attributes = Cart + """
        <p data-zk-customer="jo@acme.example"></p>
        <div data-zk-product="101" data-zk-product-sku="HAM-16" data-zk-name="Claw hammer" data-zk-price="1249.9" data-zk-compare-at-price="1299.5" data-zk-currency="USD"
          data-zk-brand="Acme" data-zk-image="/media/hammer.jpg" data-zk-categories='["Hand tools","Hammers"]'></div>
        <form data-zk-checkout="771"></form>
        """;

    private const string Magento = Cart + """
        <p data-zk-customer="jo@acme.example"></p><form data-zk-checkout="771"></form>
        <div class="breadcrumbs"><ul><li class="home"><a>Home</a></li><li class="category3"><a>Hand tools</a> <span>/ </span></li>
          <li class="category7"><a>Hammers</a> <span>/</span></li><li class="product"><strong>Claw hammer</strong></li></ul></div>
        <div class="block-related"><div class="price-box"><p class="special-price"><span class="price">$1.00</span></p></div></div>
        <form id="product_addtocart_form" action="/checkout/cart/add/"><input type="hidden" name="product" value="101">
          <div class="product-name"><h1>  Claw
            hammer </h1></div><span itemprop="sku">HAM-16</span><meta itemprop="brand" content="Acme"><meta itemprop="priceCurrency" content="USD">
          <div class="price-box"><p class="old-price"><span class="price"> $1,299.50 </span></p><span class="regular-price"><span class="price">$1,249.90</span></span></div>
          <img id="image" src="/media/hammer.jpg" alt=""></form>
        """;

    [Theory]
    [InlineData(Json, "")]
    [InlineData(Attributes, "")]
    [InlineData(Magento, "catalog-product-view")]
    public async Task EachForm_TheSameEventsWithTheSameProperties(string body, string bodyClass)
    {
        shop.Reset();
        shop.Page("/hammer", body, bodyClass);

        await browser.RunAsync(
            shop.Address,
            async page =>
            {
                await page.GotoAsync("/hammer?utm_source=x#top");
                var events = await shop.UntilAsync("active_on_site", "viewed_product", "started_checkout");

                Assert.Equal(3, events.Count);
                Assert.All(events, one => Assert.Equal("jo@acme.example", one.Email));
                var viewed = events.Single(one => one.Type == "viewed_product");
                AssertJson(
                    $$"""
                    {"ProductName":"Claw hammer","ProductID":"101","SKU":"HAM-16","Categories":["Hand tools","Hammers"],"ImageURL":"{{shop.Address}}media/hammer.jpg",
                     "URL":"{{shop.Address}}hammer","Brand":"Acme","Price":1249.9,"CompareAtPrice":1299.5}
                    """,
                    viewed.Properties);
                Assert.Equal(("USD", true), (viewed.Event.GetProperty("currency").GetString(), viewed.Event.GetProperty("inCart").GetBoolean()));
                var started = events.Single(one => one.Type == "started_checkout");
                AssertJson(
                    $$"""
                    {"ItemNames":["Claw hammer"],"CheckoutURL":"{{shop.Address}}checkout/","Categories":["Hand tools","Hammers"],
                     "Items":[{"ProductID":"101","SKU":"HAM-16","ProductName":"Claw hammer","Quantity":2,"ItemPrice":1249.9,"RowTotal":2499.8,
                       "ProductURL":"{{shop.Address}}hammer","ImageURL":"{{shop.Address}}media/hammer.jpg","ProductCategories":["Hand tools","Hammers"],"Brand":"Acme"}]}
                    """,
                    started.Properties);
                Assert.Equal(
                    (2499.8, "USD", "771"),
                    (started.Event.GetProperty("value").GetDouble(), started.Event.GetProperty("currency").GetString(), started.Event.GetProperty("checkoutId").GetString()));
                Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", started.Id);
            },
            hosts: [shop.CollectAddress]);
    }

    [Fact]
    public async Task Price_ReadAsAPersonWould()
    {
        (string Text, double? Value)[] cases =
        [
            ("24.9", 24.9), ("$1,249.90", 1249.9), ("1.249,90 €", 1249.9), ("1 249,90 kr", 1249.9), ("CHF 1'249.90", 1249.9), ("1,249", 1249), ("1.249.900 ₫", 1249900),
            ("€ 0,999", 0.999), ("12,5", 12.5), ("from 24.90.", 24.9), ("-5", null), ("on request", null), ("", null), ("1e400", null),
        ];
        shop.Reset();
        shop.Page("/cart", new
        {
            visitor = new { email = "jo@acme.example" },
            cart = new { id = "7", items = cases.Select(one => new { id = "1", price = one.Text }) },
            checkout = new { },
        });

        await browser.RunAsync(
            shop.Address,
            async page =>
            {
                await page.GotoAsync("/cart");
                var items = (await shop.UntilAsync("started_checkout")).Single(one => one.Type == "started_checkout").Event.GetProperty("properties").GetProperty("Items");

                Assert.Equal(cases, cases.Zip(items.EnumerateArray(), (one, item) => (one.Text, item.TryGetProperty("ItemPrice", out var price) ? price.GetDouble() : (double?)null)));
            },
            hosts: [shop.CollectAddress]);
    }

    private static void AssertJson(string expected, string actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual)), JsonSerializer.Serialize(JsonNode.Parse(actual)));
}
