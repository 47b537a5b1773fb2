using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using ZoeyKlaviyo.Tests.Fixtures;
using static Microsoft.Playwright.Assertions;

namespace ZoeyKlaviyo.Tests.Browser;

/// <summary>
/// The main job, as the README tells it: sign in, connect Klaviyo, enable, a shopper's events arrive, Sync now, the Audit Log
/// shows the run and each event, and the stand-in for Klaviyo has the same events.
/// </summary>
public sealed class MainJourney(BrowserFixture browser)
{
    private const string Shopper = "jo@shop-demo.com";

    [Fact]
    public async Task DotnetRun_NewcomerDoesTheWholeJob()
    {
        var (admin, sandbox) = (Address(), Address());
        using var database = new TemporaryDirectory();
        await using var app = await AppProcess.StartAsync(
            [
                "run", "--project", "ZoeyKlaviyo.Admin", "--no-build",
                "-e", $"ASPNETCORE_URLS={admin}", "-e", $"Sandbox__Url={sandbox}", "-e", $"Sandbox__AdminUrl={admin}",
                "-e", $"ConnectionStrings__ZoeyKlaviyo=Data Source={database.Path}/app.db",
            ],
            Repository.Root,
            new Dictionary<string, string>(),
            new Uri(admin + "/healthz/ready"));

        await browser.RunAsync(new Uri(admin), page => WholeJobAsync(page, sandbox, SignInAsPersonaAsync), hosts: [new Uri(sandbox)]);
    }

    [Fact]
    public async Task ReleasePublish_AgainstASeparateSandbox_ByEnvironmentVariablesAlone()
    {
        var (admin, sandbox) = (Address(), Address());
        using var published = new TemporaryDirectory();
        await PublishAsync(published.Path);
        Assert.Empty(Directory.EnumerateFiles(published.Path, "*Sandbox*", SearchOption.AllDirectories));
        await using var provider = await OidcProvider.StartAsync();
        await using var klaviyo = await AppProcess.StartAsync(
            [Path.Combine(AppContext.BaseDirectory, "ZoeyKlaviyo.Sandbox.dll"), "--urls", sandbox, "--Sandbox:AdminUrl", admin],
            "/",
            new Dictionary<string, string>(),
            new Uri(sandbox));
        await using var app = await AppProcess.StartAsync(
            [Path.Combine(published.Path, "ZoeyKlaviyo.Admin.dll")],
            "/",
            new Dictionary<string, string>
            {
                ["ASPNETCORE_URLS"] = admin,
                ["ConnectionStrings__ZoeyKlaviyo"] = $"Data Source={published.Path}/data/app.db",
                ["Authentication__Oidc__Authority"] = provider.Address.ToString(),
                ["Authentication__Oidc__ClientId"] = OidcProvider.ClientId,
                ["Authentication__Oidc__ClientSecret"] = OidcProvider.ClientSecret,
                ["Authentication__Oidc__RequireHttps"] = "false",
                ["Klaviyo__AuthorizeUrl"] = sandbox + "/oauth/authorize",
                ["Klaviyo__ApiBaseUrl"] = sandbox,
                ["Klaviyo__ClientId"] = "sandbox-client",
                ["Klaviyo__ClientSecret"] = "sandbox-secret",
                ["Stores__0__Key"] = "acme",
                ["Stores__0__Name"] = "Acme Tools",
                ["Stores__0__BaseUrl"] = sandbox,
                ["Stores__0__PublicKey"] = "demo",
            },
            new Uri(admin + "/healthz/ready"));

        await browser.RunAsync(
            new Uri(admin), page => WholeJobAsync(page, sandbox, SignInAtTheProviderAsync), hosts: [new Uri(sandbox), provider.Address]);
    }

    private static async Task WholeJobAsync(IPage page, string sandbox, Func<IPage, Task> signIn)
    {
        await signIn(page);
        await page.GetByRole(AriaRole.Navigation).GetByRole(AriaRole.Link, new() { Name = "Integrations" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Manage Connection" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Connect to Klaviyo" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Allow" }).ClickAsync();
        await Expect(page.GetByText("Acme Tools (ABC123)").First).ToBeVisibleAsync();
        var isEnabled = page.GetByRole(AriaRole.Switch, new() { Name = "Is Enabled", Exact = true });
        await isEnabled.CheckAsync();
        await Expect(isEnabled).ToBeCheckedAsync();
        await Expect(page.GetByText("Ana Admin set Is Enabled from No to Yes").Or(page.GetByText("Store admin set Is Enabled from No to Yes"))).ToBeVisibleAsync();

        await PlayTheShopperAsync(page.Context, sandbox);

        await page.GetByRole(AriaRole.Button, new() { Name = "Sync now: Events" }).ClickAsync();
        var run = page.Locator("#audit-log tr").Filter(new() { HasText = "4 sent" });
        await run.GetByRole(AriaRole.Link, new() { Name = "Events" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/audit/\\d+$"));
        string[] metrics = ["Active on Site", "Viewed Product", "Added to Cart", "Started Checkout"];
        foreach (var metric in metrics)
            await Expect(page.GetByRole(AriaRole.Button, new() { Name = $"{metric} · {Shopper}" })).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = $"Viewed Product · {Shopper}" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Dialog).GetByText("\"ProductName\"")).ToBeVisibleAsync();
        Assert.Equal(metrics.Order(), (await ArrivedAsync(page, sandbox)).Order());
        await page.GotoAsync(sandbox + "/klaviyo");
        foreach (var metric in metrics)
            await Expect(page.GetByText(metric).First).ToBeVisibleAsync();
    }

    /// <summary>Goes on when the admin has stored what the tracking script sent.</summary>
    private static async Task PlayTheShopperAsync(IBrowserContext context, string sandbox)
    {
        var shop = await context.NewPageAsync();
        await shop.GotoAsync(sandbox + "/shop/customer/account/login");
        await shop.GetByLabel("Email address", new() { Exact = true }).FillAsync(Shopper);
        await SendingAsync("active_on_site", () => shop.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync());
        await shop.GetByRole(AriaRole.Link, new() { Name = "Hand tools" }).ClickAsync();
        await SendingAsync("viewed_product", () => shop.GetByRole(AriaRole.Link, new() { Name = "Claw hammer 16 oz" }).ClickAsync());
        await SendingAsync("added_to_cart", () => shop.GetByRole(AriaRole.Button, new() { Name = "Add to cart" }).ClickAsync());
        await SendingAsync("started_checkout", () => shop.GetByRole(AriaRole.Link, new() { Name = "Go to checkout" }).ClickAsync());
        await shop.CloseAsync();

        Task SendingAsync(string type, Func<Task> step) => shop.RunAndWaitForResponseAsync(
            step, response => response.Url.Contains("/collect/", StringComparison.Ordinal) && response.Status == 202
                && response.Request.PostData?.Contains($"\"{type}\"", StringComparison.Ordinal) == true);
    }

    private static async Task<IEnumerable<string>> ArrivedAsync(IPage page, string sandbox)
    {
        var response = await page.APIRequest.GetAsync(sandbox + "/sandbox/events?email=" + Uri.EscapeDataString(Shopper));
        using var events = JsonDocument.Parse(await response.TextAsync());
        return events.RootElement.EnumerateArray().Select(item => item.GetProperty("metric").GetString()!).ToList();
    }

    private static Task SignInAsPersonaAsync(IPage page) => page.SignInAsync("Store admin");

    private static async Task SignInAtTheProviderAsync(IPage page)
    {
        await page.GotoAsync("/");
        await page.GetByLabel("Login").FillAsync("ana");
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
    }

    private static string Address() => $"http://localhost:{AppProcess.FreePort()}";

    private static async Task PublishAsync(string output)
    {
        using var publish = Process.Start(new ProcessStartInfo("dotnet", ["publish", "ZoeyKlaviyo.Admin", "-c", "Release", "-o", output, "--nologo", "-v", "quiet"])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
        })!;
        var printed = await publish.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await publish.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(publish.ExitCode == 0, printed);
    }

    private sealed class TemporaryDirectory : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("zoeyklaviyo-tests-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
