using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ZoeyKlaviyo.Sandbox;
using ZoeyKlaviyo.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace ZoeyKlaviyo.Tests.Browser;

/// <summary>From one Klaviyo account to another: asked first, kept once, then switched.</summary>
public sealed class AccountSwitchJourney(BrowserFixture browser, AccountSwitchJourney.App app) : IClassFixture<AccountSwitchJourney.App>
{
    private const string Manage = "/stores/acme/integrations/klaviyo";

    [Fact]
    public Task AnotherAccountChosen_IsConfirmedBeforeAnythingIsDiscarded() => browser.RunAsync(
        app.Address,
        async page =>
        {
            await page.SignInAsync("Store admin", Manage);
            await ConnectAsync(page, "Connect to Klaviyo", "ABC123");
            await Expect(page.GetByText("Klaviyo is connected.").First).ToBeVisibleAsync();
            var isEnabled = page.GetByRole(AriaRole.Switch, new() { Name = "Is Enabled", Exact = true });
            await isEnabled.CheckAsync();
            await Expect(isEnabled).ToBeCheckedAsync();

            await ConnectAsync(page, "Connect again", "XYZ789");
            var question = page.GetByRole(AriaRole.Region, new() { Name = "Switch to Acme Tools Europe?" });
            await Expect(question.GetByRole(AriaRole.Alert)).ToContainTextAsync("chose Acme Tools Europe (XYZ789) at Klaviyo. This store is connected to Acme Tools (ABC123).");
            await page.ExpectAccessibleAsync();
            await CollectAsync("event-1");
            await Expect(question.GetByText("1 event that waits for Acme Tools is discarded")).ToBeVisibleAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Sync now: Events" }).ClickAsync();
            await Expect(question.GetByText("No event waits to be sent to Acme Tools, so none is lost.")).ToBeVisibleAsync();
            await page.ReloadAsync();
            var keep = question.GetByRole(AriaRole.Button, new() { Name = "Keep Acme Tools" });
            await Expect(keep).ToBeVisibleAsync();
            await PressAsync(page, keep);
            await Expect(page.GetByText("Acme Tools stays connected.")).ToBeVisibleAsync();
            await Expect(question).ToHaveCountAsync(0);
            await Expect(page.Locator(".verdict")).ToBeFocusedAsync();

            await CollectAsync("event-2");
            await ConnectAsync(page, "Connect again", "XYZ789");
            await question.GetByRole(AriaRole.Button, new() { Name = "Switch to Acme Tools Europe" }).ClickAsync();
            await Expect(page.GetByText("Acme Tools Europe is connected. 1 event that waited for Acme Tools was discarded.")).ToBeVisibleAsync();
            await Expect(page.Locator("#connection").GetByText("XYZ789")).ToBeVisibleAsync();
            await Expect(page.GetByText(new Regex("switched Klaviyo from Acme Tools \\(ABC123\\) to Acme Tools Europe \\(XYZ789\\)$"))).ToBeVisibleAsync();
            await page.ExpectAccessibleAsync();

            await CollectAsync("event-3");
            await page.GetByRole(AriaRole.Button, new() { Name = "Sync now: Events" }).ClickAsync();
            await Expect(page.GetByText("Everything sent.")).ToBeVisibleAsync();
            Assert.Equal([("ABC123", "event-1"), ("XYZ789", "event-3")], app.Klaviyo.Events.Select(sent => (sent.Account, sent.UniqueId)));
        },
        hosts: [app.Klaviyo.BaseAddress]);

    private static async Task ConnectAsync(IPage page, string button, string account)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = button }).First.ClickAsync();
        await page.GetByRole(AriaRole.Radio, new() { NameRegex = new(account) }).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Allow" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/integrations/klaviyo\\?connect="));
    }

    /// <summary>As somebody without a mouse does.</summary>
    private static async Task PressAsync(IPage page, ILocator button)
    {
        await button.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
    }

    private async Task CollectAsync(string id)
    {
        using var client = app.CreateDirectClient();
        using var body = new StringContent(
            "{\"visitor\":{\"email\":\"jo@shop-demo.com\"},\"events\":[{\"id\":\"" + id + "\",\"type\":\"added_to_cart\"}]}", Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(new Uri("/collect/public-acme/events", UriKind.Relative), body, TestContext.Current.CancellationToken);
        Assert.Contains("\"accepted\":1", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    /// <summary>The application with the sandbox in Klaviyo's place.</summary>
    public sealed class App : AppFactory
    {
        public SandboxServer Klaviyo { get; private set; } = default!;

        public override async ValueTask InitializeAsync()
        {
            Klaviyo = await SandboxServer.StartNewAsync();
            var address = Klaviyo.BaseAddress.ToString().TrimEnd('/');
            Settings["Klaviyo:AuthorizeUrl"] = address + "/oauth/authorize";
            Settings["Klaviyo:ApiBaseUrl"] = address;
            Settings["Klaviyo:ClientId"] = SandboxOptions.DefaultClientId;
            Settings["Klaviyo:ClientSecret"] = SandboxOptions.DefaultClientSecret;
            await base.InitializeAsync();
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            await Klaviyo.DisposeAsync();
            GC.SuppressFinalize(this);
        }
    }
}
