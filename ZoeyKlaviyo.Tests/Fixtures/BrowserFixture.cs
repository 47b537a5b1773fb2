using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Playwright;
using ZoeyKlaviyo.Tests.Fixtures;

[assembly: AssemblyFixture(typeof(BrowserFixture))]

namespace ZoeyKlaviyo.Tests.Fixtures;

/// <summary>One Chromium for all tests; every test gets a context, that is, cookies and storage, of its own.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private readonly SemaphoreSlim _starting = new(1, 1);
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        _starting.Dispose();
    }

    /// <summary>
    /// Runs a journey. It fails on an error in the browser's console too, a violation of the content security policy among
    /// them, and on a request to a host that is none of <paramref name="hosts"/>; a failure leaves a screenshot in TestResults.
    /// </summary>
    public async Task RunAsync(
        Uri address,
        Func<IPage, Task> journey,
        BrowserNewContextOptions? options = null,
        IEnumerable<Uri>? hosts = null,
        [CallerMemberName] string name = "")
    {
        var browser = await StartAsync();
        await using var context = await browser.NewContextAsync(new BrowserNewContextOptions(options ?? new()) { BaseURL = address.ToString() });
        context.SetDefaultTimeout(15_000);
        var page = await context.NewPageAsync();
        var problems = Watch(page, (hosts ?? []).Append(address).Select(host => host.Authority).ToHashSet());
        try
        {
            await journey(page);
            Assert.Empty(problems);
        }
        catch
        {
            var path = Path.Combine(Repository.Root, "TestResults", $"{name}.png");
            await page.ScreenshotAsync(new() { Path = path, FullPage = true });
            TestContext.Current.AddWarning($"{page.Url}, screenshot {path}\n{string.Join('\n', problems)}");
            throw;
        }
    }

    private static ConcurrentQueue<string> Watch(IPage page, HashSet<string> hosts)
    {
        var problems = new ConcurrentQueue<string>();
        page.Console += (_, message) =>
        {
            // The status of a page that is meant to be refused is the test's own affair.
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
                problems.Enqueue($"console: {message.Text}");
        };
        page.PageError += (_, error) => problems.Enqueue($"script: {error}");
        page.Request += (_, request) =>
        {
            var uri = new Uri(request.Url);
            if (uri.Scheme is "http" or "https" && !hosts.Contains(uri.Authority))
                problems.Enqueue($"request to another host: {request.Url}");
        };
        return problems;
    }

    private async Task<IBrowser> StartAsync()
    {
        await _starting.WaitAsync();
        try
        {
            if (_browser is not null)
                return _browser;
            _playwright = await Playwright.CreateAsync();
            return _browser = await _playwright.Chromium.LaunchAsync(new()
            {
                ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } path ? path : "/usr/bin/chromium",
                Args = ["--no-sandbox", "--disable-quic", "--disable-background-networking"],
            });
        }
        finally
        {
            _starting.Release();
        }
    }
}
