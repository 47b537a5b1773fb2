using System.Net;
using static ZoeyKlaviyo.Tests.Sandbox.CatalogBodies;
using static ZoeyKlaviyo.Tests.Sandbox.CatalogSession;
using static ZoeyKlaviyo.Tests.Sandbox.ConsentSession;

namespace ZoeyKlaviyo.Tests.Sandbox;

public sealed class CatalogReadTests
{
    [Theory]
    [InlineData("items", "any(ids,[\"$custom:::$default:::8\",\"$custom:::$default:::7\",\"$custom:::$default:::none\"])", "7 8")]
    [InlineData("items", "equals(category.id,\"$custom:::$default:::c2\")", "8")]
    [InlineData("items", "equals(category.id,\"$custom:::$default:::none\")", "")]
    [InlineData("items", "contains(title,\"red\")", "7")]
    [InlineData("items", "equals(published,false)", "8")]
    [InlineData("items", "and(any(ids,[\"$custom:::$default:::7\",\"$custom:::$default:::8\"]),equals(published,true))", "7")]
    [InlineData("variants", "any(ids,[\"$custom:::$default:::v2\"])", "v2")]
    [InlineData("variants", "equals(item.id,\"$custom:::$default:::7\")", "v1 v2")]
    [InlineData("variants", "equals(item.id,\"7\")", "")]
    [InlineData("variants", "equals(sku,\"SKU-v8\")", "v8")]
    [InlineData("categories", "any(ids,[\"$custom:::$default:::c1\"])", "c1")]
    [InlineData("categories", "equals(item.id,\"$custom:::$default:::8\")", "c1 c2")]
    [InlineData("categories", "contains(name,\"Sal\")", "c2")]
    public async Task Filter_ByWhatIsAllowed_FindsThose(string kind, string filter, string ids)
    {
        await using var session = await WithTwoAsync();
        Assert.Equal(ids, string.Join(' ', await session.IdsAsync($"/api/catalog-{kind}?{Filter(filter)}")));
    }

    [Theory]
    [InlineData("items", "filter", "equals(ids,\"x\")")]
    [InlineData("items", "filter", "equals(title,\"x\")")]
    [InlineData("variants", "filter", "equals(price,1)")]
    [InlineData("items", "page[size]", "101")]
    [InlineData("items", "page[cursor]", "nonsense")]
    [InlineData("items", "fields[catalog-item]", "sku")]
    [InlineData("items", "sort", "title")]
    [InlineData("item-bulk-create-jobs", "page[size]", "10")]
    [InlineData("item-bulk-create-jobs", "filter", "equals(status,")]
    public async Task Question_NotAllowed_IsRefused(string path, string parameter, string value)
    {
        await using var session = await SandboxSession.ConnectAsync();
        var answer = await session.GetAsync($"/api/catalog-{path}?{parameter}={Uri.EscapeDataString(value)}");
        Assert.Equal((HttpStatusCode.BadRequest, parameter), (answer.Status, answer.Json["errors"]![0]!["source"]!["parameter"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Fields_AskedFor_AreThereAlone()
    {
        await using var session = await WithTwoAsync();
        var item = (await session.GetAsync("/api/catalog-items?fields[catalog-item]=external_id,updated")).Json["data"]![0]!;
        Assert.Equal(["external_id", "updated"], item["attributes"]!.AsObject().Select(member => member.Key));
        var all = (await session.GetAsync("/api/catalog-items")).Json["data"]![0]!["attributes"]!;
        Assert.Equal(
            """{"external_id":"7","title":"Red mug","description":"A mug.","price":19.9,"url":"https://shop.test/7","image_full_url":"https://shop.test/7.jpg","image_thumbnail_url":null,"images":[],"custom_metadata":null,"published":true,"created":"2026-11-23T17:00:00\u002B00:00","updated":"2026-11-23T17:00:00\u002B00:00"}""",
            all.ToJsonString());
    }

    [Theory]
    [InlineData("items", "7", "title", "Red mug")]
    [InlineData("variants", "v1", "sku", "SKU-v1")]
    [InlineData("categories", "c1", "name", "Kitchen > Mugs")]
    public async Task One_ByItsEncodedId_IsFoundOrNot(string kind, string id, string member, string value)
    {
        await using var session = await WithTwoAsync();
        var found = (await session.GetAsync($"/api/catalog-{kind}/{Uri.EscapeDataString(Compound(id))}")).Json["data"]!;
        Assert.Equal((Compound(id), value), (Text(found, "id"), Text(found["attributes"]!, member)));
        Assert.Equal(HttpStatusCode.OK, (await session.GetAsync(new Uri(Text(found["links"]!, "self")).PathAndQuery)).Status);
        foreach (var missing in new[] { Compound("none"), id })
        {
            var answer = await session.GetAsync($"/api/catalog-{kind}/{Uri.EscapeDataString(missing)}");
            Assert.Equal((HttpStatusCode.NotFound, "not_found"), (answer.Status, answer.Code));
            Assert.Contains($"with the id `{missing}` does not exist.", answer.Details[0], StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("", "0 1 2 3 4 5 6 7 8 9 10 11")]
    [InlineData("&sort=-created", "11 10 9 8 7 6 5 4 3 2 1 0")]
    [InlineData("&filter=equals(category.id,'$custom:::$default:::c')", "0 1 2 3 4 5 6 7 8 9 10 11")]
    public async Task Pages_ByTheirCursor_CoverEverythingOnce(string query, string ids)
    {
        await using var session = await SandboxSession.ConnectAsync();
        await session.DoAsync("category", "create", Category("c"));
        await session.DoAsync("item", "create", [.. Enumerable.Range(0, 12).Select(number => Item($"{number}", "Mug", "c"))]);
        var found = new List<string>();
        var sizes = new List<int>();
        for (var next = "/api/catalog-items?page[size]=5" + query; next is not null;)
        {
            var page = (await session.GetAsync(next)).Json;
            found.AddRange(page["data"]!.AsArray().Select(one => Text(one!["attributes"]!, "external_id")));
            sizes.Add(page["data"]!.AsArray().Count);
            next = page["links"]!["next"] is { } link ? new Uri(link.GetValue<string>()).PathAndQuery : null;
        }
        Assert.Equal((ids, "5 5 2"), (string.Join(' ', found), string.Join(' ', sizes)));
    }

    [Fact]
    public async Task Page_WhoseLastItemIsGone_GoesOnBehindIt()
    {
        await using var session = await SandboxSession.ConnectAsync();
        await session.DoAsync("item", "create", Item("1"), Item("2"), Item("3"));
        var next = (await session.GetAsync("/api/catalog-items?page[size]=2")).Json["links"]!["next"]!.GetValue<string>();
        await session.DoAsync("item", "delete", Delete("item", "2"));
        Assert.Equal(["3"], await session.IdsAsync(new Uri(next).PathAndQuery));
    }

    [Fact]
    public async Task Below_AnItemOrCategory_IsWhatBelongsToIt()
    {
        await using var session = await WithTwoAsync();
        Assert.Equal(["v1", "v2"], await session.IdsAsync($"/api/catalog-items/{Compound("7")}/variants"));
        Assert.Equal(["c1", "c2"], await session.IdsAsync($"/api/catalog-items/{Compound("8")}/categories"));
        Assert.Equal(["7", "8"], await session.IdsAsync($"/api/catalog-categories/{Compound("c1")}/items"));
        var links = (await session.GetAsync($"/api/catalog-items/{Uri.EscapeDataString(Compound("8"))}/relationships/categories")).Json["data"]!;
        Assert.Equal("""[{"type":"catalog-category","id":"$custom:::$default:::c1"},{"type":"catalog-category","id":"$custom:::$default:::c2"}]""", links.ToJsonString());
        Assert.Equal(HttpStatusCode.NotFound, (await session.GetAsync($"/api/catalog-items/{Compound("9")}/relationships/categories")).Status);
    }

    [Theory]
    [InlineData("PATCH", "c2", "c2")]
    [InlineData("PATCH", "", "")]
    [InlineData("PATCH", "c2 c2 c1", "c2 c1")]
    [InlineData("POST", "c2", "c1 c2")]
    [InlineData("DELETE", "c1 c2", "")]
    [InlineData("DELETE", "c2", "c1")]
    public async Task Links_Changed_AreAtOnce(string method, string given, string after)
    {
        await using var session = await WithMugAsync();
        var answer = await ChangeAsync(session, method, "7", given.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal((HttpStatusCode.NoContent, ""), (answer.Status, answer.Text));
        Assert.Equal(after, string.Join(' ', session.Server.Catalog.Items(Account)[0].Categories));
    }

    [Fact]
    public async Task Links_ToWhatIsMissingOrThere_ChangeNothing()
    {
        await using var session = await WithMugAsync();
        var there = await ChangeAsync(session, "POST", "7", "c2", "c1");
        Assert.Equal(
            (HttpStatusCode.Conflict, $"One or more of the relations specified for the item with id `{Compound("7")}` already exists.", "/data/id"),
            (there.Status, there.Details[0], there.Pointers[0]));
        var category = await ChangeAsync(session, "PATCH", "7", "c2", "none");
        Assert.Equal((HttpStatusCode.NotFound, "/data/1/id"), (category.Status, category.Pointers[0]));
        Assert.Equal(HttpStatusCode.NotFound, (await ChangeAsync(session, "PATCH", "8", "c1")).Status);
        Assert.Equal(["c1"], session.Server.Catalog.Items(Account)[0].Categories);
    }

    [Fact]
    public async Task Jobs_ByStatus_AreListed()
    {
        await using var session = await SandboxSession.ConnectAsync(catalogJobs: TimeSpan.FromSeconds(1));
        var first = await session.StartJobAsync("item", "create", Item("1"));
        session.Clock.Advance(TimeSpan.FromSeconds(1));
        var second = await session.StartJobAsync("item", "create", Item("2"));
        await session.StartJobAsync("item", "update", Update("item", "1", []));
        Assert.Equal([second], await session.IdsAsync($"{JobPath("item", "create")}?{Filter("equals(status,\"processing\")")}"));
        Assert.Equal([first], await session.IdsAsync($"{JobPath("item", "create")}?{Filter("equals(status,'complete')")}"));
        Assert.Equal([first, second], await session.IdsAsync(JobPath("item", "create")));
    }

    private static Task<ApiResult> ChangeAsync(SandboxSession session, string method, string item, params string[] categories) =>
        session.SendAsync(new HttpMethod(method), $"/api/catalog-items/{Uri.EscapeDataString(Compound(item))}/relationships/categories", Links(categories));

    /// <summary>The mug, and an unpublished one in both categories.</summary>
    private static async Task<SandboxSession> WithTwoAsync()
    {
        var session = await WithMugAsync();
        var hidden = Item("8", "Blue mug", "c1", "c2");
        hidden["attributes"]!["published"] = false;
        await session.DoAsync("item", "create", hidden);
        await session.DoAsync("variant", "create", Variant("v8", "8"));
        return session;
    }
}
