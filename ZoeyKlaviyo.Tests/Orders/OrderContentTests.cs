using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Catalog;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Orders;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Zoey;
using ZoeyKlaviyo.Sandbox.Klaviyo.Contract;
using ZoeyKlaviyo.Tests.Fixtures;

namespace ZoeyKlaviyo.Tests.Orders;

public sealed class SqliteOrderContentTests() : OrderContentTests(DatabaseProvider.Sqlite);

public sealed class PostgresOrderContentTests() : OrderContentTests(DatabaseProvider.Postgres);

/// <summary>What Klaviyo is told of an order, under the names its flows and reports look for.</summary>
public abstract class OrderContentTests(DatabaseProvider provider) : IAsyncLifetime
{
    private OrderHost _host = default!;

    public async ValueTask InitializeAsync() => _host = await OrderHost.StartAsync(provider);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task FullOrder_PropertyByProperty()
    {
        StockShop();
        _host.Place(FullOrder());

        await _host.RunAsync();

        AssertJson(
            """
            {"OrderId":"100000123","Categories":["Mugs","Gifts"],"ItemNames":["Mug","Tee red M"],"Brands":["Acme"],
             "DiscountCode":"SPRING","DiscountValue":4.5,
             "Items":[
              {"ProductID":"77","SKU":"MUG","ProductName":"Mug","Quantity":2,"ItemPrice":10,"RowTotal":20,
               "ProductURL":"http://acme.test/red-mug.html","ImageURL":"http://acme.test/mug.jpg","Categories":["Mugs","Gifts"],"Brand":"Acme"},
              {"ProductID":"80","SKU":"TEE-RED-M","ProductName":"Tee red M","Quantity":1.5,"ItemPrice":19.99,"RowTotal":29.985,
               "ProductURL":"http://acme.test/tee.html","Categories":["Gifts"]}],
             "BillingAddress":{"FirstName":"Jo","LastName":"Doe","Company":"Acme","Address1":"1 Main St","Address2":"Suite 2, Back door","City":"Springfield",
              "Region":"Illinois","RegionCode":"IL","Country":"United States","CountryCode":"US","Zip":"62701","Phone":"+1 555"},
             "ShippingAddress":{"LastName":"Müller","CountryCode":"Q9"}}
            """,
            await _host.PropertiesAsync());
        var lines = (await _host.PayloadsAsync()).Where(payload => payload.Metric == Metrics.OrderedProduct).ToList();
        Assert.Equal(["100000123_900", "100000123_#2"], lines.Select(line => line.UniqueId));
        Assert.Equal([20m, 29.985m], lines.Select(line => line.Value!.Value));
        AssertJson(
            """
            {"OrderId":"100000123","ProductID":"77","SKU":"MUG","ProductName":"Mug","Quantity":2,"ProductURL":"http://acme.test/red-mug.html",
             "ImageURL":"http://acme.test/mug.jpg","Categories":["Mugs","Gifts"],"ProductBrand":"Acme"}
            """,
            JsonNode.Parse(lines[0].Properties)!);
        foreach (var request in _host.Core.Klaviyo.BulkCalls)
            Assert.Empty(KlaviyoContract.Validate("POST", request.Path, request.Body));
        var profile = BulkBodies.Read(_host.Core.Klaviyo.BulkCalls.Single())[0].Single.Body;
        Assert.Equal("email", Assert.Single(JsonNode.Parse(profile)!["data"]!["attributes"]!["profile"]!["data"]!["attributes"]!.AsObject()).Key);
    }

    [Fact]
    public async Task StorePrefix_ReachesIdsAndProductIds()
    {
        await using var host = await OrderHost.StartAsync(provider, new() { ["Stores:0:IdPrefix"] = "b-" });
        host.Place(host.Order("1"));
        await host.Core.CollectAsync("""{"visitor":{"email":"jo@shop-demo.com"},"events":[{"id":"e1","type":"started_checkout","checkoutId":"771"},{"id":"e2","type":"added_to_cart"}]}""");

        await host.RunAsync();

        Assert.Equal(
            ["b-1", "b-1_900", "b-771", "e2"],
            BulkBodies.Read(host.Core.Klaviyo.BulkCalls.Single()).Select(entry => entry.UniqueId).Order(StringComparer.Ordinal));
        var sent = BulkBodies.Read(host.Core.Klaviyo.BulkCalls.Single())
            .Where(entry => entry.UniqueId.StartsWith("b-1", StringComparison.Ordinal)).OrderBy(entry => entry.UniqueId, StringComparer.Ordinal)
            .Select(entry => JsonNode.Parse(entry.Single.Body)!["data"]!["attributes"]!["properties"]!).ToList();
        Assert.Equal(("1", "b-77"), (sent[0]["OrderId"]!.GetValue<string>(), sent[0]["Items"]![0]!["ProductID"]!.GetValue<string>()));
        Assert.Equal("b-77", sent[1]["ProductID"]!.GetValue<string>());
    }

    [Fact]
    public async Task CurrenciesZeroTotalsAndGuests_AreSentAsTheyAre()
    {
        _host.Place(
            _host.Order("1") with { Currency = "EUR", CustomerId = null }, _host.Order("2") with { Currency = "jpy", GrandTotal = 0 },
            _host.Order("3") with { Currency = "points", GrandTotal = 79228162514264337593543950335m, Lines = [] });

        await _host.RunAsync();

        Assert.Equal(
            [("1", 25.5m, "EUR"), ("2", 0m, "JPY"), ("3", null, null)],
            (await _host.PayloadsAsync()).Where(payload => payload.Metric == Metrics.PlacedOrder)
                .Select(payload => (payload.UniqueId, payload.Value, payload.Currency)));
    }

    [Fact]
    public async Task VariantWhoseProductOnlyTheCatalogKnows_GivesThatProductsId()
    {
        StockShop();
        // The store has no attribute for a variant's product, as few have: an export or the SKUs told the catalog.
        _host.Zoey.Products[2] = _host.Zoey.Products[2] with { ParentId = null };
        _host.Place(_host.Order("1") with { Lines = [Line("1", null, "TEE-RED-M")] });
        await _host.RunAsync();
        await _host.Core.Database.WriteAsync(
            db =>
            {
                db.StoreProducts.Add(new StoreProduct { StoreId = _host.Core.Store.Id, ProductId = "81", Sku = "TEE-RED-M", ParentId = "80", Hash = "1" });
                return Task.CompletedTask;
            },
            TestContext.Current.CancellationToken);
        _host.Place(_host.Order("2") with { Lines = [Line("1", null, "TEE-RED-M")] });

        await _host.RunAsync();

        var items = (await _host.PayloadsAsync()).Where(payload => payload.Metric == Metrics.PlacedOrder).Select(payload => JsonNode.Parse(payload.Properties)!["Items"]![0]!.ToJsonString());
        Assert.Equal(
            [
                """{"ProductID":"81","SKU":"TEE-RED-M","ProductName":"Thing","Quantity":1,"ItemPrice":5,"RowTotal":5,"ProductURL":"http://acme.test/tee-red-m.html","Categories":[]}""",
                """{"ProductID":"80","SKU":"TEE-RED-M","ProductName":"Thing","Quantity":1,"ItemPrice":5,"RowTotal":5,"ProductURL":"http://acme.test/tee.html","Categories":["Gifts"]}""",
            ],
            items);
    }

    [Fact]
    public async Task Products_AreAskedForOnceADay_InFewRequests()
    {
        StockShop();
        _host.Place(_host.Order("1") with { Lines = [Line("1", null, "MUG"), Line("2", null, "TEE-RED-M"), Line("3", null, "GONE"), Line("4", "81", null)] });
        await _host.RunAsync();
        Assert.Equal(
            ["products 81", "skus MUG TEE-RED-M GONE", "image of 77", "categories of 77", "categories", "products 80", "image of 80", "categories of 80"],
            _host.Zoey.Asked.Where(what => !what.StartsWith("orders", StringComparison.Ordinal) && !what.Contains("subscribers", StringComparison.Ordinal)));
        Assert.Equal(["77", "80", null, "80"], (await _host.PropertiesAsync())["Items"]!.AsArray().Select(item => item!["ProductID"]?.GetValue<string>()));
        _host.Zoey.Asked.Clear();
        _host.Place(_host.Order("2") with { Lines = [Line("1", null, "MUG")] });
        await _host.RunAsync();
        Assert.DoesNotContain(_host.Zoey.Asked, what => what.Contains("77", StringComparison.Ordinal) || what.StartsWith("skus", StringComparison.Ordinal));
        _host.Core.Time.Advance(TimeSpan.FromHours(25));
        _host.Place(_host.Order("3") with { Lines = [Line("1", null, "MUG")] });

        await _host.RunAsync();

        Assert.Contains("skus MUG", _host.Zoey.Asked);
    }

    [Fact]
    public async Task ProductsDoNotAnswer_TheOrderWaits_ForAnHourAtMost()
    {
        StockShop();
        _host.Place(_host.Order("1") with { Lines = [Line("1", null, "MUG")] });
        _host.Zoey.OnAsked = what =>
        {
            if (!what.StartsWith("orders", StringComparison.Ordinal))
                throw FakeZoeyStore.Unavailable;
        };
        Assert.Contains("The store does not answer", (await _host.RunAsync()).Message, StringComparison.Ordinal);
        Assert.Equal((StoreOrderState.Waiting, "products"), ((await _host.OrderAsync("1")).State, (await _host.OrderAsync("1")).Reason));
        Assert.Equal(1, (await _host.ReadingAsync()).Unfinished);
        _host.Core.Time.Advance(TimeSpan.FromMinutes(61));
        _host.Zoey.OnAsked = _ => throw FakeZoeyStore.Unavailable;

        var run = await _host.RunAsync();

        Assert.Equal((RunStatus.Partial, 2), (run.Status, run.Counts.Sent));
        Assert.Equal("""[{"SKU":"MUG","ProductName":"Thing","Quantity":1,"ItemPrice":5,"RowTotal":5,"Categories":[]}]""", (await _host.PropertiesAsync())["Items"]!.ToJsonString());
    }

    [Fact]
    public async Task ProductsAnswerInTheNextRun_TheOrderGoesWithAll()
    {
        StockShop();
        _host.Place(_host.Order("1") with { Lines = [Line("1", null, "MUG")] });
        _host.Zoey.OnAsked = what =>
        {
            if (what.StartsWith("image", StringComparison.Ordinal))
                throw FakeZoeyStore.Unavailable;
        };
        await _host.RunAsync();
        Assert.Empty(await _host.PayloadsAsync());
        _host.Zoey.OnAsked = _ => { };

        await _host.RunAsync();

        Assert.Equal("http://acme.test/mug.jpg", (await _host.PropertiesAsync())["Items"]![0]!["ImageURL"]!.GetValue<string>());
    }

    [Fact]
    public async Task ProductsAreForbidden_TheOrderGoesAtOnce()
    {
        _host.Place(_host.Order("1") with { Lines = [Line("1", null, "MUG")] });
        _host.Zoey.OnAsked = what =>
        {
            if (!what.StartsWith("orders", StringComparison.Ordinal))
                throw new ZoeyException(ZoeyProblem.Forbidden, "The role may not read products.");
        };

        var run = await _host.RunAsync();

        Assert.Equal((RunStatus.Succeeded, "2 sent."), (run.Status, run.Message));
    }

    [Fact]
    public async Task ListingWithoutLines_AsksForTheOrder()
    {
        _host.Place(_host.Order("1") with { CreatedByTeamMember = false });
        _host.Zoey.ListsWithoutLines = true;

        await _host.RunAsync();

        Assert.Contains("order e1", _host.Zoey.Asked);
        Assert.Equal(2, (await _host.PayloadsAsync()).Count);
    }

    [Fact]
    public async Task HostileContent_IsCleaned_AndHoldsNobodyUp()
    {
        const string Long = "x";
        var evil = "\0a\uD800b\u0001";
        var huge = new string(Long[0], 300_000);
        _host.Place(
            _host.Order("1") with
            {
                CouponCode = evil,
                CartId = huge,
                EntityId = huge,
                BillingAddress = new ZoeyAddress(evil, huge, null, [huge, evil], evil, null, null, null, "\0\0", huge),
                Lines =
                [
                    new ZoeyOrderLine("9\0", huge, evil, evil, huge, decimal.MaxValue, -1, decimal.MinValue),
                    new ZoeyOrderLine("9", null, null, huge, evil, 1, 1, 1),
                    new ZoeyOrderLine(huge, null, null, null, null, 1, 1, 1),
                ],
            },
            _host.Order("\0") with { GrandTotal = 1 },
            _host.Order(huge),
            _host.Order("2") with { CreatedUtc = DateTimeOffset.MaxValue, Status = "pending_payment" },
            _host.Order("3"));

        var run = await _host.RunAsync();

        // Two have no number to know them by: that is said, and holds nobody up.
        Assert.Equal((RunStatus.Partial, 2), (run.Status, run.Counts.Failed));
        Assert.Contains("2 can't be read", run.Message, StringComparison.Ordinal);
        Assert.Equal(["1", "3"], await _host.PlacedAsync());
        var payloads = await _host.PayloadsAsync();
        Assert.Equal(3, payloads.Where(payload => payload.UniqueId.StartsWith("1_", StringComparison.Ordinal)).Select(payload => payload.UniqueId).Distinct().Count());
        var properties = JsonNode.Parse(payloads[0].Properties)!;
        Assert.Equal("a\uFFFDb", properties["DiscountCode"]!.GetValue<string>());
        // Cut to 100,000 bytes, of which the mark of it takes three.
        Assert.Equal(huge[..99_997] + "…", properties["Items"]![0]!["ProductName"]!.GetValue<string>());
        Assert.Equal(huge[..997] + "…", properties["BillingAddress"]!["LastName"]!.GetValue<string>());
        Assert.Null(properties["Items"]![0]!["Quantity"]);
    }

    [Fact]
    public async Task MoreLinesThanKlaviyoTakes_AreLeftOutAndCounted()
    {
        _host.Place(
            _host.Order("1") with { Lines = [.. Enumerable.Range(1, 4100).Select(number => Line($"{number}", $"{number}", null))] },
            _host.Order("2") with { Email = "other@shop-demo.com", Lines = [.. Enumerable.Range(1, 100).Select(number => Line($"{number}", "77", null) with { Name = new string('ä', 50_000) })] });

        await _host.RunAsync();

        var placed = (await _host.PayloadsAsync()).Where(payload => payload.Metric == Metrics.PlacedOrder).Select(payload => payload.Properties).ToList();
        var properties = placed.ConvertAll(text => JsonNode.Parse(text)!);
        Assert.Equal((4000, 100), (properties[0]["Items"]!.AsArray().Count, properties[0]["ItemsOmitted"]!.GetValue<int>()));
        Assert.Equal(100, properties[1]["Items"]!.AsArray().Count + properties[1]["ItemsOmitted"]!.GetValue<int>());
        Assert.All(placed, text => Assert.True(Encoding.UTF8.GetByteCount(text) < 5_000_000));
    }

    private static ZoeyOrderLine Line(string itemId, string? productId, string? sku) => new(itemId, productId, null, sku, "Thing", 1, 5, 5);

    private void StockShop()
    {
        _host.Zoey.Products.AddRange(
            [
                new ZoeyProduct("77", "MUG", "Mug", "simple", null, "red-mug", "Acme"),
                new ZoeyProduct("80", "TEE", "Tee", "configurable", null, "tee", null),
                new ZoeyProduct("81", "TEE-RED-M", "Tee red M", "simple", "80", "tee-red-m", null),
            ]);
        _host.Zoey.Images["77"] = "http://acme.test/mug.jpg";
        _host.Zoey.CategoriesOf["77"] = ["2", "15", "16"];
        _host.Zoey.CategoriesOf["80"] = ["16"];
        _host.Zoey.Categories.AddRange(
            [new ZoeyCategory("1", null, "Root"), new ZoeyCategory("2", "1", "Default"), new ZoeyCategory("15", "2", "Mugs"), new ZoeyCategory("16", "15", "Gifts")]);
    }

    private ZoeyOrder FullOrder() => _host.Order("100000123") with
    {
        CouponCode = "SPRING",
        DiscountAmount = 4.5000m,
        BillingAddress = new ZoeyAddress("Jo", "Doe", "Acme", ["1 Main St", "Suite 2", "Back door"], "Springfield", "Illinois", "IL", "62701", "US", "+1 555"),
        ShippingAddress = new ZoeyAddress(null, "Müller", " ", [], null, null, null, null, "Q9", null),
        Lines =
        [
            new ZoeyOrderLine("900", "77", null, "MUG", "Mug", 2.0000m, 10.0000m, 20.0000m),
            new ZoeyOrderLine(null, "81", "81", "TEE-RED-M", "Tee red M", 1.5m, 19.99m, 29.985m),
        ],
    };

    private static void AssertJson(string expected, JsonNode actual) => Assert.Equal(JsonNode.Parse(expected)!.ToJsonString(), actual.ToJsonString());
}
