using System.Globalization;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Zoey;
using ZoeyKlaviyo.Tests.Fixtures;
using static ZoeyKlaviyo.Tests.Zoey.ZoeyStub;

namespace ZoeyKlaviyo.Tests.Zoey;

public sealed class ZoeySubscriberListingTests : IAsyncLifetime
{
    private const string Path = "newsletter/subscribers";
    private static readonly DateTimeOffset s_from = new(2024, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private CoreHost _host = default!;
    private ZoeyStub _store = default!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => (_host, _store) = await StartAsync(DatabaseProvider.Sqlite, OAuth1);

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData(0, true, 1)]
    [InlineData(1, true, 2)]
    [InlineData(99, true, 2)]
    [InlineData(100, true, 2)]
    [InlineData(100, false, 2)]
    [InlineData(101, true, 3)]
    [InlineData(101, false, 3)]
    [InlineData(300, true, 4)]
    public async Task List_IsReadOnceAndToACertainEnd(int total, bool isMap, int requests)
    {
        _store.OnList(Path, Rows(Enumerable.Range(1, total)), isMap);

        var pages = await ListAsync();

        Assert.Equal(Ids(Enumerable.Range(1, total)), IdsOf(pages));
        Assert.Equal(requests, _store.Requests.Count);
        Assert.Equal([.. Enumerable.Repeat(false, pages.Count - 1), true], pages.Select(page => page.EndsList));
        Assert.StartsWith("order=subscriber_id&dir=asc&limit=100&page=1", _store.Requests.First().Query, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("null")]
    public async Task List_EmptyInAnyForm_IsACertainEnd(string body)
    {
        _store.On(Path, _ => Json(body));

        Assert.True(Assert.Single(await ListAsync()).EndsList);
    }

    [Theory]
    [InlineData("false")]
    [InlineData("\"busy\"")]
    [InlineData("17")]
    public async Task List_AnswerThatIsNoList_IsNoEnd(string body)
    {
        _store.On(Path, request => request.Page == 1 ? Json($"[{string.Join(',', Rows(Enumerable.Range(1, 100)))}]") : Json(body));

        Assert.Equal(ZoeyProblem.Unreadable, (await FailAsync()).Problem);
    }

    [Theory]
    [InlineData(new[] { 40, 100, 7, 100 })]
    [InlineData(new[] { 1, 1, 1 })]
    public async Task List_GoesOnAfterAShortPage(int[] sizes)
    {
        var ids = Enumerable.Range(1, sizes.Sum()).ToList();
        _store.On(Path, request => Json($"[{string.Join(',', Rows(ids.Skip(sizes.Take(request.Page - 1).Sum()).Take(sizes.ElementAtOrDefault(request.Page - 1))))}]"));

        Assert.Equal(Ids(ids), IdsOf(await ListAsync()));
    }

    [Fact]
    public async Task List_ThatBreaksOff_ThrowsAfterWhatWasThere()
    {
        _store.On(Path, request => request.Page == 3 ? Error(500, "Fatal.") : Json($"[{string.Join(',', Rows(Enumerable.Range((100 * request.Page) - 99, 100)))}]"));

        var pages = new List<ZoeySubscriberPage>();
        var exception = await Assert.ThrowsAsync<ZoeyException>(() => _store.PumpAsync(async (client, store) =>
        {
            await foreach (var page in client.ListSubscribersAsync(store, Cancel))
                pages.Add(page);
            return true;
        }));

        Assert.Equal((ZoeyProblem.Unavailable, 2, false), (exception.Problem, pages.Count, pages.Any(page => page.EndsList)));
    }

    [Theory]
    [InlineData("newest first")]
    [InlineData("in disorder")]
    [InlineData("disorder late")]
    public async Task List_OfAStoreThatIgnoresTheOrder_IsStillReadOnceToItsEnd(string order)
    {
        var ids = Enumerable.Range(1, 350).ToList();
        ids = order switch
        {
            "newest first" => [.. Enumerable.Reverse(ids)],
            "in disorder" => [.. ids.OrderBy(id => id * 7919 % 997)],
            _ => [.. ids.Skip(100).Take(200), .. ids.Take(100), .. ids.Skip(300)],
        };
        _store.OnList(Path, Rows(ids));

        Assert.Equal(Ids(ids), IdsOf(await ListAsync()));
        Assert.Equal(5, _store.Requests.Count);
    }

    [Fact]
    public async Task List_RowsThatComeTwice_AreReadOnce()
    {
        // A row is deleted or added meanwhile, so that each page begins with the end of the one before.
        _store.On(Path, request => Json($"[{string.Join(',', Rows(Enumerable.Range((90 * request.Page) - 89, 100).Where(id => id <= 400)))}]"));

        Assert.Equal(Ids(Enumerable.Range(1, 400)), IdsOf(await ListAsync()));
    }

    [Fact]
    public async Task List_WithoutIds_IsReadOnce()
    {
        _store.On(Path, request => Json($"[{string.Join(',', Enumerable.Range(1, 150).Chunk(100).ElementAt(Math.Min(request.Page, 2) - 1)
            .Select(id => $$"""{"subscriber_email":"jo{{id}}@shop.test","subscriber_status":"1"}"""))}]"));

        var subscribers = (await ListAsync()).SelectMany(page => page.Subscribers).ToList();

        Assert.Equal(Enumerable.Range(1, 150).Select(id => ((long?)null, $"jo{id}@shop.test")), subscribers.Select(subscriber => (subscriber.Id, subscriber.Email)));
    }

    [Fact]
    public async Task List_OfAStoreThatRefusesTheOrder_IsAskedForWithout()
    {
        _store.On(Path, request => request["order"] is not null ? Error(400, "Resource collection ordering error.") : request.Page == 1 ? Json($"[{Row(7)}]") : Json("[]"));

        Assert.Equal([7], IdsOf(await ListAsync()));
    }

    [Fact]
    public async Task List_ThatIsRefusedAltogether_IsNoEmptyList()
    {
        _store.On(Path, _ => Error(400, "The request data is invalid."));

        Assert.Equal(ZoeyProblem.Refused, (await FailAsync()).Problem);
    }

    [Theory]
    [InlineData(404, "Request does not match any route.")]
    [InlineData(404, "Resource not found.")]
    [InlineData(405, "Resource does not support method.")]
    public async Task List_StoreHasNone_SaysWhatToDo(int status, string message)
    {
        _store.On(Path, _ => Error(status, message));

        var exception = await FailAsync();

        Assert.Equal(ZoeyProblem.NoSuchEndpoint, exception.Problem);
        Assert.Equal(
            "The store has no resource for reading subscribers at \"newsletter/subscribers\". If it is elsewhere, change Zoey:Endpoints; else this store does not "
            + "offer it. Upload a CSV export or push them to the feed instead.",
            exception.Message);
    }

    [Fact]
    public async Task List_RowsThatCannotBeRead_AreTold()
    {
        _store.On(Path, request => Json(request.Page > 1 ? "[]" : $$"""
            {"1":{{Row(1)}},
             "2":{"subscriber_id":"2","subscriber_status":"1","subscriber_confirm_code":"secret"},
             "3":{"subscriber_email":"jo@shop.test","subscriber_status":"9","subscriber_confirm_code":"secret"},
             "4":"x",
             "five":{"subscriber_status":"1","subscriber_confirm_code":"secret"},
             "6":{"subscriber_email":" Jo@Shop.Test ","subscriber_status":3,"change_status_at":[]} }
            """));

        var pages = await ListAsync();

        Assert.Equal([1, 6], IdsOf(pages));
        Assert.Equal(("Jo@Shop.Test", ZoeySubscriberStatus.Unsubscribed), (pages[0].Subscribers[1].Email, pages[0].Subscribers[1].Status));
        Assert.Equal(["2", "3", "4", "a row without an id"], pages[0].Unreadable.Select(row => row.Id));
        Assert.Contains("subscriber_email is missing", pages[0].Unreadable[0].Reason, StringComparison.Ordinal);
        Assert.Contains("none of those", pages[0].Unreadable[1].Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", string.Concat(pages[0].Unreadable), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(250L, 200)]
    [InlineData(350L, 100)]
    [InlineData(null, 100)]
    [InlineData(0L, 350)]
    public async Task Newest_AreReadBackToThoseThatAreKnown(long? knownId, int expected)
    {
        _store.OnList(Path, Rows(Enumerable.Range(1, 350).Reverse()));

        var pages = await NewestAsync(null, knownId);

        Assert.Equal(Ids(Enumerable.Range(351 - expected, expected).Reverse()), IdsOf(pages));
        Assert.All(pages, page => Assert.Equal(ZoeySubscriberGap.None, page.Gap));
        Assert.All(_store.Requests, request => Assert.Equal(("subscriber_id", "desc"), (request["order"], request["dir"])));
    }

    [Fact]
    public async Task Newest_MoreThanIsReadAtOnce_IsTold()
    {
        _store.On(Path, request => Json($"[{string.Join(',', Rows(Enumerable.Range(0, 100).Select(i => 100_000 - (100 * request.Page) - i)))}]"));

        var pages = await NewestAsync(null, 1);

        Assert.Equal((ZoeySubscriberListing.MaxPages, ZoeySubscriberGap.TooMany), (_store.Requests.Count, pages[^1].Gap));
    }

    [Fact]
    public async Task Newest_OfAStoreThatIgnoresTheOrder_IsTold()
    {
        _store.OnList(Path, Rows(Enumerable.Range(1, 350)));

        var pages = await NewestAsync(null, 340);

        Assert.Equal((ZoeySubscriberGap.Newest, 1), (pages[^1].Gap, _store.Requests.Count));
    }

    [Fact]
    public async Task Changes_AreAskedForByTheirTime()
    {
        _store.On(Path, request => Json(request["filter[1][attribute]"] is null ? $"[{Row(9)}]" : $"[{Row(2, 3, "2024-01-02 03:04:05")}]"));

        var pages = await NewestAsync(s_from.AddMilliseconds(700), 8);

        Assert.Equal([(9, ZoeySubscriberStatus.Subscribed), (2, ZoeySubscriberStatus.Unsubscribed)], pages.SelectMany(page => page.Subscribers).Select(row => ((int)row.Id!, row.Status)));
        Assert.StartsWith(
            "filter%5B1%5D%5Battribute%5D=change_status_at&filter%5B1%5D%5Bgteq%5D=2024-01-02%2003%3A04%3A05&order=subscriber_id&dir=asc&limit=100&page=1",
            _store.Requests.Last().Query,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Changes_StoreCannotFilter_IsToldBesideTheNewest(bool says)
    {
        // Where it does not say so, it leaves the filter out and answers with the whole list.
        _store.On(Path, request => request["filter[1][attribute]"] is null ? Json($"[{Row(9)}]")
            : says ? Error(400, "Resource collection filtering error.") : Json($"[{string.Join(',', Rows(Enumerable.Range(1, 100)))}]"));

        var pages = await NewestAsync(s_from, 8);

        Assert.Equal([9], IdsOf(pages));
        Assert.Equal(ZoeySubscriberGap.Changes, pages[^1].Gap);
    }

    [Theory]
    [InlineData("null", null)]
    [InlineData("\"0000-00-00 00:00:00\"", null)]
    [InlineData("\"\"", null)]
    [InlineData("\"2024-01-02 03:04:05\"", "2024-01-02T08:04:05Z")]
    [InlineData("\"2024-01-02T03:04:05+02:00\"", "2024-01-02T01:04:05Z")]
    [InlineData("\"2990-01-02 03:04:05\"", "2990-01-02T08:04:05Z")]
    public async Task Dates_AreReadInTheStoresZone(string date, string? expected)
    {
        var settings = OAuth1;
        settings["Zoey:TimeZone"] = "America/New_York";
        var (host, store) = await StartAsync(DatabaseProvider.Sqlite, settings);
        await using var _ = host;
        store.On(Path, request => Json(request.Page > 1 ? "[]" : $$"""[{"subscriber_id":1,"subscriber_email":"a@shop.test","subscriber_status":1,"change_status_at":{{date}}}]"""));

        var pages = await store.PumpAsync(async (client, id) => await client.ListSubscribersAsync(id, Cancel).ToListAsync(Cancel));

        Assert.Equal(expected is null ? null : DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture), Assert.Single(pages[0].Subscribers).ChangedUtc);
    }

    private static List<string> Rows(IEnumerable<int> ids) => [.. ids.Select(id => Row(id))];

    private static string Row(int id, int status = 1, string? changed = null) =>
        $$"""{"subscriber_id":"{{id}}","subscriber_email":"jo{{id}}@shop.test","subscriber_status":"{{status}}","change_status_at":{{(changed is null ? "null" : $"\"{changed}\"")}}}""";

    private static IEnumerable<long> Ids(IEnumerable<int> ids) => ids.Select(id => (long)id);

    private static IEnumerable<long> IdsOf(List<ZoeySubscriberPage> pages) => pages.SelectMany(page => page.Subscribers).Select(subscriber => subscriber.Id!.Value);

    private Task<List<ZoeySubscriberPage>> ListAsync() =>
        _store.PumpAsync(async (client, store) => await client.ListSubscribersAsync(store, Cancel).ToListAsync(Cancel));

    private Task<List<ZoeySubscriberPage>> NewestAsync(DateTimeOffset? from, long? knownId) =>
        _store.PumpAsync(async (client, store) => await client.ListNewestSubscribersAsync(store, from, knownId, Cancel).ToListAsync(Cancel));

    private async Task<ZoeyException> FailAsync() => await Assert.ThrowsAsync<ZoeyException>(ListAsync);
}
