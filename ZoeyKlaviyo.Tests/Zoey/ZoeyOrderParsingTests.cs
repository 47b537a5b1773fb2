using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Tests.Zoey;

public sealed class ZoeyOrderParsingTests
{
    private const string ShapeA = """
        {"entity_id":"123","increment_id":"100000123","status":"processing","customer_id":"7","created_at":"2024-01-02 03:04:05","store_currency_code":"usd",
         "grand_total":"45.5000","discount_amount":"-4.5000","coupon_code":"TEN",
         "addresses":[{"address_type":"shipping","email":"b@example.com"},
                      {"address_type":"billing","firstname":"Jo","street":"1 Main St\nSuite 2","country_id":"us","email":"a@example.com","extra":{"x":[]}}],
         "order_items":[{"item_id":"900","parent_item_id":null,"sku":"TEE-RED-M","name":"Tee","qty_ordered":"2.0000","price":"20.0000","row_total":"40.0000"},
                        {"item_id":"901","parent_item_id":"900","sku":"TEE-RED-M","qty_ordered":"2.0000","price":"0.0000","row_total":"0.0000"},
                        {"item_id":"902","parent_item_id":"0","sku":"MUG","qty_ordered":1,"price":5.5,"row_total":null}]}
        """;

    private const string ShapeB = """
        {"order_id":55,"increment_id":"100000055","state":"new","status":null,"quote_id":"77","customer_id":"0","customer_email":"c@example.com","created_at":"2024-01-02T03:04:05Z",
         "order_currency_code":"EUR","grand_total":100,"discount_amount":null,"billing_address":{"street":["1 Main St","Suite 2"],"region":"Ohio","region_code":"OH","email":"x@example.com"},
         "shipping_address":[],"admin_order_info":{"Created by Team Member":"Sam Seller","Created":"2024"},
         "items":[{"item_id":1,"product_id":"10","product_type":"configurable","sku":"TEE-RED-M","name":"Tee","qty_ordered":"2","price":"20","row_total":"40"},
                  {"item_id":2,"parent_item_id":1,"product_id":"11","product_type":"simple","sku":"TEE-RED-M","qty_ordered":"2","price":"0","row_total":"0"},
                  {"item_id":3,"product_id":"20","product_type":"bundle","sku":"KIT","qty_ordered":"1","price":"0","row_total":"0"},
                  {"item_id":4,"parent_item_id":3,"product_id":"21","sku":"A","qty_ordered":"1","price":"20","row_total":"20"},
                  {"item_id":5,"parent_item_id":3,"product_id":"22","sku":"B","qty_ordered":"2","price":"15","row_total":"30"},
                  {"item_id":6,"product_id":"30","product_type":"bundle","sku":"KIT2","qty_ordered":"1","price":"10","row_total":"10"},
                  {"item_id":7,"parent_item_id":6,"product_id":"31","sku":"C","qty_ordered":"1","price":"0","row_total":"0"}]}
        """;

    [Fact]
    public void ShapeOfMagento_IsRead()
    {
        var order = Parse(ShapeA)!;

        Assert.Equal(
            ("123", "100000123", "processing", new DateTimeOffset(2024, 1, 2, 3, 4, 5, TimeSpan.Zero), "7", "a@example.com", 45.5m, "USD", 4.5m, "TEN", false),
            (order.EntityId, order.Number, order.Status, order.CreatedUtc, order.CustomerId, order.Email, order.GrandTotal, order.Currency, order.DiscountAmount, order.CouponCode, order.CreatedByTeamMember));
        Assert.Equal(("Jo", "US"), (order.BillingAddress!.FirstName, order.BillingAddress.CountryCode));
        Assert.Equal(["1 Main St", "Suite 2"], order.BillingAddress.Street);
        Assert.Equal(
            [new ZoeyOrderLine("900", null, null, "TEE-RED-M", "Tee", 2, 20, 40), new ZoeyOrderLine("902", null, null, "MUG", null, 1, 5.5m, 5.5m)], order.Lines);
    }

    [Fact]
    public void ShapeOfZoey_IsRead()
    {
        var order = Parse(ShapeB)!;

        Assert.Equal(
            ("55", "new", "77", (string?)null, "c@example.com", "EUR", 0m, true, (ZoeyAddress?)null, "OH"),
            (order.EntityId, order.Status, order.CartId, order.CustomerId, order.Email, order.Currency, order.DiscountAmount, order.CreatedByTeamMember, order.ShippingAddress, order.BillingAddress!.RegionCode));
        Assert.Equal(["1 Main St", "Suite 2"], order.BillingAddress.Street);
        Assert.Equal(
            [
                new ZoeyOrderLine("1", "10", "11", "TEE-RED-M", "Tee", 2, 20, 40),
                new ZoeyOrderLine("3", "20", null, "KIT", null, 1, 50, 50),
                new ZoeyOrderLine("6", "30", null, "KIT2", null, 1, 10, 10),
            ],
            order.Lines);
    }

    [Fact]
    public void LinesInInvoices_CountWhenTheyAreTheWholeOrder()
    {
        const string Invoices = """
            [{"increment_id":"1","items":[{"order_item_id":"1","sku":"TEE","qty":"1","price":"20","row_total":"20"},{"order_item_id":"2","sku":"TEE","qty":"1","price":"0","row_total":null}]},
             {"increment_id":"2","items":[{"order_item_id":"1","sku":"TEE","qty":"1","price":"20","row_total":"20"}]}]
            """;

        Assert.Equal([new ZoeyOrderLine("1", null, null, "TEE", null, 2, 20, 40)], Parse(With($"\"subtotal\":\"40.0000\",\"order_invoices\":{Invoices}"))!.Lines);
        Assert.Null(Parse(With($"\"subtotal\":\"60.0000\",\"order_invoices\":{Invoices}"))!.Lines);
    }

    [Theory]
    [InlineData("\"2024-01-02 03:04:05\"", "2024-01-02T03:04:05Z")]
    [InlineData("\"2024-01-02T03:04:05Z\"", "2024-01-02T03:04:05Z")]
    [InlineData("\"2024-01-02T03:04:05+02:00\"", "2024-01-02T01:04:05Z")]
    [InlineData("\"2024-01-02T03:04:05-0500\"", "2024-01-02T08:04:05Z")]
    [InlineData("\"2024-01-02 03:04:05Z\"", "2024-01-02T03:04:05Z")]
    [InlineData("\"2024-01-02 03:04:05 GMT\"", "2024-01-02T03:04:05Z")]
    [InlineData("\"9999-12-31 23:59:59\"", null)]
    [InlineData("\"9999-12-31T23:59:59-08:00\"", null)]
    [InlineData("\"2024-01-02\"", "2024-01-02T00:00:00Z")]
    [InlineData("\"0000-00-00 00:00:00\"", null)]
    [InlineData("\"2024-13-02 03:04:05\"", null)]
    [InlineData("\"\"", null)]
    [InlineData("\"yesterday\"", null)]
    [InlineData("null", null)]
    [InlineData("17", null)]
    [InlineData("[]", null)]
    public void Time_InEveryForm(string created, string? expected) =>
        Assert.Equal(
            expected is null ? null : DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture),
            Parse($$"""{"increment_id":"1","grand_total":"1","created_at":{{created}}}""")?.CreatedUtc);

    [Theory]
    [InlineData("\"45.5000\"", 45.5)]
    [InlineData("45.5", 45.5)]
    [InlineData("\"4.55e1\"", 45.5)]
    [InlineData("\"99999999999999999999999999999999\"", null)]
    [InlineData("1e400", null)]
    [InlineData("\"12,50\"", null)]
    [InlineData("null", null)]
    [InlineData("{}", null)]
    public void Amount_ThatIsNoNumber_MakesNoOrder(string amount, double? expected) =>
        Assert.Equal((decimal?)expected, Parse($$"""{"increment_id":"1","created_at":"2024-01-02","grand_total":{{amount}}}""")?.GrandTotal);

    [Theory]
    [InlineData("{\"Created by Team Member\":\"Yes\"}", true)]
    [InlineData("{\"Created by Team Member\":true}", true)]
    [InlineData("{\"created_by_team_member\":17}", true)]
    [InlineData("[{\"name\":\"Created by Team Member\",\"value\":\"Sam\"}]", true)]
    [InlineData("{\"Created by Team Member\":\"no\"}", false)]
    [InlineData("{\"Created by Team Member\":\"0\"}", false)]
    [InlineData("{\"Created by Team Member\":false}", false)]
    [InlineData("{\"Created by Team Member\":\"\"}", false)]
    [InlineData("{\"Created by Team Member\":null}", false)]
    [InlineData("{\"Created\":\"2024\"}", false)]
    [InlineData("[]", false)]
    public void TeamMember_IsAnythingButANo(string info, bool expected) => Assert.Equal(expected, Parse(With($"\"admin_order_info\":{info}"))!.CreatedByTeamMember);

    [Theory]
    [InlineData("\"order_items\":[]")]
    [InlineData("\"order_items\":null")]
    [InlineData("\"items\":{}")]
    public void LinesThatAreNotThere_AreNotKnown(string lines) => Assert.Null(Parse(With(lines))!.Lines);

    [Fact]
    public void OneThatIsNoOrder_CostsNoOther()
    {
        var orders = Client().ParseOrders(Encoding.UTF8.GetBytes($$"""[{{With("\"a\":1")}},{"increment_id":"\ud800"},7,null,[],{{ShapeA}}]"""));

        Assert.Equal(["100", null, null, null, null, "100000123"], orders.Select(order => order?.Number));
    }

    [Theory]
    [InlineData("\"order_items\":[{\"item_id\":1,\"price\":7e28,\"qty_ordered\":2}]")]
    [InlineData("\"order_items\":[{\"item_id\":1,\"row_total\":0},{\"item_id\":2,\"parent_item_id\":1,\"row_total\":7e28},{\"item_id\":3,\"parent_item_id\":1,\"row_total\":7e28}]")]
    [InlineData("\"created_at\":\"9999-12-31 23:59:59\"")]
    public void OneBeyondAllBounds_CostsNoOther(string members) =>
        Assert.Equal([null, "100000123"], Client("America/New_York").ParseOrders(Encoding.UTF8.GetBytes($"[{With(members)},{ShapeA}]")).Select(order => order?.Number));

    [Fact]
    public void NamesThatAreNoText_AreNotLookedAt()
    {
        const string Hostile = """
            {"\ud800":{"\ud800":1},"\ud800\ud800_id":1,"increment_id":"100","created_at":"2024-01-02 03:04:05","grand_total":"1","created_a\ud800":1,"increment_\ud800\ud800":"9",
             "admin_order_info":{"\ud800":"x","created_by_team_member":"Sam"},"order_items":{"\ud800":{"sku":"MUG","price":"1","qty_order\ud800\ud800":5}}}
            """;

        var order = Parse(Hostile)!;

        Assert.Equal(("100", true, "MUG"), (order.Number, order.CreatedByTeamMember, Assert.Single(order.Lines!).Sku));
    }

    [Fact]
    public void PushedMap_IsReadLikeAList() =>
        Assert.Equal("9", Assert.Single(Client().ParseOrders(Encoding.UTF8.GetBytes($$"""{"9":{{With("\"a\":1")}}}""")))!.EntityId);

    [Fact]
    public void NoJson_IsSaid() => Assert.ThrowsAny<JsonException>(() => Client().ParseOrders("<xml/>"u8.ToArray()));

    private static string With(string members) => $$"""{"increment_id":"100","created_at":"2024-01-02 03:04:05","grand_total":"1",{{members}}}""";

    private static ZoeyOrder? Parse(string json) => Assert.Single(Client().ParseOrders(Encoding.UTF8.GetBytes(json)));

    /// <summary>Without a store: parsing asks nobody.</summary>
    private static ZoeyClient Client(string zone = "UTC")
    {
        var options = Options.Create(new ZoeyOptions { TimeZone = zone });
        var pager = new ZoeyPager(null!);
        return new ZoeyClient(null!, null!, pager, new ZoeyOrderListing(pager, options, NullLogger<ZoeyOrderListing>.Instance), options, NullLogger<ZoeyClient>.Instance);
    }
}
