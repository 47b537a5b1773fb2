using System.Net;

namespace ZoeyKlaviyo.Tests.Sandbox;

public sealed class ZoeyPagingTests
{
    [Fact]
    public async Task Page_WithoutALimit_HasTen()
    {
        await using var session = await ZoeySession.StartAsync();
        Place(session, 12);
        Assert.Equal(Enumerable.Range(123, 10).Select(id => $"{id}"), await session.IdsAsync("orders"));
        Assert.Equal(["133", "134"], await session.IdsAsync("orders?page=2"));
    }

    [Theory]
    [InlineData(6)]
    [InlineData(5)]
    public async Task PagePastTheEnd_Always_RepeatsTheLastOne(int total)
    {
        await using var session = await ZoeySession.StartAsync();
        Place(session, total);
        var last = await session.IdsAsync("orders?limit=3&page=2");
        Assert.Equal(total - 3, last.Count);
        Assert.Equal(last, await session.IdsAsync("orders?limit=3&page=3"));
        Assert.Equal(last, await session.IdsAsync("orders?limit=3&page=99"));
    }

    [Fact]
    public async Task PagePastTheEnd_WhereItDoesNotRepeat_IsEmpty()
    {
        await using var session = await ZoeySession.StartAsync();
        Place(session, 6);
        await session.SetAsync(new { pastEndRepeats = false });
        Assert.Equal("[]", (await session.GetAsync("orders?limit=3&page=3")).Text);
        Assert.Equal("[]", (await session.GetAsync("stockitems?limit=100&page=2")).Text);
    }

    [Theory]
    [InlineData("orders")]
    [InlineData("orders?page=4")]
    [InlineData("products?filter[1][attribute]=sku&filter[1][eq]=none")]
    public async Task EmptyMap_Always_IsAnArray(string path)
    {
        await using var session = await ZoeySession.StartAsync();
        Assert.Equal("[]", (await session.GetAsync(path)).Text);
    }

    [Theory]
    [InlineData("limit=101", "The paging limit exceeds the allowed number.")]
    [InlineData("limit=0", "Resource collection paging error.")]
    [InlineData("page=first", "Resource collection paging error.")]
    public async Task WrongPage_Always_IsRefused(string query, string message)
    {
        await using var session = await ZoeySession.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await session.GetAsync("orders?limit=100")).Status);
        (await session.GetAsync("orders?" + query)).IsRefused(HttpStatusCode.BadRequest, message);
    }

    [Theory]
    [InlineData("order=entity_id&dir=asc", "101 102 103 104 105 106 107")]
    [InlineData("order=entity_id", "107 106 105 104 103 102 101")]
    [InlineData("order=price&dir=asc", "104 105 106 107 101 102 103")]
    [InlineData("filter[9][attribute]=entity_id&filter[9][gt]=103&order=entity_id&dir=asc&limit=2", "104 105")]
    public async Task Order_WithAndWithoutADirection_Holds(string query, string ids)
    {
        await using var session = await ZoeySession.StartAsync();
        Assert.Equal(ids.Split(' '), await session.IdsAsync("products?" + query));
    }

    [Fact]
    public async Task Order_ByAnUnknownAttribute_IsRefused()
    {
        await using var session = await ZoeySession.StartAsync();
        (await session.GetAsync("products?order=updated_at")).IsRefused(HttpStatusCode.BadRequest, "Resource collection ordering error.");
    }

    private static void Place(ZoeySession session, int count)
    {
        for (var i = 0; i < count; i++)
            session.Place();
    }
}
