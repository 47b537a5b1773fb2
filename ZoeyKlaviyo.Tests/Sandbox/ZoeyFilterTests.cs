using System.Net;

namespace ZoeyKlaviyo.Tests.Sandbox;

public sealed class ZoeyFilterTests
{
    [Theory]
    [InlineData("[eq]=HAM-16", "101")]
    [InlineData("[eq][0]=HAM-16", "101")]
    [InlineData("[eq]=ham-16", "101")]
    [InlineData("[neq]=HAM-16", "102 103 104 105 106 107")]
    [InlineData("[in][0]=GLV-M&filter[1][in][1]=GLV-L", "105 106")]
    [InlineData("[nin][0]=GLV-M&filter[1][nin][1]=GLV-L", "101 102 103 104 107")]
    [InlineData("[like]=GLV%25", "104 105 106 107")]
    [InlineData("[like]=GLV-_", "105 106")]
    [InlineData("[nlike]=GLV%25", "101 102 103")]
    [InlineData("[notnull]=1", "101 102 103 104 105 106 107")]
    [InlineData("[null]=1", "")]
    [InlineData("[gte]=HAM-16", "101")]
    [InlineData("[neq]=HAM-16&filter[1][eq]=HAM-16", "102 103 104 105 106 107")]
    public async Task Filter_BySku_FindsThese(string condition, string ids) => await FindsAsync("sku", condition, ids);

    [Theory]
    [InlineData("[gt]=24.9", "102 103")]
    [InlineData("[gteq]=24.9", "101 102 103")]
    [InlineData("[lt]=24.90", "104 105 106 107")]
    [InlineData("[lteq]=24.90", "101 104 105 106 107")]
    [InlineData("[from]=20&filter[1][to]=100", "101 102")]
    public async Task Filter_ByPrice_ComparesNumbers(string condition, string ids) => await FindsAsync("price", condition, ids);

    [Theory]
    [InlineData("size", "[neq]=M", "106 107")]
    [InlineData("size", "[null]=1", "101 102 103 104")]
    [InlineData("size", "[finset]=XL", "107")]
    [InlineData("special_price", "[notnull]=1", "102")]
    [InlineData("parent_id", "[eq]=104", "105 106 107")]
    public async Task Filter_ByAttributeThatNotAllHave_LeavesTheOthersOut(string attribute, string condition, string ids) =>
        await FindsAsync(attribute, condition, ids);

    [Fact]
    public async Task Filters_OfSeveralNumbers_AllHold()
    {
        await using var session = await ZoeySession.StartAsync();
        Assert.Equal(["106"], await session.IdsAsync(
            "products?filter[1][attribute]=visibility&filter[1][eq]=1&filter[2][attribute]=sku&filter[2][like]=%25L&filter[3][attribute]=entity_id&filter[3][lt]=107"));
    }

    [Fact]
    public async Task Filter_ByTimeOfOrders_FindsThoseSince()
    {
        await using var session = await ZoeySession.StartAsync();
        session.Place(createdUtc: session.Clock.GetUtcNow().AddDays(-1));
        var second = session.Place();
        Assert.Equal([second.EntityId], await session.IdsAsync("orders?filter[1][attribute]=created_at&filter[1][gteq]=2026-11-23%2017%3A00%3A00"));
    }

    [Theory]
    [InlineData("orders")]
    [InlineData("products")]
    [InlineData("customers")]
    public async Task Filter_ByUpdatedAt_WorksOnlyWhereTheStoreShowsIt(string path)
    {
        var query = path + "?filter[1][attribute]=updated_at&filter[1][gteq]=2020-01-02%2003%3A04%3A05";
        await using var session = await ZoeySession.StartAsync();
        session.Place();
        Assert.DoesNotContain("updated_at", (await session.GetAsync(path)).Text, StringComparison.Ordinal);
        (await session.GetAsync(query)).IsRefused(HttpStatusCode.BadRequest, "Resource collection filtering error.");
        await session.SetAsync(new { updatedAt = true });
        Assert.NotEmpty(await session.IdsAsync(query));
    }

    [Theory]
    [InlineData("filter=sku")]
    [InlineData("filter[1][eq]=HAM-16")]
    [InlineData("filter[1][attribute]=secret&filter[1][eq]=1")]
    public async Task Filter_NotUnderstood_IsRefused(string query)
    {
        await using var session = await ZoeySession.StartAsync();
        (await session.GetAsync("products?" + query)).IsRefused(HttpStatusCode.BadRequest, "Resource collection filtering error.");
    }

    [Fact]
    public async Task Attributes_OfAList_AreThoseAskedFor()
    {
        await using var session = await ZoeySession.StartAsync();
        var answer = await session.GetAsync("products?attrs=sku,name&limit=1");
        Assert.Equal("""{"101":{"sku":"HAM-16","name":"Claw hammer 16 oz"}}""", answer.Text);
    }

    private static async Task FindsAsync(string attribute, string condition, string ids)
    {
        await using var session = await ZoeySession.StartAsync();
        Assert.Equal(
            ids.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            await session.IdsAsync($"products?filter[1][attribute]={attribute}&filter[1]{condition}"));
    }
}
