using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ZoeyKlaviyo.Sandbox.Zoey.Api;
using ZoeyKlaviyo.Sandbox.Zoey.Catalog;
using ZoeyKlaviyo.Sandbox.Zoey.Inspection;

namespace ZoeyKlaviyo.Tests.Sandbox;

public sealed class ZoeyGeneratedCatalogTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Catalog_OfAHundredThousand_IsThereToTheLastPage()
    {
        await using var session = await ZoeySession.StartAsync();
        await GenerateAsync(session, new { products = 100_000, categories = 50 });

        Assert.Equal(Ids(1_000_000, 100), await session.IdsAsync("products?limit=100&order=entity_id&dir=asc"));
        Assert.Equal(Ids(1_089_900, 100), await session.IdsAsync("products?limit=100&order=entity_id&dir=asc&page=900"));
        Assert.Equal(Ids(1_099_900, 100), await session.IdsAsync("products?limit=100&order=entity_id&dir=asc&page=1001"));
        Assert.Equal("1099999", Text((await session.GetAsync("stockitems?limit=100&order=item_id&dir=asc&page=1000")).Json[99]!, "product_id"));
        Assert.Equal(["2", .. Ids(1001, 50)], await session.IdsAsync("categories?limit=100"));
    }

    [Theory]
    [InlineData("products", "limit=100&order=entity_id&dir=asc&page=900")]
    [InlineData("products", "limit=100&page=900")]
    [InlineData("products", "limit=100&order=entity_id&dir=asc&category_id=1001&attrs=entity_id&page=20")]
    [InlineData("stockitems", "limit=100&order=item_id&dir=asc&page=900")]
    public async Task Page_OfALargeCatalog_CostsNoMoreThanItsOwnRows(string path, string query)
    {
        await using var session = await ZoeySession.StartAsync();
        await GenerateAsync(session, new { products = 100_000, categories = 50 });
        var catalog = new StoreCatalog(session.Server.Store);
        var route = new ProductResource(catalog).Routes.Concat(new StockResource(catalog).Routes).Single(route => route.Pattern == path);
        var call = new StoreCall(new DefaultHttpContext().Request, new StoreQuery(query), "", IsGuest: false, session.Server.Store.Quirks);
        route.Answer(call);
        var before = GC.GetAllocatedBytesForCurrentThread();
        route.Answer(call);

        // A row of each product would be hundreds of megabytes.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 2_000_000);
    }

    [Fact]
    public async Task Catalog_GeneratedTwice_IsTheSame()
    {
        await using var session = await ZoeySession.StartAsync();
        await GenerateAsync(session, new { products = 30, variantsPer = 2 });
        var first = (await session.GetAsync("products?limit=100")).Text;
        await GenerateAsync(session, new { products = 0 });
        Assert.Equal(7, (await session.IdsAsync("products")).Count);
        await GenerateAsync(session, new { products = 30, variantsPer = 2 });
        Assert.Equal(first, (await session.GetAsync("products?limit=100")).Text);
        session.Server.Reset();
        Assert.Equal(7, (await session.IdsAsync("products")).Count);
    }

    [Fact]
    public async Task Product_Generated_HasStockCategoriesAndAnImage()
    {
        await using var session = await ZoeySession.StartAsync();
        await GenerateAsync(session, new { products = 100, categories = 20 });
        var counts = new Dictionary<string, int>();
        for (var category = 1001; category <= 1020; category++)
        {
            foreach (var id in await session.IdsAsync($"products?limit=100&category_id={category}"))
            {
                counts[id] = counts.GetValueOrDefault(id) + 1;
                Assert.Contains($"\"{category}\"", (await session.GetAsync($"products/{id}/categories")).Text, StringComparison.Ordinal);
            }
        }

        Assert.Equal(Ids(1_000_000, 100), counts.Keys.Order());
        Assert.Equal([1, 2], counts.Values.Distinct().Order());
        Assert.Equal("17.0000", Text((await session.GetAsync("products/1000017")).Json["stock_data"]!, "qty"));
        var image = Assert.Single((await session.GetAsync("products/1000017/images")).Json.AsArray())!;
        Assert.Equal(HttpStatusCode.OK, (await session.Http.GetAsync(new Uri(Text(image, "url")), Cancel)).StatusCode);
        (await session.GetAsync("products/1000100")).IsRefused(HttpStatusCode.NotFound, "Resource not found.");
        (await session.GetAsync("products?category_id=1021")).IsRefused(HttpStatusCode.BadRequest, "Category not found.");
        (await session.GetAsync("products/101")).IsRefused(HttpStatusCode.NotFound, "Resource not found.");
    }

    [Fact]
    public async Task Variants_Generated_NameTheirConfigurableProduct()
    {
        await using var session = await ZoeySession.StartAsync();
        await GenerateAsync(session, new { products = 2, variantsPer = 3 });
        var products = (await session.GetAsync("products?limit=100")).Json.AsObject();
        Assert.Equal(
            ["configurable", "simple<1000000", "simple<1000000", "simple<1000000", "configurable", "simple<1000004", "simple<1000004", "simple<1000004"],
            products.Select(pair => $"{pair.Value!["type_id"]}{(pair.Value["parent_id"] is { } parent ? $"<{parent}" : "")}"));
        Assert.Equal(8, products.Select(pair => Text(pair.Value!, "sku")).Distinct().Count());

        await session.SetAsync(new { parentSku = true });
        Assert.Equal(Text(products["1000004"]!, "sku"), Text((await session.GetAsync("products/1000007")).Json, "parent_id"));
        await session.SetAsync(new { parentId = false });
        Assert.False((await session.GetAsync("products/1000007")).Json.AsObject().ContainsKey("parent_id"));
    }

    [Fact]
    public async Task Product_OfAGeneratedCatalog_CanBeChangedAddedAndDeleted()
    {
        await using var session = await ZoeySession.StartAsync();
        await GenerateAsync(session, new { products = 20, categories = 2 });
        await session.Http.DeleteAsync("/sandbox/store/products/1000003", Cancel);
        await session.Http.PutAsJsonAsync("/sandbox/store/products/1000005", new { name = "Hammer", category_ids = new[] { "1001" } }, Cancel);
        await session.Http.PutAsJsonAsync("/sandbox/store/products/77", new { category_ids = new[] { "1001" } }, Cancel);

        var ids = await session.IdsAsync("products?limit=100&order=entity_id&dir=asc");
        Assert.Equal(["77", .. Ids(1_000_000, 20).Where(id => id != "1000003")], ids);
        var members = await session.IdsAsync("products?limit=100&order=entity_id&dir=asc&category_id=1001");
        Assert.Equal(["77", "1000000"], members.Take(2));
        Assert.Contains("1000005", members);
        Assert.DoesNotContain("1000005", await session.IdsAsync("products?limit=100&category_id=1002"));
        Assert.Equal("Hammer", Text((await session.GetAsync("products/1000005")).Json, "name"));
    }

    [Theory]
    [InlineData("""{"products":-1}""")]
    [InlineData("""{"products":1000001}""")]
    [InlineData("""{"products":100000,"variantsPer":100}""")]
    [InlineData("""{"products":1,"colour":"red"}""")]
    public async Task Catalog_ThatCannotBeGenerated_IsRefused(string body)
    {
        await using var session = await ZoeySession.StartAsync();
        using var answer = await session.Http.PutAsync("/sandbox/store/catalog", new StringContent(body), Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(7, (await session.IdsAsync("products")).Count);
    }

    [Fact]
    public async Task Requests_AreCountedByWhatWasAskedFor()
    {
        await using var session = await ZoeySession.StartAsync();
        await session.GetAsync("products?page=1");
        await session.GetAsync("products?page=2&category_id=3");
        await session.GetAsync("products/101/images");
        await session.GetAsync("products/102/images");
        await session.GetAsync("newsletter/subscribers");
        await session.RefreshAsync("any");

        Assert.Equal(
            """{"newsletter/subscribers":1,"oauth2/token":1,"products":2,"products/{id}/images":2}""",
            await session.Http.GetStringAsync("/sandbox/store/requests/counts", Cancel));
        session.Server.Reset();
        Assert.Equal("{}", await session.Http.GetStringAsync("/sandbox/store/requests/counts", Cancel));
    }

    [Fact]
    public void Requests_OfAnyNumber_TakeNoMoreRoomThanSome()
    {
        var log = new StoreRequestLog();
        for (var i = 0; i < StoreRequestLog.Capacity + 500; i++)
            log.Add(new("GET", $"/api/rest/products/{i}/images", 200, default, null, null, null));
        for (var i = 0; i < StoreRequestLog.MaxPaths + 500; i++)
            log.Add(new("GET", $"/api/rest/guess-{i}", 404, default, null, null, null));

        Assert.Equal(StoreRequestLog.Capacity, log.Requests.Count);
        Assert.Equal((StoreRequestLog.MaxPaths + 1, StoreRequestLog.Capacity + 500, 501), (log.Counts.Count, log.Counts["products/{id}/images"], log.Counts[StoreRequestLog.Others]));
    }

    private static string[] Ids(int first, int count) => [.. Enumerable.Range(first, count).Select(id => $"{id}")];

    private static async Task GenerateAsync(ZoeySession session, object size)
    {
        using var answer = await session.Http.PutAsJsonAsync("/sandbox/store/catalog", size, Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static string Text(JsonNode json, string name) => json[name]!.GetValue<string>();
}
