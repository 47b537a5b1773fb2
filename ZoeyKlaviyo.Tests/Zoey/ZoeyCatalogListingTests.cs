using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Zoey;
using ZoeyKlaviyo.Tests.Fixtures;
using static ZoeyKlaviyo.Tests.Zoey.ZoeyStub;

namespace ZoeyKlaviyo.Tests.Zoey;

public sealed class ZoeyCatalogListingTests : IAsyncLifetime
{
    private CoreHost _host = default!;
    private ZoeyStub _store = default!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => (_host, _store) = await StartAsync(DatabaseProvider.Sqlite, OAuth1);

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData(0, true, 1)]
    [InlineData(1, true, 2)]
    [InlineData(99, false, 2)]
    [InlineData(100, true, 2)]
    [InlineData(101, false, 3)]
    [InlineData(300, true, 4)]
    public async Task Products_AreReadOnceAndToACertainEnd(int total, bool isMap, int requests)
    {
        _store.OnList("products", Products(1, total), isMap);

        Assert.Equal(Ids(1, total), (await ListProductsAsync()).Select(product => product.Id));
        Assert.Equal(requests, _store.Requests.Count);
        Assert.Equal("order=entity_id&dir=asc&limit=100&page=1", _store.Requests.First().Query);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("null")]
    public async Task Products_EmptyPage_IsACertainEnd(string end)
    {
        _store.On("products", request => Json(request.Page < 3 ? $"[{string.Join(',', Products((100 * request.Page) - 99, 100))}]" : end));

        Assert.Equal(Ids(1, 200), (await ListProductsAsync()).Select(product => product.Id));
    }

    [Fact]
    public async Task Products_ASingleOne_IsAListOfOne()
    {
        _store.On("products", _ => Json(Product(7)));

        Assert.Equal("7", Assert.Single(await ListProductsAsync()).Id);
    }

    [Theory]
    [InlineData(500, ZoeyProblem.Unavailable)]
    [InlineData(400, ZoeyProblem.Refused)]
    [InlineData(404, ZoeyProblem.NoSuchEndpoint)]
    [InlineData(200, ZoeyProblem.Unreadable)]
    public async Task Products_ThatBreakOff_ThrowAfterWhatWasThere(int status, ZoeyProblem problem)
    {
        _store.On("products", request => request.Page < 3 ? Json($"[{string.Join(',', Products((100 * request.Page) - 99, 100))}]")
            : status == 200 ? Json("false") : Error(status, "Fatal."));

        var pages = 0;
        var exception = await Assert.ThrowsAsync<ZoeyException>(() => _store.PumpAsync(async (client, store) =>
        {
            await foreach (var page in client.ListProductsAsync(store, Cancel))
                pages++;
            return true;
        }));

        Assert.Equal((problem, 2), (exception.Problem, pages));
    }

    [Fact]
    public async Task Products_OfAStoreThatRefusesTheOrder_AreAskedForWithout()
    {
        _store.On("products", request => request["order"] is null ? Json(Product(7)) : Error(400, "Resource collection ordering error."));

        Assert.Equal("7", Assert.Single(await ListProductsAsync()).Id);
    }

    [Fact]
    public async Task Products_ThatAreRefusedAltogether_AreNoEmptyList()
    {
        _store.On("products", _ => Error(400, "The request data is invalid."));

        Assert.Equal(ZoeyProblem.Refused, (await Assert.ThrowsAsync<ZoeyException>(ListProductsAsync)).Problem);
    }

    [Fact]
    public async Task Products_AllThatIsReadOfThem()
    {
        _store.On("products", _ => Json("""
            {"7":{"entity_id":"7","sku":" TEE ","name":"Tee","type_id":"simple","status":"1","visibility":"4","price":"20.0000","special_price":"15.5000",
                  "special_from_date":"2024-01-02 00:00:00","special_to_date":"2024-02-03","url_key":"tee.html","description":"<p>Soft</p>","short_description":"Tee","parent_id":"5"},
             "8":{"sku":null,"status":2,"visibility":1,"price":3.5,"special_from_date":"0000-00-00 00:00:00","special_to_date":"","description":"","short_description":"Short","parent_id":"8"},
             "9":{"entity_id":9,"status":"0","parent_id":"0"},
             "10":{"entity_id":"10","status":1,"price":"a lot","special_price":"1e99","special_from_date":"soon and later","special_to_date":[],"parent_id":"TEE-PARENT"} }
            """));

        Assert.Equal(
            [
                new ZoeyCatalogProduct("7", "TEE", "Tee", "simple", true, true, 20, 15.5m, new(2024, 1, 2), new(2024, 2, 3), "tee", "<p>Soft</p>", "5"),
                new ZoeyCatalogProduct("8", null, null, null, false, false, 3.5m, null, null, null, null, "Short", null),
                new ZoeyCatalogProduct("9", null, null, null, false, true, null, null, null, null, null, null, null),
                new ZoeyCatalogProduct("10", null, null, null, true, true, null, null, null, null, null, null, "TEE-PARENT"),
            ],
            await ListProductsAsync());
    }

    [Fact]
    public async Task Products_ParentStandsInTheAttributeThatIsSet()
    {
        var settings = OAuth1;
        settings["Zoey:ParentAttribute"] = "parent_sku";
        var (host, store) = await StartAsync(DatabaseProvider.Sqlite, settings);
        await using var _ = host;
        store.On("products/7", _ => Json("""{"entity_id":"7","status":"1","parent_id":"5","parent_sku":"TEE"}"""));

        Assert.Equal("TEE", (await store.PumpAsync((client, id) => client.FindProductAsync(id, "7", Cancel)))?.ParentId);
    }

    [Theory]
    [InlineData("""[{"status":"1"}]""")]
    [InlineData("""["7"]""")]
    public async Task Products_WhatIsNoProduct_IsNotPassedOver(string body)
    {
        _store.On("products", _ => Json(body));

        Assert.Equal(ZoeyProblem.Unreadable, (await Assert.ThrowsAsync<ZoeyException>(ListProductsAsync)).Problem);
    }

    [Fact]
    public async Task Products_AnsweredAsToAGuest_IsAnErrorThatNobodyWaitsOut()
    {
        const string guests = """{"entity_id":"7","sku":"TEE","name":"Tee","final_price_with_tax":20}""";
        _store.On("products", _ => Json($"[{Product(6)},{guests}]")).On("products/7", _ => Json(guests));

        var ofList = await Assert.ThrowsAsync<ZoeyException>(ListProductsAsync);
        var ofOne = await Assert.ThrowsAsync<ZoeyException>(() => FindProductAsync("7"));

        Assert.Equal((ZoeyProblem.Credentials, false), (ofList.Problem, ofList.IsTransient));
        Assert.Contains("as it answers a guest", ofList.Message, StringComparison.Ordinal);
        Assert.Equal((ofList.Problem, ofList.Message), (ofOne.Problem, ofOne.Message));
    }

    [Theory]
    [InlineData("""{"entity_id":"7","status":null}""")]
    [InlineData("""{"entity_id":"7","price":null}""")]
    public async Task Product_WithOneOfTheKeys_IsNoGuests(string body)
    {
        _store.On("products/7", _ => Json(body));

        Assert.Equal("7", (await FindProductAsync("7"))?.Id);
    }

    [Theory]
    [InlineData("""{"entity_id":"7","status":"1","sku":"TEE","stock_data":{"qty":"1"}}""")]
    [InlineData("""{"status":"1","sku":"TEE"}""")]
    [InlineData("""{"7":{"status":"1","sku":"TEE"}}""")]
    [InlineData("""{"7":{"entity_id":7,"status":"1","sku":"TEE"}}""")]
    public async Task Product_InEveryShape(string body)
    {
        _store.On("products/7", _ => Json(body));

        Assert.Equal(("7", "TEE"), (await FindProductAsync("7")) is { } product ? (product.Id, product.Sku) : default);
    }

    [Fact]
    public async Task ProductAndCategory_AreGoneOnlyInTheStoresOwnWords()
    {
        _store.On("products/7", _ => Error(404, "Resource not found.")).On("categories/7", _ => Error(404, "Resource not found."));

        Assert.Null(await FindProductAsync("7"));
        Assert.False(await HasCategoryAsync("7"));
    }

    [Theory]
    [InlineData(404, "Request does not match any route.", ZoeyProblem.NoSuchEndpoint)]
    [InlineData(404, null, ZoeyProblem.NoSuchEndpoint)]
    [InlineData(403, "Access denied", ZoeyProblem.Forbidden)]
    [InlineData(503, null, ZoeyProblem.Unavailable)]
    [InlineData(400, "The request data is invalid.", ZoeyProblem.Refused)]
    public async Task ProductAndCategory_AnyOtherAnswer_Throws(int status, string? message, ZoeyProblem problem)
    {
        _store.On("products/7", _ => message is null ? Html(status) : Error(status, message)).On("categories/7", _ => message is null ? Html(status) : Error(status, message));

        Assert.Equal(problem, (await Assert.ThrowsAsync<ZoeyException>(() => FindProductAsync("7"))).Problem);
        Assert.Equal(problem, (await Assert.ThrowsAsync<ZoeyException>(() => HasCategoryAsync("7"))).Problem);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("false")]
    public async Task ProductAndCategory_AnswerWithoutOne_IsNotThatItIsGone(string body)
    {
        _store.On("products/7", _ => Json(body)).On("categories/7", _ => Json(body));

        Assert.Equal(ZoeyProblem.Unreadable, (await Assert.ThrowsAsync<ZoeyException>(() => FindProductAsync("7"))).Problem);
        Assert.Equal(ZoeyProblem.Unreadable, (await Assert.ThrowsAsync<ZoeyException>(() => HasCategoryAsync("7"))).Problem);
    }

    [Fact]
    public async Task Product_AnotherThanWasAskedFor_IsNotTaken()
    {
        _store.On("products/7", _ => Json(Product(8)));

        Assert.Equal(ZoeyProblem.Unreadable, (await Assert.ThrowsAsync<ZoeyException>(() => FindProductAsync("7"))).Problem);
    }

    [Fact]
    public async Task Stock_IsReadToACertainEnd()
    {
        _store.OnList("stockitems", [.. Enumerable.Range(1, 200).Select(id => Stock(id))], isMap: false);

        var stock = await _store.PumpAsync(async (client, store) => await client.ListStockAsync(store, Cancel).ToListAsync(Cancel));

        Assert.Equal([100, 100], stock.Select(page => page.Count));
        Assert.Equal(Ids(1, 200), stock.SelectMany(page => page).Select(row => row.ProductId));
        Assert.Equal((3, "order=item_id&dir=asc&limit=100&page=1"), (_store.Requests.Count, _store.Requests.First().Query));
    }

    [Theory]
    [InlineData("""{"product_id":"7","qty":"5.5000","is_in_stock":"1","manage_stock":"1","backorders":"0"}""", 5.5, true, true, false)]
    [InlineData("""{"product_id":7,"qty":-2,"is_in_stock":true,"manage_stock":0,"backorders":"1"}""", -2, true, false, true)]
    [InlineData("""{"product_id":"7","qty":"many","is_in_stock":"0","backorders":2}""", 0, false, true, true)]
    [InlineData("""{"product_id":"7","qty":null,"manage_stock":""}""", 0, false, true, false)]
    public async Task Stock_AllThatIsReadOfIt(string row, double quantity, bool isInStock, bool managesStock, bool allowsBackorders)
    {
        _store.On("stockitems", _ => Json($"[{row},{{\"item_id\":\"3\"}}]"));

        var stock = await _store.PumpAsync(async (client, store) => await client.ListStockAsync(store, Cancel).ToListAsync(Cancel));

        Assert.Equal(new ZoeyStock("7", (decimal)quantity, isInStock, managesStock, allowsBackorders), Assert.Single(Assert.Single(stock)));
    }

    [Fact]
    public async Task Stock_ThatNamesNoProduct_IsNoStockOfNothing()
    {
        _store.On("stockitems", _ => Json("""[{"item_id":"3","qty":"1"}]"""));

        var exception = await Assert.ThrowsAsync<ZoeyException>(() => _store.PumpAsync(async (client, store) => await client.ListStockAsync(store, Cancel).ToListAsync(Cancel)));

        Assert.Equal((ZoeyProblem.Forbidden, false), (exception.Problem, exception.IsTransient));
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 4)]
    public async Task StockOfSome_IsAskedForTenAtATime(bool filters, int requests)
    {
        _store.On("stockitems", request =>
        {
            var asked = Enumerable.Range(0, 10).Select(i => request[$"filter[1][in][{i}]"]).ToList();
            return Json($"[{string.Join(',', Enumerable.Range(1, 150).Where(id => !filters || asked.Contains($"{id}")).Skip(100 * (request.Page - 1)).Take(100).Select(id => Stock(id)))}]");
        });

        // The last two of each ten are on the second page, for a store that leaves the filter out.
        var ids = new[] { 1, 2, 3, 4, 5, 6, 7, 8, 109, 110, 11, 112, 999 }.Select(id => $"{id}").ToList();
        var stock = await _store.PumpAsync((client, store) => client.FindStockAsync(store, [.. ids, "1"], Cancel));

        Assert.Equal(ids.SkipLast(1), stock.Select(row => row.ProductId));
        Assert.Equal(requests, _store.Requests.Count);
        Assert.Equal("product_id", _store.Requests.First()["filter[1][attribute]"]);
    }

    [Fact]
    public async Task Categories_AreReadToACertainEnd()
    {
        _store.On("categories", request => request["order"] is not null ? Error(400, "Resource collection ordering error.")
            : Json(request.Page switch { 1 => """["3","4"]""", 2 => """[{"category_id":"5","parent_id":"3","name":"Saws"}]""", _ => "[]" }))
            .On("categories/3", _ => Json("""{"parent_id":"2","name":"Tools"}"""))
            .On("categories/4", _ => Error(404, "Resource not found."));

        Assert.Equal([new ZoeyCategory("3", "2", "Tools"), new ZoeyCategory("5", "3", "Saws")], await ListCategoriesAsync());
    }

    [Theory]
    [InlineData(404, "Request does not match any route.", ZoeyProblem.NoSuchEndpoint)]
    [InlineData(500, "Fatal.", ZoeyProblem.Unavailable)]
    public async Task Categories_OneThatCannotBeReadAlone_Throws(int status, string message, ZoeyProblem problem)
    {
        _store.On("categories", _ => Json("""["3"]""")).On("categories/3", _ => Error(status, message));

        Assert.Equal(problem, (await Assert.ThrowsAsync<ZoeyException>(ListCategoriesAsync)).Problem);
    }

    [Fact]
    public async Task Category_ThatIsThere_IsThere()
    {
        _store.On("categories/7", _ => Json("""{"parent_id":"2","name":"Tools"}"""));

        Assert.True(await HasCategoryAsync("7"));
    }

    [Theory]
    [InlineData(200, "[]", true)]
    [InlineData(200, "{}", true)]
    [InlineData(200, "null", true)]
    [InlineData(400, "Category not found.", true)]
    [InlineData(404, "Resource not found.", true)]
    [InlineData(404, "Category not found.", true)]
    [InlineData(200, """{"7":{"entity_id":"7"}}""", false)]
    public async Task CategoryFilter_IsTriedWithAnIdThatNobodyHas(int status, string answer, bool can)
    {
        _store.On("products", _ => status == 200 ? Json(answer) : Error(status, answer));

        Assert.Equal(can, await CanFilterAsync());
        Assert.Equal("category_id=999999999&limit=1&page=1", Assert.Single(_store.Requests).Query);
    }

    [Theory]
    [InlineData(400, ZoeyProblem.Refused)]
    [InlineData(404, ZoeyProblem.NoSuchEndpoint)]
    [InlineData(403, ZoeyProblem.Blocked)]
    [InlineData(200, ZoeyProblem.Unreadable)]
    public async Task CategoryFilter_AnswerThatIsNotTheStoresOwn_TellsNothing(int status, ZoeyProblem problem)
    {
        _store.On("products", _ => status == 200 ? Json("false") : Html(status));

        Assert.Equal(problem, (await Assert.ThrowsAsync<ZoeyException>(CanFilterAsync)).Problem);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ProductIds_OfACategory_AreReadToACertainEnd(bool areBare)
    {
        _store.OnList("products", [.. Ids(1, 200).Select(id => areBare ? $"\"{id}\"" : $$"""{"entity_id":"{{id}}"}""")], isMap: false);

        var ids = await _store.PumpAsync((client, store) => client.ListProductIdsAsync(store, "3", Cancel));

        Assert.Equal(Ids(1, 200), ids);
        Assert.Equal((3, "category_id=3&attrs=entity_id&order=entity_id&dir=asc&limit=100&page=1"), (_store.Requests.Count, _store.Requests.First().Query));
    }

    [Theory]
    [InlineData(500, "Fatal.", ZoeyProblem.Unavailable)]
    [InlineData(400, "Category not found.", ZoeyProblem.Refused)]
    [InlineData(404, "Resource not found.", ZoeyProblem.NotFound)]
    [InlineData(200, """[{"sku":"TEE"}]""", ZoeyProblem.Unreadable)]
    public async Task ProductIds_ThatCannotBeReadToTheEnd_Throw(int status, string answer, ZoeyProblem problem)
    {
        _store.On("products", request => status == 200 ? Json(answer)
            : status == 500 && request.Page < 3 ? Json($"[{string.Join(',', Products((100 * request.Page) - 99, 100))}]") : Error(status, answer));

        Assert.Equal(
            problem, (await Assert.ThrowsAsync<ZoeyException>(() => _store.PumpAsync((client, store) => client.ListProductIdsAsync(store, "3", Cancel)))).Problem);
    }

    private static string[] Ids(int first, int count) => [.. Enumerable.Range(first, count).Select(id => $"{id}")];

    private static string[] Products(int first, int count) => [.. Enumerable.Range(first, count).Select(Product)];

    private static string Product(int id) => $$"""{"entity_id":"{{id}}","sku":"P-{{id}}","name":"Product {{id}}","type_id":"simple","status":"1","price":"{{id}}.0000"}""";

    private static string Stock(int productId) => $$"""{"item_id":"{{5000 + productId}}","product_id":"{{productId}}","qty":"1.0000","is_in_stock":"1"}""";

    private async Task<List<ZoeyCatalogProduct>> ListProductsAsync() =>
        [.. (await _store.PumpAsync(async (client, store) => await client.ListProductsAsync(store, Cancel).ToListAsync(Cancel))).SelectMany(page => page)];

    private Task<ZoeyCatalogProduct?> FindProductAsync(string id) => _store.PumpAsync((client, store) => client.FindProductAsync(store, id, Cancel));

    private Task<IReadOnlyList<ZoeyCategory>> ListCategoriesAsync() => _store.PumpAsync((client, store) => client.ListCategoriesAsync(store, Cancel));

    private Task<bool> HasCategoryAsync(string id) => _store.PumpAsync((client, store) => client.HasCategoryAsync(store, id, Cancel));

    private Task<bool> CanFilterAsync() => _store.PumpAsync((client, store) => client.CanFilterByCategoryAsync(store, Cancel));
}
