using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace ZoeyKlaviyo.Tests.Sandbox;

public sealed class ZoeyCatalogTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Products_Always_AreFlatTextsWithoutWhatHasNoValue()
    {
        await using var session = await ZoeySession.StartAsync();
        var products = (await session.GetAsync("products?limit=100")).Json;
        Assert.Equal(
            ("59.0000", "69.0000", "combination-spanner-set-8-pieces", "Acme"),
            (Text(products["102"]!, "special_price"), Text(products["102"]!, "price"), Text(products["102"]!, "url_key"), Text(products["102"]!, "brand")));
        Assert.False(products["101"]!.AsObject().ContainsKey("special_price"));
        Assert.Equal(("configurable", "4"), (Text(products["104"]!, "type_id"), Text(products["104"]!, "visibility")));
        var variant = products["105"]!.AsObject();
        Assert.Equal(("simple", "1", "104", "M"), (Text(variant, "type_id"), Text(variant, "visibility"), Text(variant, "parent_id"), Text(variant, "size")));
        Assert.False(variant.ContainsKey("url_key"));
        Assert.All(products.AsObject(), pair => Assert.NotNull(pair.Value!["zoey_unlisted"]));
    }

    [Fact]
    public async Task ParentId_SwitchedOff_IsUnknown()
    {
        await using var session = await ZoeySession.StartAsync();
        await session.SetAsync(new { parentId = false });
        Assert.DoesNotContain("parent_id", (await session.GetAsync("products?limit=100")).Text, StringComparison.Ordinal);
        (await session.GetAsync("products?filter[1][attribute]=parent_id&filter[1][eq]=104"))
            .IsRefused(HttpStatusCode.BadRequest, "Resource collection filtering error.");
    }

    [Fact]
    public async Task Product_Single_HasItsStockCategoriesAndImages()
    {
        await using var session = await ZoeySession.StartAsync();
        var product = (await session.GetAsync("products/101")).Json;
        Assert.Equal(("25.0000", "1"), (Text(product["stock_data"]!, "qty"), Text(product["stock_data"]!, "is_in_stock")));
        Assert.Equal("""[{"category_id":"3"},{"category_id":"4"}]""", (await session.GetAsync("products/101/categories")).Text);
        var image = Assert.Single((await session.GetAsync("products/101/images")).Json.AsArray())!;
        Assert.Equal("image", image["types"]![0]!.ToString());
        Assert.Equal(HttpStatusCode.OK, (await session.Http.GetAsync(new Uri(Text(image, "url")), Cancel)).StatusCode);
        Assert.Equal("[]", (await session.GetAsync("products/105/images")).Text);
    }

    [Theory]
    [InlineData("3", "101 102")]
    [InlineData("8", "104")]
    public async Task Products_OfACategory_AreThoseInIt(string category, string ids)
    {
        await using var session = await ZoeySession.StartAsync();
        Assert.Equal(ids.Split(' '), await session.IdsAsync($"products?category_id={category}"));
        (await session.GetAsync("products?category_id=99")).IsRefused(HttpStatusCode.BadRequest, "Category not found.");
    }

    [Fact]
    public async Task Stock_Always_IsAnArrayWithIdsOfItsOwn()
    {
        await using var session = await ZoeySession.StartAsync();
        var row = Assert.Single((await session.GetAsync("stockitems?filter[1][attribute]=product_id&filter[1][eq]=104")).Json.AsArray())!;
        Assert.Equal(("1104", "104", "0.0000"), (Text(row, "item_id"), Text(row, "product_id"), Text(row, "qty")));
        Assert.Equal("104", Text((await session.GetAsync("stockitems/1104")).Json, "product_id"));
    }

    [Fact]
    public async Task Categories_Always_AreATreeBelowTheInvisibleRoot()
    {
        await using var session = await ZoeySession.StartAsync();
        var categories = (await session.GetAsync("categories")).Json.AsArray();
        Assert.Equal(
            ["2<1 1", "3<2 2", "4<3 3", "5<3 3", "6<2 2", "7<6 3", "8<2 2"],
            categories.Select(one => $"{Text(one!, "category_id")}<{Text(one!, "parent_id")} {Text(one!, "level")}"));
        var hammers = (await session.GetAsync("categories/4")).Json.AsObject();
        Assert.Equal("Hammers", Text(hammers, "name"));
        Assert.False(hammers.ContainsKey("category_id"));
    }

    [Fact]
    public async Task Customers_Always_AreAMapAndEachHasAnAddress()
    {
        await using var session = await ZoeySession.StartAsync();
        Assert.Equal(["7", "8"], await session.IdsAsync("customers"));
        Assert.Equal("sam@brightline.test", Text((await session.GetAsync("customers/8")).Json, "email"));
        var address = (await session.GetAsync("customers/8/addresses")).Json[0]!.AsObject();
        Assert.Equal("44 Quay Road", address["street"]![0]!.ToString());
        Assert.Equal(1, address["is_default_billing"]!.GetValue<int>());
        Assert.False(address.ContainsKey("region"));
    }

    [Fact]
    public async Task Product_ChangedAddedAndDeleted_IsSoInEveryResource()
    {
        await using var session = await ZoeySession.StartAsync();
        await session.Http.PutAsJsonAsync("/sandbox/store/products/101", new { name = "Hammer", qty = "0.0000", condition = (string?)null }, Cancel);
        await session.Http.PutAsJsonAsync("/sandbox/store/products/200", new { price = "1.5000", category_ids = new[] { "8" } }, Cancel);
        await session.Http.DeleteAsync("/sandbox/store/products/103", Cancel);
        Assert.Equal(["101", "102", "104", "105", "106", "107", "200"], await session.IdsAsync("products"));
        Assert.Equal(["104", "200"], await session.IdsAsync("products?category_id=8"));
        var changed = (await session.GetAsync("products/101")).Json.AsObject();
        Assert.Equal(("Hammer", "0"), (Text(changed, "name"), Text(changed["stock_data"]!, "is_in_stock")));
        Assert.False(changed.ContainsKey("condition"));
        (await session.GetAsync("products/103")).IsRefused(HttpStatusCode.NotFound, "Resource not found.");
        session.Server.Reset();
        Assert.Equal(7, (await session.IdsAsync("products")).Count);
        Assert.Equal("Claw hammer 16 oz", Text((await session.GetAsync("products/101")).Json, "name"));
    }

    [Fact]
    public async Task Category_ChangedAddedAndDeleted_IsSoInEveryResource()
    {
        await using var session = await ZoeySession.StartAsync();
        await session.Http.PutAsJsonAsync("/sandbox/store/categories/4", new { name = "Mallets", parent_id = "6", is_active = "0" }, Cancel);
        await session.Http.PutAsJsonAsync("/sandbox/store/categories/9", new { name = "Saws", parent_id = "4" }, Cancel);
        await session.Http.DeleteAsync("/sandbox/store/categories/3", Cancel);
        await session.Http.PutAsJsonAsync("/sandbox/store/products/101", new { category_ids = new[] { "3", "9" } }, Cancel);

        var categories = (await session.GetAsync("categories")).Json.AsArray();
        Assert.Equal(
            ["2<1 1", "4<6 3", "5<3 2", "6<2 2", "7<6 3", "8<2 2", "9<4 4"],
            categories.Select(one => $"{Text(one!, "category_id")}<{Text(one!, "parent_id")} {Text(one!, "level")}"));
        Assert.Equal(("Mallets", "0"), (Text((await session.GetAsync("categories/4")).Json, "name"), Text((await session.GetAsync("categories/4")).Json, "is_active")));
        (await session.GetAsync("categories/3")).IsRefused(HttpStatusCode.NotFound, "Resource not found.");
        (await session.GetAsync("products?category_id=3")).IsRefused(HttpStatusCode.BadRequest, "Category not found.");
        Assert.Equal(["101"], await session.IdsAsync("products?category_id=9"));
        Assert.Equal("""[{"category_id":"9"}]""", (await session.GetAsync("products/101/categories")).Text);
        Assert.Equal("""[{"category_id":"5"}]""", (await session.GetAsync("products/102/categories")).Text);

        await session.Http.DeleteAsync("/sandbox/store/categories", Cancel);
        Assert.Equal(["2", "3", "4", "5", "6", "7", "8"], await session.IdsAsync("categories"));
        await session.Http.DeleteAsync("/sandbox/store/categories/3", Cancel);
        session.Server.Reset();
        Assert.Equal("Hammers", Text((await session.GetAsync("categories/4")).Json, "name"));
        Assert.Equal(7, (await session.IdsAsync("categories")).Count);
    }

    [Fact]
    public async Task GuestListing_SwitchedOn_ShowsSignedCallersWhatAGuestSees()
    {
        await using var session = await ZoeySession.StartAsync();
        var guests = (await session.GetWithAsync(null, "products?limit=100")).Text;
        Assert.NotEqual(guests, (await session.GetAsync("products?limit=100")).Text);
        await session.SetAsync(new { guestListing = true });
        Assert.Equal(guests, (await session.GetAsync("products?limit=100")).Text);
        Assert.DoesNotContain("\"status\"", guests, StringComparison.Ordinal);
        Assert.Equal("1", Text((await session.GetAsync("products/105")).Json, "status"));
    }

    [Fact]
    public async Task CategoryFilter_Ignored_ListsAllProducts()
    {
        await using var session = await ZoeySession.StartAsync();
        await session.SetAsync(new { categoryFilterIgnored = true });
        Assert.Equal(7, (await session.IdsAsync("products?category_id=3")).Count);
        Assert.Equal(7, (await session.IdsAsync("products?category_id=999999999")).Count);
    }

    [Fact]
    public async Task ParentSku_SwitchedOn_StandsInParentId()
    {
        await using var session = await ZoeySession.StartAsync();
        await session.SetAsync(new { parentSku = true });
        Assert.Equal("GLV", Text((await session.GetAsync("products/105")).Json, "parent_id"));
        Assert.Equal(["105", "106", "107"], await session.IdsAsync("products?filter[1][attribute]=parent_id&filter[1][eq]=GLV"));
    }

    [Fact]
    public async Task Csv_OfTheProducts_NamesVariantsInRowsThatGoOn()
    {
        await using var session = await ZoeySession.StartAsync();
        await session.Http.PutAsJsonAsync("/sandbox/store/products/101", new { name = "16\" hammer" }, Cancel);
        using var answer = await session.Http.GetAsync("/sandbox/store/products.csv", Cancel);
        Assert.Equal("text/csv", answer.Content.Headers.ContentType?.MediaType);
        var lines = (await answer.Content.ReadAsStringAsync(Cancel)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var columns = Values(lines[0]);

        Assert.Equal(["HAM-16", "SPN-SET8", "DRL-18V", "GLV", "", "", "GLV-M", "GLV-L", "GLV-XL"], Column("sku"));
        Assert.Equal(["", "", "", "GLV-M", "GLV-L", "GLV-XL", "", "", ""], Column("_super_products_sku"));
        Assert.Equal(["size M", "size L", "size XL"], Column("_super_attribute_code").Zip(Column("_super_attribute_option")).Skip(3).Take(3).Select(pair => $"{pair.First} {pair.Second}"));
        Assert.Equal(["configurable", "", ""], Column("_type").Skip(3).Take(3));
        Assert.Equal(("Hand tools/Hammers", "3,4", "25.0000"), (Column("_category")[0], Column("category_ids")[0], Column("qty")[0]));
        Assert.Equal("16\"\" hammer", Column("name")[0]);

        string[] Column(string name) => [.. lines.Skip(1).Select(line => Values(line)[Array.IndexOf(columns, name)])];
        static string[] Values(string line) => line[1..^1].Split("\",\"");
    }

    private static string Text(JsonNode json, string name) => json[name]!.GetValue<string>();
}
