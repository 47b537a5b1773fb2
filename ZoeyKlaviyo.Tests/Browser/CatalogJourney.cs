using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace ZoeyKlaviyo.Tests.Browser;

/// <summary>What an admin does about the catalog: sync it, look for a product, sync that alone, decide about deletions, read a run.</summary>
public sealed class CatalogJourney(BrowserFixture browser)
{
    private const string Manage = "/stores/demo/integrations/klaviyo";
    private const int FirstId = 1_000_000;

    [Fact]
    public async Task Synced_Found_SyncedAlone_DeletionsDecided()
    {
        await using var admin = await ConnectedAdmin.StartAsync(
            DatabaseProvider.Sqlite, new Dictionary<string, string> { ["Zoey:MaxRequestsPerSecond"] = "1000" }, "--Sandbox:CatalogJobs=0");
        using var sandbox = new HttpClient { BaseAddress = new Uri(admin.Sandbox.Address) };
        await PutAsync(sandbox, "/sandbox/store/catalog", new { products = 8, variantsPer = 2, categories = 2 });
        await PutAsync(sandbox, "/sandbox/catalog/faults", new { refuse = "product 7" });
        await browser.RunAsync(
            new Uri(admin.First.Address),
            async page =>
            {
                await page.SignInAsync("Store admin", Manage);
                var section = page.Locator("#catalog");
                await SeeAsync(section.GetByText("Nothing sent yet"));
                await SyncAsync(page, section);
                await SearchAsync(page, section);
                await UploadAsync(page, section);
                await ReadRefusedAsync(page);
                await page.GotoAsync(Manage);
                await ShrinkAsync(sandbox, page, section);
                await ConfirmAsync(page, section);
            });
        var items = await sandbox.GetFromJsonAsync<System.Text.Json.JsonElement>("/sandbox/catalog", TestContext.Current.CancellationToken);
        Assert.DoesNotContain("GEN-0", items.ToString(), StringComparison.Ordinal);
    }

    private static async Task SyncAsync(IPage page, ILocator section)
    {
        await PressAsync(page, "Sync now: Categories");
        await SeeAsync(Count(section, "2 categories: Holds as it should"));
        await PressAsync(page, "Sync now: Products");
        await SeeAsync(Count(section, "7 products: Holds as it should"));
        await SeeAsync(Count(section, "1 product: Refused"));
        await PressAsync(page, "Sync now: Variants");
        await SeeAsync(Count(section, "14 variants: Holds as it should"));
        await SeeAsync(Count(section, "2 variants: Waiting for product"));
        await page.ExpectAccessibleAsync();
        await Count(section, "1 product: Refused").ClickAsync();
        await Expect(section.GetByRole(AriaRole.Heading, new() { Name = "Products refused by Klaviyo" })).ToBeFocusedAsync(new() { Timeout = 60_000 });
        await SeeAsync(section.GetByText("Without a change it is tried again by the first run after"));
        await SeeAsync(section.GetByText("1 record shown."));
        await page.ExpectAccessibleAsync();
    }

    private static async Task SearchAsync(IPage page, ILocator section)
    {
        var box = section.GetByLabel("SKU, name or id");
        await box.FillAsync("no such thing");
        await box.PressAsync("Enter");
        await SeeAsync(section.GetByText("Nothing found for “no such thing”"));
        await SeeAsync(section.GetByText("press Sync now at Products, then search again"));
        await box.FillAsync("GEN-0");
        await box.PressAsync("Enter");
        var row = section.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "Product · GEN-0" });
        await SeeAsync(row.GetByText("In Klaviyo as in the store since"));
        await SeeAsync(row.GetByRole(AriaRole.Link, new() { Name = "2 variants" }));
        await row.GetByText("Ids, and what Klaviyo should hold").ClickAsync();
        await SeeAsync(row.GetByText($"$custom:::$default:::{FirstId}"));
        await page.ExpectAccessibleAsync();
        await row.GetByRole(AriaRole.Button, new() { Name = "Sync this record" }).ClickAsync();
        var run = row.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^(Being read|Read) again: see the run") });
        await run.ClickAsync();
        await SeeAsync(page.Heading("Catalog record"));
        await SeeAsync(page.GetByText("Klaviyo has it as the store has it.").First);
        await page.GoBackAsync();
        await SeeAsync(section.GetByText("In Klaviyo as in the store since").First);
    }

    private static async Task UploadAsync(IPage page, ILocator section)
    {
        await section.GetByText("Which product a variant belongs to").ClickAsync();
        await section.GetByLabel("CSV export of the products").SetInputFilesAsync(
            new FilePayload { Name = "products.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes("sku,_super_products_sku\nGEN-0,GEN-0-1\n,GEN-0-2\n") });
        await section.GetByRole(AriaRole.Button, new() { Name = "Read the file" }).ClickAsync();
        await SeeAsync(section.GetByText("2 variants of products.csv have their product now."));
        await page.ExpectAccessibleAsync();
    }

    private static async Task ReadRefusedAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Row, new() { Name = "Catalog products" }).GetByRole(AriaRole.Link).First.ClickAsync();
        await SeeAsync(page.Heading("Products sync"));
        await page.GetByLabel("Result").SelectOptionAsync("Refused by Klaviyo");
        await page.GetByRole(AriaRole.Button, new() { Name = "Generated product 7" }).ClickAsync();
        var drawer = page.GetByRole(AriaRole.Dialog);
        await SeeAsync(drawer.GetByText("Klaviyo would not take this record as it is").First);
        await drawer.GetByText("Klaviyo's words", new() { Exact = true }).ClickAsync();
        await SeeAsync(drawer.GetByRole(AriaRole.Button, new() { Name = "Sync this record" }));
        await page.ExpectAccessibleAsync();
        await drawer.GetByRole(AriaRole.Link, new() { Name = "What Klaviyo holds of it" }).ClickAsync();
        await SeeAsync(page.Locator("#catalog-records").GetByText("Refused by Klaviyo", new() { Exact = true }));
    }

    private static async Task ShrinkAsync(HttpClient sandbox, IPage page, ILocator section)
    {
        foreach (var index in Enumerable.Range(0, 6 * 3))
        {
            using var deleted = await sandbox.DeleteAsync($"/sandbox/store/products/{(FirstId + index).ToString(CultureInfo.InvariantCulture)}", TestContext.Current.CancellationToken);
            deleted.EnsureSuccessStatusCode();
        }

        await PressAsync(page, "Sync now: Products");
        await SeeAsync(section.GetByText("6 of 7 products would be deleted in Klaviyo"));
        await SeeAsync(section.GetByText("Generated product 0, Generated product 1"));
        await page.ExpectAccessibleAsync();
        await section.GetByRole(AriaRole.Link, new() { Name = "Show all 6" }).ClickAsync();
        await Expect(section.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "Held for your confirmation" })).ToHaveCountAsync(6, new() { Timeout = 60_000 });
        await PressAsync(page, "Dark theme");
        await page.ExpectAccessibleAsync();
        await PressAsync(page, "Light theme");
    }

    private static async Task ConfirmAsync(IPage page, ILocator section)
    {
        await section.GetByRole(AriaRole.Button, new() { Name = "Confirm deletions", Exact = true }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await SeeAsync(dialog.GetByText("Delete 6 products in Klaviyo?"));
        await SeeAsync(dialog.GetByText("12 variants of theirs go with them"));
        await page.ExpectAccessibleAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Delete 6 products" }).ClickAsync();
        await SeeAsync(page.GetByText("Store admin confirmed 6 deletions of products in Klaviyo"));
        await SeeAsync(Count(section, "1 product: Holds as it should"));
        await SeeAsync(section.GetByText("No longer there").First);
    }

    /// <summary>Runs, and pages beside them, take their time.</summary>
    private static Task SeeAsync(ILocator locator) => Expect(locator).ToBeVisibleAsync(new() { Timeout = 60_000 });

    private static ILocator Count(ILocator section, string name) => section.GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    private static Task PressAsync(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();

    private static async Task PutAsync(HttpClient sandbox, string path, object body)
    {
        using var response = await sandbox.PutAsJsonAsync(path, body, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }
}
