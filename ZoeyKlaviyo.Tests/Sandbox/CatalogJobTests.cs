using System.Net;
using System.Text.Json.Nodes;
using static ZoeyKlaviyo.Tests.Sandbox.CatalogBodies;
using static ZoeyKlaviyo.Tests.Sandbox.CatalogSession;

namespace ZoeyKlaviyo.Tests.Sandbox;

/// <summary>What a job does, row by row.</summary>
public sealed class CatalogJobTests
{
    [Fact]
    public async Task Job_UntilItIsDue_HasDoneNothing()
    {
        await using var session = await SandboxSession.ConnectAsync(catalogJobs: TimeSpan.FromSeconds(2));
        var id = await session.StartJobAsync("category", "create", Category("c1"), Category("c1"));
        session.Clock.Advance(TimeSpan.FromSeconds(1));
        var job = await session.PollAsync("category", "create", id);
        Assert.Equal(("processing", "2", "0", "0"), (Text(job, "status"), Text(job, "total_count"), Text(job, "completed_count"), Text(job, "failed_count")));
        Assert.Null(job["completed_at"]);
        Assert.Empty(session.Server.Catalog.Categories(Account));
        session.Clock.Advance(TimeSpan.FromSeconds(1));
        job = await session.PollAsync("category", "create", id);
        Assert.Equal(("complete", "2", "1", "1"), (Text(job, "status"), Text(job, "total_count"), Text(job, "completed_count"), Text(job, "failed_count")));
        Assert.Equal("2026-11-23T17:00:00+00:00", Text(job, "created_at"));
        Assert.Equal("2026-11-23T17:00:02+00:00", Text(job, "completed_at"));
        Assert.Equal("2026-11-30T17:00:00+00:00", Text(job, "expires_at"));
        Assert.Equal(["c1"], session.Server.Catalog.Categories(Account).Select(one => one.Id));
    }

    [Fact]
    public async Task Job_OfAnotherKindOrAccountOrExpired_IsNotFound()
    {
        await using var session = await SandboxSession.ConnectAsync();
        var id = await session.StartJobAsync("category", "create", Category("c1"));
        Assert.Equal("not_found", (await session.GetAsync($"{JobPath("category", "update")}/{id}")).Code);
        session.Clock.Advance(TimeSpan.FromDays(7));
        await session.UseNewTokenAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await session.GetAsync($"{JobPath("category", "create")}/{id}")).Status);
        id = await session.StartJobAsync("category", "create", Category("c2"));
        await session.UseNewTokenAsync("XYZ789");
        Assert.Equal(HttpStatusCode.NotFound, (await session.GetAsync($"{JobPath("category", "create")}/{id}")).Status);
        Assert.Empty(await session.IdsAsync("/api/catalog-categories"));
        Assert.Equal(["c1", "c2"], session.Server.Catalog.Categories(Account).Select(one => one.Id));
    }

    [Fact]
    public async Task Create_AsDocumented_KeepsEverything()
    {
        await using var session = await WithMugAsync();
        var item = Assert.Single(session.Server.Catalog.Items(Account));
        Assert.Equal(
            ("7", "Red mug", "A mug.", "https://shop.test/7", 19.9m, "https://shop.test/7.jpg", true),
            (item.Id, item.Title, item.Description, item.Url, item.Price, item.ImageFullUrl, item.Published));
        Assert.Equal(["c1"], item.Categories);
        var variant = session.Server.Catalog.Variants(Account)[0];
        Assert.Equal(("v1", "7", "SKU-v1", 19.9m, 8m, 1), (variant.Id, variant.Item, variant.Sku, variant.Price, variant.InventoryQuantity, variant.InventoryPolicy));
        Assert.Equal(["Kitchen > Mugs", "Sale"], session.Server.Catalog.Categories(Account).Select(one => one.Name));
    }

    [Theory]
    [InlineData("category", "A category")]
    [InlineData("item", "An item")]
    [InlineData("variant", "A variant")]
    public async Task Create_OfAnIdThatExists_FailsThatRowAlone(string kind, string name)
    {
        await using var session = await WithMugAsync();
        JsonObject[] rows = kind switch
        {
            "category" => [Category("c1", "Other"), Category("new")],
            "item" => [Item("7", "Other"), Item("new")],
            _ => [Variant("v1", "7", "Other"), Variant("new", "7")],
        };
        var job = await session.DoAsync(kind, "create", rows);
        var id = Text(rows[0]["attributes"]!, "external_id");
        Assert.Equal(
            [($"{name} with the id `{Compound(id)}` already exists.", $"/data/attributes/{Plural(kind)}/data/0/attributes/external_id", Compound(id))],
            Errors(job));
        Assert.Equal(["new"], (await session.IdsAsync($"/api/catalog-{Plural(kind)}")).Except(["c1", "c2", "7", "v1", "v2"]));
        Assert.DoesNotContain("Other", (await session.InspectAsync()).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("category", "update", "A category")]
    [InlineData("item", "update", "An item")]
    [InlineData("variant", "update", "A variant")]
    [InlineData("category", "delete", "A category")]
    [InlineData("item", "delete", "An item")]
    [InlineData("variant", "delete", "A variant")]
    public async Task Change_OfAnIdThatIsMissing_FailsThatRowAlone(string kind, string operation, string name)
    {
        await using var session = await WithMugAsync();
        var there = kind switch { "category" => "c1", "item" => "7", _ => "v1" };
        var change = new JsonObject { [kind == "category" ? "name" : "title"] = "Changed" };
        JsonObject[] rows = operation == "update"
            ? [Update(kind, "none", (JsonObject)change.DeepClone()), Update(kind, there, change)]
            : [Delete(kind, "none"), Delete(kind, there)];
        var job = await session.DoAsync(kind, operation, rows);
        Assert.Equal(
            [($"{name} with the id `{Compound("none")}` does not exist.", $"/data/attributes/{Plural(kind)}/data/0/id", Compound("none"))],
            Errors(job));
        Assert.Equal(operation == "delete", !(await session.IdsAsync($"/api/catalog-{Plural(kind)}")).Contains(there));
        Assert.Equal(operation == "update", (await session.InspectAsync()).ToString().Contains("Changed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Item_OfAMissingCategory_Fails()
    {
        await using var session = await WithMugAsync();
        var missing = $"A category with the id `{Compound("none")}` does not exist.";
        Assert.Equal(
            [(missing, "/data/attributes/items/data/0/relationships/categories/data/1/id", Compound("8"))],
            Errors(await session.DoAsync("item", "create", Item("8", "Mug", "c1", "none"))));
        Assert.Equal([missing], Errors(await session.DoAsync("item", "update", Update("item", "7", new() { ["title"] = "Changed" }, "none"))).Select(one => one.Detail));
        Assert.Equal(["Red mug"], session.Server.Catalog.Items(Account).Select(one => one.Title));
    }

    [Fact]
    public async Task Variant_OfAMissingItem_Fails()
    {
        await using var session = await WithMugAsync();
        Assert.Equal(
            [($"An item with the id `{Compound("8")}` does not exist.", "/data/attributes/variants/data/0/relationships/item/data/id", Compound("v3"))],
            Errors(await session.DoAsync("variant", "create", Variant("v3", "8"))));
        Assert.Equal(["v1", "v2"], session.Server.Catalog.Variants(Account).Select(one => one.Id));
    }

    [Fact]
    public async Task Variants_BeforeTheirItemsJobIsDone_Fail()
    {
        await using var session = await SandboxSession.ConnectAsync(catalogJobs: TimeSpan.FromSeconds(2));
        await session.StartJobAsync("item", "create", Item("7"));
        await session.SetFaultsAsync(new { seconds = 1 });
        var id = await session.StartJobAsync("variant", "create", Variant("v1", "7"));
        session.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("1", Text(await session.PollAsync("variant", "create", id), "failed_count"));
        Assert.Equal(["7"], await session.IdsAsync("/api/catalog-items"));
    }

    [Fact]
    public async Task Rows_OfOneJob_AreDoneInTheirOrder()
    {
        await using var session = await WithMugAsync();
        var job = await session.DoAsync("item", "update", Update("item", "7", new() { ["title"] = "First" }), Update("item", "7", new() { ["title"] = "Last" }));
        Assert.Equal("0", Text(job, "failed_count"));
        Assert.Equal("Last", session.Server.Catalog.Items(Account)[0].Title);
        Assert.Single(Errors(await session.DoAsync("item", "delete", Delete("item", "7"), Delete("item", "7"))));
    }

    [Fact]
    public async Task Update_OfAnItem_ChangesWhatItNamesAndAddsCategories()
    {
        await using var session = await WithMugAsync();
        session.Clock.Advance(TimeSpan.FromMinutes(1));
        await session.DoAsync("item", "update", Update("item", "7", new() { ["price"] = 17.5m, ["image_full_url"] = null, ["published"] = false }, "c2"));
        var item = session.Server.Catalog.Items(Account)[0];
        Assert.Equal(("Red mug", 17.5m, null, false), (item.Title, item.Price, item.ImageFullUrl, item.Published));
        Assert.Equal(["c1", "c2"], item.Categories);
        Assert.Equal(TimeSpan.FromMinutes(1), item.Updated - item.Created);
        await session.DoAsync("item", "update", Update("item", "7", new() { ["title"] = null, ["price"] = null }));
        item = session.Server.Catalog.Items(Account)[0];
        Assert.Equal(("Red mug", null, "c1 c2"), (item.Title, item.Price, string.Join(' ', item.Categories)));
    }

    [Fact]
    public async Task Update_OfAVariant_ChangesItsStockAndNeverItsItem()
    {
        await using var session = await WithMugAsync();
        await session.DoAsync("variant", "update", Update("variant", "v1", new() { ["inventory_quantity"] = 0, ["sku"] = "NEW" }));
        var variant = session.Server.Catalog.Variants(Account)[0];
        Assert.Equal((0m, "NEW", 1, "7"), (variant.InventoryQuantity, variant.Sku, variant.InventoryPolicy, variant.Item));
        var answer = await session.PostAsync(JobPath("variant", "update"), Job("variant", "update", With(Update("variant", "v1", []), Variant("v1", "8")["relationships"]!)));
        Assert.Equal(["/data/attributes/variants/data/0/relationships"], answer.Pointers);

        static JsonObject With(JsonObject row, JsonNode relationships)
        {
            row["relationships"] = relationships.DeepClone();
            return row;
        }
    }

    [Fact]
    public async Task Category_WithItems_LinksThem()
    {
        await using var session = await WithMugAsync();
        await session.DoAsync("item", "create", Item("8"));
        await session.DoAsync("category", "create", Category("c3", "New", "7", "8"));
        await session.DoAsync("category", "update", Update("category", "c2", new() { ["name"] = "Last chance" }, "8"));
        Assert.Equal(["c1 c3", "c3 c2"], session.Server.Catalog.Items(Account).Select(one => string.Join(' ', one.Categories)));
        Assert.Equal("Last chance", session.Server.Catalog.Categories(Account)[1].Name);
        Assert.Single(Errors(await session.DoAsync("category", "create", Category("c4", "Wrong", "none"))));
    }

    [Fact]
    public async Task Delete_OfAnItem_TakesItsVariantsAlong()
    {
        await using var session = await WithMugAsync();
        await session.DoAsync("item", "create", Item("8"));
        await session.DoAsync("variant", "create", Variant("v8", "8"));
        await session.DoAsync("item", "delete", Delete("item", "7"));
        Assert.Equal(["8"], session.Server.Catalog.Items(Account).Select(one => one.Id));
        Assert.Equal(["v8"], session.Server.Catalog.Variants(Account).Select(one => one.Id));
        Assert.Empty(await session.IdsAsync($"/api/catalog-categories/{Compound("c1")}/items"));
        await session.DoAsync("item", "create", Item("7"));
        Assert.Empty(await session.IdsAsync($"/api/catalog-items/{Compound("7")}/variants"));
    }

    [Fact]
    public async Task Delete_OfACategory_RemovesItsLinksAndKeepsItsItems()
    {
        await using var session = await WithMugAsync();
        await session.DoAsync("item", "create", Item("8", "Mug", "c1", "c2"));
        await session.DoAsync("category", "delete", Delete("category", "c1"));
        Assert.Equal(["", "c2"], session.Server.Catalog.Items(Account).Select(one => string.Join(' ', one.Categories)));
        Assert.Equal(["c2"], await session.IdsAsync("/api/catalog-categories"));
    }
}
