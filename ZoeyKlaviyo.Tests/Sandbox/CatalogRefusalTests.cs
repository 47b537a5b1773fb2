using System.Net;
using System.Text.Json.Nodes;
using static ZoeyKlaviyo.Tests.Sandbox.CatalogBodies;
using static ZoeyKlaviyo.Tests.Sandbox.CatalogSession;

namespace ZoeyKlaviyo.Tests.Sandbox;

/// <summary>What is refused before there is a job.</summary>
public sealed class CatalogRefusalTests
{
    [Theory]
    [InlineData("item", "title", "\"\"")]
    [InlineData("item", "title", "null")]
    [InlineData("item", "description", "\" \"")]
    [InlineData("item", "url", "\"/red-mug\"")]
    [InlineData("item", "url", "\"ftp://shop.test/mug\"")]
    [InlineData("item", "image_full_url", "\"mug.jpg\"")]
    [InlineData("item", "price", "\"19.90\"")]
    [InlineData("item", "external_id", "\"\"")]
    [InlineData("item", "colour", "\"red\"")]
    [InlineData("variant", "description", "\"\"")]
    [InlineData("variant", "sku", "\"\"")]
    [InlineData("variant", "inventory_policy", "3")]
    [InlineData("category", "name", "\"\"")]
    public async Task Row_WithABadValue_RefusesTheJobByPointer(string kind, string member, string json)
    {
        await using var session = await WithMugAsync();
        var before = session.Server.Catalog.Jobs.Count;
        var bad = Good(kind, "bad");
        bad["attributes"]![member] = JsonNode.Parse(json);
        var answer = await session.PostAsync(JobPath(kind, "create"), Job(kind, "create", Good(kind, "good"), bad));
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal([$"/data/attributes/{Plural(kind)}/data/1/attributes/{member}"], answer.Pointers);
        Assert.Equal(before, session.Server.Catalog.Jobs.Count);
    }

    [Theory]
    [InlineData("item", "title")]
    [InlineData("item", "description")]
    [InlineData("item", "url")]
    [InlineData("variant", "sku")]
    [InlineData("variant", "inventory_quantity")]
    [InlineData("category", "name")]
    public async Task Row_WithoutWhatIsRequired_RefusesTheJobByPointer(string kind, string member)
    {
        await using var session = await SandboxSession.ConnectAsync();
        var row = Good(kind, "bad");
        row["attributes"]!.AsObject().Remove(member);
        var answer = await session.PostAsync(JobPath(kind, "create"), Job(kind, "create", row));
        Assert.Equal([$"/data/attributes/{Plural(kind)}/data/0/attributes/{member}"], answer.Pointers);
    }

    [Fact]
    public async Task Update_WithABadValue_IsRefusedToo()
    {
        await using var session = await WithMugAsync();
        var rows = new[] { Update("item", "7", new() { ["title"] = "", ["url"] = "mug" }), Update("item", "7", []) };
        rows[1]["id"] = "";
        var answer = await session.PostAsync(JobPath("item", "update"), Job("item", "update", rows));
        Assert.Equal(["0/attributes/title", "0/attributes/url", "1/id"], answer.Pointers.Select(one => one["/data/attributes/items/data/".Length..]));
    }

    [Theory]
    [InlineData(0, HttpStatusCode.BadRequest)]
    [InlineData(100, HttpStatusCode.Accepted)]
    [InlineData(101, HttpStatusCode.BadRequest)]
    public async Task Job_OfSoManyRows_IsAccepted(int rows, HttpStatusCode status)
    {
        await using var session = await SandboxSession.ConnectAsync();
        var answer = await session.PostAsync(JobPath("item", "create"), Job("item", "create", [.. Enumerable.Range(0, rows).Select(row => Item($"i{row}"))]));
        Assert.Equal(status, answer.Status);
        if (status == HttpStatusCode.BadRequest)
            Assert.Equal(["/data/attributes/items/data"], answer.Pointers);
    }

    [Fact]
    public async Task Jobs_InProgress_AreAtMost500AnAccount()
    {
        await using var session = await SandboxSession.ConnectAsync(limits: false, catalogJobs: TimeSpan.FromSeconds(1));
        for (var number = 0; number < 500; number++)
            await session.StartJobAsync(number % 2 == 0 ? "category" : "item", "delete", Delete(number % 2 == 0 ? "category" : "item", "none"));
        var refused = await session.PostAsync(JobPath("variant", "delete"), Job("variant", "delete", Delete("variant", "none")));
        Assert.Equal((HttpStatusCode.BadRequest, "The maximum number of jobs in progress at one time is 500."), (refused.Status, refused.Details[0]));
        await session.UseNewTokenAsync("XYZ789");
        await session.StartJobAsync("item", "delete", Delete("item", "none"));
        await session.UseNewTokenAsync();
        session.Clock.Advance(TimeSpan.FromSeconds(1));
        await session.StartJobAsync("item", "delete", Delete("item", "none"));
    }

    [Fact]
    public async Task Scope_Missing_IsRefused()
    {
        await using var session = await SandboxSession.ConnectAsync("accounts:read catalogs:read");
        var answer = await session.PostAsync(JobPath("item", "create"), Job("item", "create", Item("7")));
        Assert.Equal((HttpStatusCode.Forbidden, "Missing scopes: catalogs:write"), (answer.Status, answer.Details[0]));
        Assert.Empty(await session.IdsAsync("/api/catalog-items"));
        await session.UseNewTokenAsync(scopes: "accounts:read catalogs:write");
        Assert.Equal(HttpStatusCode.Forbidden, (await session.GetAsync(JobPath("item", "create"))).Status);
    }

    [Fact]
    public async Task Burst_OfJobs_IsThrottled()
    {
        await using var session = await SandboxSession.ConnectAsync();
        for (var number = 0; number < 75; number++)
            await session.StartJobAsync("item", "delete", Delete("item", "none"));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await session.PostAsync(JobPath("item", "delete"), Job("item", "delete", Delete("item", "none")))).Status);
        Assert.Equal("75, 75;w=1, 750;w=60", (await session.GetAsync(JobPath("item", "create"))).Header("RateLimit-Limit"));
        Assert.Equal("350, 350;w=1, 3500;w=60", (await session.GetAsync(JobPath("item", "delete"))).Header("RateLimit-Limit"));
    }

    [Fact]
    public async Task RefuseFault_NamesTheRowsWithTheText()
    {
        await using var session = await SandboxSession.ConnectAsync();
        await session.SwitchOnAsync(new { match = "POST /api/catalog-", kind = "refuse", where = "Blue", times = 1 });
        var answer = await session.PostAsync(JobPath("item", "create"), Job("item", "create", Item("7"), Item("8", "Blue mug")));
        Assert.Equal(["/data/attributes/items/data/1/attributes"], answer.Pointers);
        await session.DoAsync("item", "create", Item("8", "Blue mug"));
    }

    private static JsonObject Good(string kind, string id) => kind switch
    {
        "category" => Category(id),
        "item" => Item(id),
        _ => Variant(id, "7"),
    };
}
