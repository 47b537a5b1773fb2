using System.Globalization;
using Bunit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;
using ZoeyKlaviyo.Admin.Shared;
using ZoeyKlaviyo.Admin.Storefront;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Events.Intake;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Tests.Fixtures;
using TestContext = Xunit.TestContext;

namespace ZoeyKlaviyo.Tests.Admin.Storefront;

/// <summary>Does the admin see whether the snippet works?</summary>
public sealed class StorefrontSectionTests : BunitContext, IAsyncLifetime
{
    private CoreHost _core = default!;
    private AuthorizedStore _store = default!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _core = await CoreHost.StartAsync(DatabaseProvider.Sqlite);
        _store = _core.Store;
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
        Services.AddSingleton<TimeProvider>(_core.Time);
        Services.AddScoped<MinuteClock>();
    }

    [Fact]
    public async Task NothingYet_SaysWhatToDoNext()
    {
        var section = await ShowAsync();

        Assert.Equal(
            "No events yet. Add the snippet to your theme; the first visit of a logged-in customer shows up here within seconds.",
            section.Find("[role=status]").TextContent);
        Assert.Empty(section.FindAll("table"));
    }

    [Theory]
    [InlineData(null, "http://localhost")]
    [InlineData("https://connector.example/", "https://connector.example")]
    public async Task Snippet_NamesThePublicAddressAndTheStore(string? configured, string address)
    {
        var section = await ShowAsync(configured);

        Assert.Equal($"<script async src=\"{address}/storefront/public-acme.js\"></script>", section.Find("pre").TextContent);
    }

    [Fact]
    public async Task ScriptLoaded_SaysThatItWorks()
    {
        _core.Get<LiveCheck>().ScriptLoaded(_store.Id);

        var section = await ShowAsync();

        Assert.Equal(
            "The snippet works: browsers load it. No events yet: log in to the store as a customer and open a product.",
            section.Find("[role=status]").TextContent);
    }

    [Fact]
    public async Task Events_AreListedNewestFirst_WithWhatBecameOfThem()
    {
        await _core.ConnectAsync();
        _core.Get<LiveCheck>().ScriptLoaded(_store.Id);
        await CollectAsync("viewed_product", """{"email":"jo@shop.test"}""");
        await CollectAsync("viewed_product", "{}");
        await CollectAsync("added_to_cart", """{"email":"jo@shop.test","trackingBlocked":true}""");
        await CollectAsync("placed_order", """{"email":"jo@shop.test"}""");

        var section = await ShowAsync();

        Assert.Equal("The snippet works. The last events received:", section.Find("[role=status]").TextContent);
        Assert.Equal(
            [
                ["An event", "jo@shop.test", "Rejected", "type orders are taken from the store itself, never from a browser"],
                ["Added to Cart", "jo@shop.test", "Not counted", "The shopper blocks tracking."],
                ["Viewed Product", "Not known", "Not counted", "The shopper was not known: not logged in, and no address entered at the checkout."],
                ["Viewed Product", "jo@shop.test", "Recorded", ""],
            ],
            section.FindAll("tbody tr").Select(row => new[]
            {
                row.QuerySelector("th")!.TextContent,
                row.QuerySelector("td")!.TextContent,
                row.QuerySelector(".status-chip")!.TextContent.Trim(),
                row.QuerySelector("td:last-child .muted")!.TextContent,
            }));
    }

    [Fact]
    public async Task Orders_WhichCameFromTheStoreItself_DoNotHideWhatPagesSend()
    {
        await _core.ConnectAsync();
        await CollectAsync("viewed_product", """{"email":"jo@shop.test"}""");
        foreach (var metric in new[] { "Placed Order", "Ordered Product", "Subscribe" })
            await _core.FillOutboxAsync(10, metric: metric);

        var section = await ShowAsync();

        Assert.Equal(["jo@shop.test"], section.FindAll("tbody tr td:nth-of-type(1)").Select(cell => cell.TextContent));
    }

    [Fact]
    public async Task ManyThatDoNotCount_KeepOnlyTheLast()
    {
        await _core.ConnectAsync();
        for (var i = 0; i < 30; i++)
            await CollectAsync("viewed_product", $$"""{"email":"{{i.ToString(CultureInfo.InvariantCulture)}}@shop.test","trackingBlocked":true}""");

        var shoppers = (await ShowAsync()).FindAll("tbody tr td:nth-of-type(1)").Select(cell => cell.TextContent);

        Assert.Equal(Enumerable.Range(22, 8).Reverse().Select(i => $"{i}@shop.test"), shoppers);
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeAsync();
        await _core.DisposeAsync();
    }

    private async Task<IRenderedComponent<StorefrontSection>> ShowAsync(string? publicAddress = null)
    {
        Services.AddSingleton<IConfiguration>(
            new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Public:BaseUrl"] = publicAddress }).Build());
        var live = await _core.Get<LiveCheck>().ReadAsync(_store, Cancel);
        return Render<StorefrontSection>(parameters => parameters.Add(section => section.Store, _store).Add(section => section.Live, live));
    }

    private async Task CollectAsync(string type, string visitor)
    {
        _core.Time.Advance(TimeSpan.FromSeconds(1));
        await _core.CollectAsync($$"""{"visitor":{{visitor}},"events":[{"id":"{{Guid.NewGuid()}}","type":"{{type}}"}]}""");
    }
}
