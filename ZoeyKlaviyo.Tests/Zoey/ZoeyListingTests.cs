using System.Globalization;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Zoey;
using ZoeyKlaviyo.Tests.Fixtures;
using static ZoeyKlaviyo.Tests.Zoey.ZoeyStub;

namespace ZoeyKlaviyo.Tests.Zoey;

public sealed class ZoeyListingTests : IAsyncLifetime
{
    private static readonly DateTimeOffset s_from = new(2024, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private CoreHost _host = default!;
    private ZoeyStub _store = default!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => (_host, _store) = await StartAsync(DatabaseProvider.Sqlite, OAuth1);

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(9, 1)]
    [InlineData(10, 2)]
    [InlineData(99, 2)]
    [InlineData(100, 2)]
    [InlineData(101, 2)]
    [InlineData(200, 3)]
    public async Task List_IsReadToItsEndOnce(int total, int requests)
    {
        _store.OnList("orders", [.. Enumerable.Range(1, total).Select(id => Order(id, s_from.AddSeconds(id)))]);

        var orders = (await _store.ListOrdersAsync(s_from)).SelectMany(page => page).ToList();

        Assert.Equal(Enumerable.Range(1, total).Select(id => id.ToString(CultureInfo.InvariantCulture)), orders.Select(order => order.EntityId));
        Assert.Equal(requests, _store.Requests.Count);
    }

    [Fact]
    public async Task List_AsksWithTheStoresOwnEncoding()
    {
        _store.OnList("orders", []);

        await _store.ListOrdersAsync(s_from);

        Assert.Equal(
            "filter%5B1%5D%5Battribute%5D=created_at&filter%5B1%5D%5Bgteq%5D=2024-01-02%2003%3A04%3A05&order=entity_id&dir=asc&limit=100&page=1",
            Assert.Single(_store.Requests).Query);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("null")]
    public async Task List_EmptyInAnyForm_HasNothing(string body)
    {
        _store.On("orders", _ => Json(body));

        Assert.Empty(await _store.ListOrdersAsync(s_from));
    }

    [Fact]
    public async Task List_WithALowerMaximum_AsksForHalf()
    {
        var orders = Enumerable.Range(1, 60).Select(id => Order(id, s_from)).ToList();
        _store.On("orders", request => request["limit"] == "100"
            ? Error(400, "The paging limit exceeds the allowed number.")
            : Json($"[{string.Join(',', orders.Skip(50 * (request.Page - 1)).Take(50))}]"));

        Assert.Equal(60, (await _store.ListOrdersAsync(s_from)).Sum(page => page.Count));
    }

    [Theory]
    [InlineData(50, 50)]
    [InlineData(50, 99)]
    [InlineData(10, 10)]
    [InlineData(10, 35)]
    public async Task List_OfAStoreThatGivesFewerThanAskedFor_IsReadToItsEnd(int most, int total)
    {
        var orders = Enumerable.Range(1, total).Select(id => Order(id, s_from)).ToList();
        _store.On("orders", request => Json($"[{string.Join(',', orders.Skip(most * (request.Page - 1)).Take(most))}]"));

        Assert.Equal(total, (await _store.ListOrdersAsync(s_from)).Sum(page => page.Count));
    }

    [Fact]
    public async Task List_OrdersOfOneSecondAtAPagesBorder_AreAllThere()
    {
        // Of equal times each page has an order of its own, as a database may choose it.
        var ids = Enumerable.Range(1, 150).ToList();
        var reversed = Enumerable.Reverse(ids).ToList();
        _store.On("orders", request => Json(
            $"[{string.Join(',', (request["order"] == "created_at" && request.Page > 1 ? reversed : ids).Skip(100 * (request.Page - 1)).Take(100).Select(id => Order(id, s_from)))}]"));

        Assert.Equal(ids.Select(id => $"{id}"), (await _store.ListOrdersAsync(s_from)).SelectMany(page => page).Select(order => order.EntityId));
    }

    [Fact]
    public async Task List_OneOrderIsBeyondAllBounds_TheOthersAreThereAndItIsTold()
    {
        _store.On("orders", _ => Json($$"""
            {"1":{{Order(1, s_from)}},
             "2":{"entity_id":"2","increment_id":"2","created_at":"2024-01-03","grand_total":1,"order_items":[{"item_id":1,"price":7e28,"qty_ordered":2} ] },
             "3":{"entity_id":"3","increment_id":"3","created_at":"9999-12-31 23:59:59","grand_total":1},
             "\ud800":{{Order(4, s_from)}},
             "5":{"entity_id":"5","increment_i\ud800":"5"} }
            """));

        var page = Assert.Single(await _store.ListOrdersAsync(s_from));

        Assert.Equal(["1", "4"], page.Select(order => order.EntityId));
        Assert.Equal(["2", "3", "5"], page.Unreadable.Select(order => order.Id));
    }

    [Fact]
    public async Task List_WhateverTheFilterLetsThrough_HasNoOlderOrders()
    {
        _store.OnList("orders", [Order(1, s_from.AddSeconds(-1)), Order(2, s_from), Order(3, s_from.AddDays(1))]);

        Assert.Equal(["2", "3"], (await _store.ListOrdersAsync(s_from.AddMilliseconds(600))).SelectMany(page => page).Select(order => order.EntityId));
    }

    [Fact]
    public async Task List_StoreCannotFilter_IsReadBackwardsAndToldForwards()
    {
        var newestFirst = Enumerable.Range(1, 350).Reverse().Select(id => Order(id, s_from.AddMinutes(id - 120))).ToList();
        _store.On("orders", request => request["filter[1][attribute]"] == "created_at"
            ? Error(400, "Resource collection filtering error.")
            : Json($"[{string.Join(',', newestFirst.Skip(100 * (request.Page - 1)).Take(100))}]"));

        var orders = (await _store.ListOrdersAsync(s_from)).SelectMany(page => page).ToList();

        Assert.Equal(Enumerable.Range(120, 231).Select(id => id.ToString(CultureInfo.InvariantCulture)), orders.Select(order => order.EntityId));
        Assert.All(_store.Requests.Skip(1), request => Assert.Equal(("entity_id", "desc"), (request["order"], request["dir"])));
    }

    [Fact]
    public async Task List_OneOrderCannotBeRead_TheOthersAreThereAndItIsTold()
    {
        _store.On("orders", _ => Json($$"""{"1":{{Order(1, s_from)}},"2":{"entity_id":"2","created_at":"2024-01-03 00:00:00","grand_total":"12,50"},"3":{{Order(3, s_from)}},"4":"x"}"""));

        var page = Assert.Single(await _store.ListOrdersAsync(s_from));

        Assert.Equal(["1", "3"], page.Select(order => order.EntityId));
        Assert.Equal(["2", "4"], page.Unreadable.Select(order => order.Id));
        Assert.Contains("increment_id is missing", page.Unreadable[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_OfAStoreInAnotherTimeZone_IsAskedAndReadInIts()
    {
        var settings = OAuth1;
        settings["Zoey:TimeZone"] = "America/New_York";
        var (host, store) = await StartAsync(DatabaseProvider.Sqlite, settings);
        await using var _ = host;
        store.On("orders", _ => Json("""[{"entity_id":1,"increment_id":"1","created_at":"2024-01-01 22:04:05","grand_total":1},{"entity_id":2,"increment_id":"2","created_at":"2024-01-01 22:04:04","grand_total":1}]"""));

        var order = Assert.Single((await store.ListOrdersAsync(s_from)).SelectMany(page => page));

        Assert.Equal(("1", s_from), (order.EntityId, order.CreatedUtc));
        // Two hours more than asked for, as an hour comes twice in autumn.
        Assert.Equal("2024-01-01 20:04:05", store.Requests.Single()["filter[1][gteq]"]);
    }

    [Fact]
    public async Task FindOrders_AsksForTenAtOnce()
    {
        _store.On("orders", request => Json($"[{string.Join(',', Enumerable.Range(0, 10).Select(i => request[$"filter[1][in][{i}]"]).OfType<string>().Where(id => id != "3")
            .Select(id => Order(int.Parse(id, CultureInfo.InvariantCulture), s_from)))}]"));

        var page = await _store.PumpAsync((client, store) => client.FindOrdersAsync(store, [.. Enumerable.Range(1, 12).Select(id => $"{id}")], Cancel));

        Assert.Equal(Enumerable.Range(1, 12).Where(id => id != 3).Select(id => $"{id}"), page.Select(order => order.EntityId));
        Assert.Equal(2, _store.Requests.Count);
        Assert.StartsWith(
            "filter%5B1%5D%5Battribute%5D=entity_id&filter%5B1%5D%5Bin%5D%5B0%5D=11&filter%5B1%5D%5Bin%5D%5B1%5D=12&order=entity_id&dir=asc", _store.Requests.Last().Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindOrders_StoreCannotFilter_ReadsEachAlone()
    {
        _store.On("orders", _ => Error(400, "Resource collection filtering error."))
            .On("orders/1", _ => Json(Order(1, s_from)))
            .On("orders/2", _ => Error(404, "Resource not found."))
            .On("orders/3", _ => Json("""{"increment_id":"3"}"""));

        var page = await _store.PumpAsync((client, store) => client.FindOrdersAsync(store, ["1", "2", "3"], Cancel));

        Assert.Equal("1", Assert.Single(page).EntityId);
        Assert.Equal("3", Assert.Single(page.Unreadable).Id);
    }

    [Fact]
    public async Task FindOrders_OneOfThemBreaksTheStore_TheOthersAreThere()
    {
        _store.On("orders", request => request["filter[1][in][0]"] == "1"
            ? Error(500, "Fatal.")
            : Json($"[{string.Join(',', Enumerable.Range(11, 10).Select(id => Order(id, s_from)))}]"));
        foreach (var id in Enumerable.Range(1, 10))
            _store.On($"orders/{id}", _ => id == 4 ? Error(500, "Fatal.") : id == 5 ? Json("""{"increment_id":"5"}""") : Json(Order(id, s_from)));

        var page = await _store.PumpAsync((client, store) => client.FindOrdersAsync(store, [.. Enumerable.Range(1, 20).Select(id => $"{id}")], Cancel));

        Assert.Equal(Enumerable.Range(1, 20).Except([4, 5]).Select(id => $"{id}").Order(), page.Select(order => order.EntityId!).Order());
        Assert.Equal("5", Assert.Single(page.Unreadable).Id);
        // Ten that were asked for are all there are.
        Assert.Single(_store.Requests, request => request["filter[1][in][0]"] == "11");
    }

    [Theory]
    [InlineData(401, ZoeyProblem.Credentials)]
    [InlineData(0, ZoeyProblem.Unavailable)]
    [InlineData(503, ZoeyProblem.Unavailable)]
    public async Task FindOrders_StoreGivesNothing_IsSaid(int status, ZoeyProblem problem)
    {
        HttpResponseMessage Fail(SeenStoreRequest _) => status == 0 ? throw new HttpRequestException("reset") : Error(status, "No.");
        _store.On("orders", Fail);
        foreach (var id in Enumerable.Range(1, 20))
            _store.On($"orders/{id}", Fail);

        var exception = await Assert.ThrowsAsync<ZoeyException>(() =>
            _store.PumpAsync((client, store) => client.FindOrdersAsync(store, [.. Enumerable.Range(1, 20).Select(id => $"{id}")], Cancel)));

        Assert.Equal(problem, exception.Problem);
        // Two at once and three alone, with four tries each.
        Assert.InRange(_store.Requests.Count, 1, 20);
    }

    [Fact]
    public async Task FindOrder_WithLinesBeyondAllBounds_IsUnreadable()
    {
        _store.On("orders/1", _ => Json("""{"increment_id":"100","created_at":"2024-01-02 03:04:05","grand_total":"5.0000"}"""))
            .On("orders/1/items", _ => Json("""[{"item_id":"9","qty_ordered":2,"price":7e28}]"""));

        var exception = await Assert.ThrowsAsync<ZoeyException>(() => _store.PumpAsync((client, store) => client.FindOrderAsync(store, "1", Cancel)));

        Assert.Equal(ZoeyProblem.Unreadable, exception.Problem);
    }

    [Fact]
    public async Task FindOrder_WithoutItsLines_AsksForThem()
    {
        _store.On("orders/1", _ => Json("""{"increment_id":"100","created_at":"2024-01-02 03:04:05","grand_total":"5.0000","order_items":[]}"""))
            .On("orders/1/items", _ => Json("""[{"item_id":"9","sku":"MUG","qty_ordered":"1.0000","price":"5.0000","row_total":"5.0000"}]"""))
            .On("orders/2", _ => Error(404, "Resource not found."));

        var order = await _store.PumpAsync((client, store) => client.FindOrderAsync(store, "1", Cancel));

        Assert.Equal(("1", "MUG"), (order!.EntityId, Assert.Single(order.Lines!).Sku));
        Assert.Null(await _store.PumpAsync((client, store) => client.FindOrderAsync(store, "2", Cancel)));
    }

    [Fact]
    public async Task FindProducts_ByIdAndBySku()
    {
        _store.On("products", _ => Json("""
            {"101":{"entity_id":"101","type_id":"configurable","sku":"TEE","name":"Tee","url_key":"tee.html","manufacturer":"57"},
             "102":{"sku":"tee-red-m","type_id":"simple","name":"Tee red M","parent_id":"101","brand":"Acme","stock_data":[]}}
            """));

        var byId = await _store.PumpAsync((client, store) => client.FindProductsAsync(store, ["101", "102", "103"], Cancel));
        var bySku = await _store.PumpAsync((client, store) => client.FindProductsBySkuAsync(store, ["TEE-RED-M"], Cancel));

        Assert.Equal([new ZoeyProduct("101", "TEE", "Tee", "configurable", null, "tee", null), new ZoeyProduct("102", "tee-red-m", "Tee red M", "simple", "101", null, "Acme")], byId);
        Assert.Equal("102", Assert.Single(bySku).Id);
        Assert.Equal(("sku", "TEE-RED-M"), (_store.Requests.Last()["filter[1][attribute]"], _store.Requests.Last()["filter[1][in][0]"]));
    }

    [Theory]
    [InlineData("""[{"category_id":"1","parent_id":"0","name":"Root"},{"category_id":"15","parent_id":"1","name":"Shirts"}]""")]
    [InlineData("""{"1":{"parent_id":"0","name":"Root"},"15":{"parent_id":"1","name":"Shirts"}}""")]
    [InlineData("""{"category_id":1,"parent_id":null,"name":"Root","children":[{"category_id":15,"name":"Shirts","children":[]}]}""")]
    [InlineData("""["1","15"]""")]
    [InlineData("""[1,15]""")]
    [InlineData("""[{"category_id":"1"},{"category_id":"15"}]""")]
    public async Task Categories_InEveryListShape(string body)
    {
        _store.On("categories", _ => Json(body))
            .On("categories/1", _ => Json("""{"parent_id":"0","name":"Root"}"""))
            .On("categories/15", _ => Json("""{"parent_id":"1","name":"Shirts"}"""));

        var categories = await _store.PumpAsync((client, store) => client.ReadCategoriesAsync(store, Cancel));

        Assert.Equal([new ZoeyCategory("1", null, "Root"), new ZoeyCategory("15", "1", "Shirts")], categories);
    }

    [Theory]
    [InlineData("""[{"id":1,"url":"https://i/1.jpg","types":["thumbnail"]},{"id":2,"url":"https://i/2.jpg","types":["image","thumbnail"]}]""", "https://i/2.jpg")]
    [InlineData("""[{"id":1,"url":"https://i/1.jpg","types":["image"],"exclude":"1"}]""", null)]
    [InlineData("""{"5":{"url":"https://i/5.jpg","position":"2"},"6":{"url":"https://i/6.jpg","position":"1"}}""", "https://i/6.jpg")]
    [InlineData("[]", null)]
    public async Task Image_IsTheMainOneThatIsNotHidden(string body, string? expected)
    {
        _store.On("products/7/images", _ => Json(body));

        Assert.Equal(expected, await _store.PumpAsync((client, store) => client.FindImageAsync(store, "7", Cancel)));
    }

    private static string Order(int id, DateTimeOffset created) =>
        $$"""{"entity_id":"{{id}}","increment_id":"1{{id:00000}}","status":"processing","created_at":"{{created:yyyy-MM-dd HH:mm:ss}}","grand_total":"5.0000","order_items":[{"item_id":"{{id}}","sku":"MUG","price":"5","row_total":"5","qty_ordered":"1"}]}""";
}
