using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace ZoeyKlaviyo.Tests.Browser;

/// <summary>What an admin does about the newsletter: look how it stands, bring in a file, choose a list, take the opt-outs home.</summary>
public sealed class SubscribersJourney(BrowserFixture browser)
{
    private const string Manage = "/stores/demo/integrations/klaviyo";
    private const string File = "\"ID\",\"Email\",\"Type\",\"Status\"\n\"1\",\"jo@shop-demo.com\",\"Guest\",\"Subscribed\"\n\"2\",\"nonsense\",\"Guest\",\"Subscribed\"\n"
        + "\"3\",\"left@shop-demo.com\",\"Guest\",\"Subscribed\"\n";

    [Fact]
    public async Task FileIn_ListChosen_OptOutsOut()
    {
        await using var admin = await ConnectedAdmin.StartAsync(DatabaseProvider.Sqlite, null, "--Sandbox:Subscribers=false");
        await admin.Sandbox.SetConsentAsync("left@shop-demo.com", new
        {
            consent = "UNSUBSCRIBED",
            consentTimestamp = "2026-01-02T03:04:05Z",
            suppressions = new[] { new { reason = "UNSUBSCRIBE", timestamp = "2026-01-02T03:04:05Z" } },
        });
        await browser.RunAsync(
            new Uri(admin.First.Address),
            async page =>
            {
                await page.SignInAsync("Store admin", Manage);
                var section = page.Locator("#subscribers");
                await SyncWithoutASourceAsync(page, section);
                await ChooseNewListAsync(page, section);
                await UploadAsync(page, section);
                await DownloadOptOutsAsync(page, section);
                await section.GetByLabel("They are in Zoey now").CheckAsync();
                await Expect(section.GetByText("Existing Klaviyo subscribers are in Zoey: ticked by Store admin")).ToBeVisibleAsync();
                await page.ExpectAccessibleAsync();
                await LookAtTheRunAsync(page);
            });
        var subscribed = Assert.Single(await admin.Sandbox.SubscriptionsAsync());
        Assert.Equal(("jo@shop-demo.com", true), (subscribed.GetProperty("email").GetString(), subscribed.GetProperty("listId").GetString() is { Length: > 0 }));
    }

    /// <summary>The store has no such resource: it is said, with what to do, and is no success.</summary>
    private static async Task SyncWithoutASourceAsync(IPage page, ILocator section)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Sync now: Subscribers" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row, new() { Name = "Newsletter subscribers" }).GetByText("Not available:")).ToBeVisibleAsync();
        await Expect(section.GetByText("Not available", new() { Exact = true })).ToBeVisibleAsync();
        await Expect(section.GetByText("Upload a CSV export").First).ToBeVisibleAsync();
        await page.ExpectAccessibleAsync();
    }

    private static async Task ChooseNewListAsync(IPage page, ILocator section)
    {
        await section.GetByRole(AriaRole.Button, new() { Name = "Change the list" }).ClickAsync();
        // All pages of them: the account has more than ten.
        await Expect(section.GetByLabel("List in Klaviyo").Locator("option")).ToHaveCountAsync(13);
        await section.GetByRole(AriaRole.Button, new() { Name = "Create a list…" }).ClickAsync();
        await section.GetByRole(AriaRole.Button, new() { Name = "Create and use it" }).ClickAsync();
        await Expect(section.GetByText("Give the list a name.")).ToBeVisibleAsync();
        await section.GetByLabel("Name of the new list").FillAsync("Zoey newsletter");
        await page.ExpectAccessibleAsync();
        await section.GetByRole(AriaRole.Button, new() { Name = "Create and use it" }).ClickAsync();
        await Expect(section.GetByText("Who subscribes from now on is put on Zoey newsletter, a single opt-in list")).ToBeVisibleAsync();
        await Expect(page.GetByText("Store admin set List from No list to Zoey newsletter")).ToBeVisibleAsync();
    }

    private static async Task UploadAsync(IPage page, ILocator section)
    {
        await section.GetByLabel("CSV file with subscribers").SetInputFilesAsync(new FilePayload { Name = "subscribers.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(File) });
        await Expect(section.GetByRole(AriaRole.Combobox, new() { Name = "E-mail address" })).ToHaveValueAsync("1");
        await Expect(section.GetByRole(AriaRole.Combobox, new() { Name = "Status", Exact = true })).ToHaveValueAsync("3");
        await section.GetByRole(AriaRole.Combobox, new() { Name = "Status", Exact = true }).SelectOptionAsync("");
        await section.GetByRole(AriaRole.Button, new() { Name = "Read the file" }).ClickAsync();
        await Expect(section.GetByText("or tick that everybody in this file is subscribed")).ToBeVisibleAsync();
        await section.GetByRole(AriaRole.Combobox, new() { Name = "Status", Exact = true }).SelectOptionAsync("3");
        await page.ExpectAccessibleAsync();
        await section.GetByRole(AriaRole.Button, new() { Name = "Read the file" }).ClickAsync();
        await Expect(section.GetByText("3 lines of subscribers.csv read: 2 new or changed, 1 that can't be read.")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Row, new() { Name = "Newsletter subscribers" }).GetByText(new Regex("1 subscribed, 1 opted out in Klaviyo"))).ToBeVisibleAsync();
    }

    private static async Task DownloadOptOutsAsync(IPage page, ILocator section)
    {
        await section.GetByRole(AriaRole.Button, new() { Name = "Make a fresh file" }).ClickAsync();
        var link = section.GetByRole(AriaRole.Link, new() { Name = "Download klaviyo-opt-outs" });
        await Expect(link).ToBeVisibleAsync();
        var download = await page.RunAndWaitForDownloadAsync(() => link.ClickAsync());
        using var reader = new StreamReader(await download.CreateReadStreamAsync());
        Assert.Contains("left@shop-demo.com,Unsubscribed,UNSUBSCRIBE,2026-01-02 03:04:05", await reader.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static async Task LookAtTheRunAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Row, new() { Name = "Newsletter subscribers" }).GetByRole(AriaRole.Link).First.ClickAsync();
        await Expect(page.Heading("Subscribers sync")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Not sent, and why" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Row, new() { Name = "jo@shop-demo.com" }).GetByText("Subscribed", new() { Exact = true })).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "left@shop-demo.com" }).ClickAsync();
        var drawer = page.GetByRole(AriaRole.Dialog);
        await Expect(drawer.GetByText("nothing proves that they consented later").First).ToBeVisibleAsync();
        await page.ExpectAccessibleAsync();
        await drawer.GetByText("Klaviyo's answer").ClickAsync();
        await Expect(drawer.GetByText("Klaviyo: UNSUBSCRIBED since 2026-01-02 03:04:05 UTC")).ToBeVisibleAsync();
    }
}
