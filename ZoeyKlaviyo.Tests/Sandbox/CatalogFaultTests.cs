using System.Net;
using System.Text;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using static ZoeyKlaviyo.Tests.Sandbox.CatalogBodies;
using static ZoeyKlaviyo.Tests.Sandbox.CatalogSession;

namespace ZoeyKlaviyo.Tests.Sandbox;

/// <summary>What can be made to go wrong, and what can be seen of it.</summary>
public sealed class CatalogFaultTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Refuse_RowsWithTheText_FailInTheirJobs()
    {
        await using var session = await WithMugAsync();
        await session.SetFaultsAsync(new { refuse = "Bad" });
        var job = await session.DoAsync("item", "create", Item("8", "A Bad mug"), Item("9"));
        Assert.Equal([("The value of 'title' is not valid.", "/data/attributes/items/data/0/attributes/title", Compound("8"))], Errors(job));
        Assert.Single(Errors(await session.DoAsync("category", "update", Update("category", "c1", new() { ["name"] = "Bad" }))));
        Assert.Single(Errors(await session.DoAsync("variant", "create", Variant("v3", "7", "Bad"))));
        Assert.Equal(["7", "9"], session.Server.Catalog.Items(Account).Select(one => one.Id));
        session.Server.Catalog.Faults = new();
        await session.DoAsync("item", "create", Item("8", "A Bad mug"));
        await session.SetFaultsAsync(new { refuse = "Bad" });
        Assert.Single(Errors(await session.DoAsync("item", "update", Update("item", "8", new() { ["price"] = 1 }))));
        Assert.Empty(Errors(await session.DoAsync("item", "delete", Delete("item", "8"))));
    }

    [Fact]
    public async Task Cancel_TheNextJobs_DoNothing()
    {
        await using var session = await SandboxSession.ConnectAsync();
        await session.SetFaultsAsync(new { cancel = 2 });
        foreach (var id in new[] { "1", "2" })
        {
            var job = await session.PollAsync("item", "create", await session.StartJobAsync("item", "create", Item(id)));
            Assert.Equal(("cancelled", "0", "0"), (Text(job, "status"), Text(job, "completed_count"), Text(job, "failed_count")));
        }
        await session.DoAsync("item", "create", Item("3"));
        Assert.Equal(["3"], session.Server.Catalog.Items(Account).Select(one => one.Id));
        Assert.Equal(new(), session.Server.Catalog.Faults);
    }

    [Fact]
    public async Task Stuck_Jobs_EndOnceItIsCleared()
    {
        await using var session = await SandboxSession.ConnectAsync();
        await session.SetFaultsAsync(new { stuck = true });
        var id = await session.StartJobAsync("item", "create", Item("1"));
        session.Clock.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal("processing", Text(await session.PollAsync("item", "create", id), "status"));
        using (await session.Http.DeleteAsync("/sandbox/catalog/faults", Cancel))
            Assert.Equal("complete", Text(await session.PollAsync("item", "create", id), "status"));
        Assert.Equal(["1"], await session.IdsAsync("/api/catalog-items"));
    }

    [Fact]
    public async Task Seconds_Set_AreWhatAJobTakes()
    {
        await using var session = await SandboxSession.ConnectAsync();
        await session.SetFaultsAsync(new { seconds = 240 });
        var id = await session.StartJobAsync("item", "create", Item("1"));
        session.Clock.Advance(TimeSpan.FromSeconds(239));
        Assert.Equal("processing", Text(await session.PollAsync("item", "create", id), "status"));
        session.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("complete", Text(await session.PollAsync("item", "create", id), "status"));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("nonsense")]
    [InlineData("null")]
    [InlineData("{\"cancel\":-1}")]
    [InlineData("{\"seconds\":-1}")]
    [InlineData("{\"refuse\":\"\"}")]
    [InlineData("{\"refused\":\"x\"}")]
    public async Task Faults_SetWrongly_AreRefused(string body)
    {
        await using var session = await SandboxSession.StartAsync();
        await session.SetFaultsAsync(new { stuck = true });
        using var answer = await session.Http.PutAsync("/sandbox/catalog/faults", new StringContent(body, Encoding.UTF8), Cancel);
        Assert.Equal((HttpStatusCode.BadRequest, new(Stuck: true)), (answer.StatusCode, session.Server.Catalog.Faults));
    }

    [Fact]
    public async Task Inspection_Always_ShowsTheCatalogByIdAndTheJobs()
    {
        await using var session = await WithMugAsync();
        await session.DoAsync("item", "create", Item("10", "Mug", "c2", "c1"));
        await session.DoAsync("item", "update", Update("item", "none", []));
        await session.SendAsync(HttpMethod.Patch, $"/api/catalog-items/{Compound("7")}/relationships/categories", Links("c2"));
        Assert.Equal(
            """
            {"categories":[{"id":"c1","name":"Kitchen > Mugs"},{"id":"c2","name":"Sale"}],"items":[{"id":"10","title":"Mug","description":"A mug.","price":19.9,"url":"https://shop.test/10","image":"https://shop.test/10.jpg","published":true,"categories":["c1","c2"]},{"id":"7","title":"Red mug","description":"A mug.","price":19.9,"url":"https://shop.test/7","image":"https://shop.test/7.jpg","published":true,"categories":["c2"]}],"variants":[{"id":"v1","item":"7","sku":"SKU-v1","title":"Red mug, large","price":19.9,"quantity":8,"policy":1,"url":"https://shop.test/v1","image":null,"published":true},{"id":"v2","item":"7","sku":"SKU-v2","title":"Red mug, large","price":19.9,"quantity":8,"policy":1,"url":"https://shop.test/v2","image":null,"published":true}]}
            """,
            await session.Http.GetStringAsync("/sandbox/catalog", Cancel));
        Assert.Equal("""{"categories":[],"items":[],"variants":[]}""", await session.Http.GetStringAsync("/sandbox/catalog?account=XYZ789", Cancel));
        var jobs = await session.InspectAsync("/jobs");
        Assert.Equal(
            ["category create 2 complete 0", "item create 1 complete 0", "variant create 2 complete 0", "item create 1 complete 0", "item update 1 complete 1"],
            jobs.GetProperty("jobs").EnumerateArray().Select(job => string.Join(' ', new[] { "kind", "operation", "rows", "status", "failed" }.Select(name => job.GetProperty(name).ToString()))));
        Assert.Equal("""{"creates":4,"updates":1,"deletes":0,"polls":5,"reads":0,"relationshipPatches":1}""", jobs.GetProperty("calls").GetRawText());
        session.Server.Reset();
        Assert.Equal("""{"categories":[],"items":[],"variants":[]}""", await session.Http.GetStringAsync("/sandbox/catalog", Cancel));
        Assert.Empty(session.Server.Catalog.Jobs);
        Assert.Equal(new(), session.Server.Catalog.Calls);
    }

    [Fact]
    public async Task Page_OfTheCatalog_ShowsItemsWithTheirVariants()
    {
        await using var session = await WithMugAsync();
        var own = Item("8", "<b>Bold</b> mug");
        own["attributes"]!["image_full_url"] = new Uri(session.Server.BaseAddress, "/assets/icon.svg").ToString();
        own["attributes"]!["published"] = false;
        await session.DoAsync("item", "create", own);
        var page = await PageAsync(session);
        Assert.Equal(
            ["none|<b>Bold</b> mug 8|19.90|no|none|none", "elsewhere|Red mug 7|19.90|yes|Kitchen > Mugs|2 of Red mug"],
            page.QuerySelectorAll("tbody tr").Select(row => string.Join('|', row.Children.Select(cell => cell.QuerySelector("img") is null ? Words(cell) : "none"))));
        Assert.Equal("/assets/icon.svg", page.QuerySelector("tbody img")!.GetAttribute("src"));
        Assert.Equal("Red mug, large SKU-v1: 19.90, 8 in stock, hidden when out of stock", page.QuerySelector("tbody li")!.TextContent);
        Assert.Equal(["Kitchen > Mugs 1", "Sale 0"], page.QuerySelectorAll(".category-list a").Select(one => one.TextContent));
        Assert.Equal(["Red mug"], await TitlesAsync(session, page.QuerySelector(".category-list a")!.GetAttribute("href")!));
        Assert.Equal(["Red mug"], await TitlesAsync(session, "/klaviyo/catalog?q=sku-v2"));
        Assert.Equal(["<b>Bold</b> mug"], await TitlesAsync(session, "/klaviyo/catalog?q=bold"));
        Assert.Empty(await TitlesAsync(session, "/klaviyo/catalog?account=XYZ789"));

        static string Words(AngleSharp.Dom.IElement cell)
        {
            if (cell.QuerySelector("details") is { } details)
                return details.QuerySelector("summary")!.TextContent;
            var code = cell.QuerySelector("code");
            return code is null ? cell.TextContent : $"{cell.QuerySelector("a")!.TextContent} {code.TextContent}";
        }
    }

    [Fact]
    public async Task Page_OfMany_ShowsFiftyAtATime()
    {
        await using var session = await SandboxSession.ConnectAsync();
        await session.DoAsync("item", "create", [.. Enumerable.Range(1, 100).Select(number => Item($"i{number}", $"Mug {number}"))]);
        await session.DoAsync("item", "create", Item("i101", "Mug 101"));
        var page = await PageAsync(session);
        Assert.Equal(50, page.QuerySelectorAll("tbody tr").Length);
        Assert.Contains("1 to 50 of 101", page.Body!.TextContent, StringComparison.Ordinal);
        var second = page.QuerySelector("a[rel=next]")!.GetAttribute("href")!;
        Assert.Equal("Mug 51", (await TitlesAsync(session, second)).First());
        Assert.Equal(["Mug 1"], await TitlesAsync(session, second.Replace("page=2", "page=99", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Page_WithFaults_CanClearThem()
    {
        await using var session = await SandboxSession.StartAsync();
        await session.SetFaultsAsync(new { refuse = "<b>", cancel = 3, stuck = true, seconds = 9 });
        var page = await PageAsync(session);
        Assert.Equal(4, page.QuerySelectorAll(".alert li").Length);
        Assert.Equal("Rows with \"<b>\" in their title or name fail.", page.QuerySelector(".alert li")!.TextContent);
        using var cleared = await session.Http.PostAsync(page.QuerySelector(".alert form")!.GetAttribute("action"), null, Cancel);
        Assert.Equal((HttpStatusCode.SeeOther, new()), (cleared.StatusCode, session.Server.Catalog.Faults));
    }

    private static async Task<IHtmlDocument> PageAsync(SandboxSession session, string path = "/klaviyo/catalog") =>
        new HtmlParser().ParseDocument(await session.Http.GetStringAsync(path, Cancel));

    private static async Task<IEnumerable<string>> TitlesAsync(SandboxSession session, string path) =>
        (await PageAsync(session, path)).QuerySelectorAll("td[data-label=Item] a").Select(one => one.TextContent);
}
