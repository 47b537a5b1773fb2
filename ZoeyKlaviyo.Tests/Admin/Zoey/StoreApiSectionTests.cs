using Bunit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;
using ZoeyKlaviyo.Admin.Shared;
using ZoeyKlaviyo.Admin.Zoey;
using ZoeyKlaviyo.Core.Orders;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Stores.Api;
using ZoeyKlaviyo.Core.Zoey;
using ZoeyKlaviyo.Tests.Fixtures;
using TestContext = Xunit.TestContext;

namespace ZoeyKlaviyo.Tests.Admin.Zoey;

/// <summary>Setting up a store's API: what is missing is said, nothing that was typed is lost, nothing that is stored is shown.</summary>
public sealed class StoreApiSectionTests : BunitContext, IAsyncLifetime
{
    private const string Secret = "cs-very-secret";
    private static readonly OrderReading s_noOrders = new(null, null, null, 0, 0);
    private CoreHost _core = default!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _core = await CoreHost.StartAsync(DatabaseProvider.Sqlite);
        // A store that people look after: its address is not in the configuration.
        await _core.Database.WriteAsync(db => db.Stores.ExecuteUpdateAsync(update => update.SetProperty(store => store.FromConfiguration, false), Cancel), Cancel);
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
        Services.AddSingleton(_core.Get<ZoeyAccessEditor>());
        Services.AddSingleton(_core.Get<ZoeyProbe>());
        Services.AddSingleton<TimeProvider>(_core.Time);
        Services.AddScoped<MinuteClock>();
    }

    [Fact]
    public async Task NotSetUp_SaysWhatIsMissing_AndWhatToDo()
    {
        var section = await ShowAsync();

        Assert.Contains("Orders can't be read from the store yet, so Placed Order and Ordered Product are not sent.", section.Markup, StringComparison.Ordinal);
        Assert.Equal(["Set up"], section.FindAll("button").Select(button => button.TextContent.Trim()));
    }

    [Fact]
    public async Task WrongInput_IsNamedByField_AndStays()
    {
        var section = await ShowAsync();
        section.Find("button").Click();
        section.Find("input[type=url]").Input("http://shop.example");
        section.FindAll("input[type=password]")[0].Input("ck-1");

        await section.Find("form").SubmitAsync();

        Assert.Equal(4, section.FindAll(".field-problem").Count);
        Assert.Contains("https", section.FindAll(".field-problem")[0].TextContent, StringComparison.Ordinal);
        Assert.Equal("http://shop.example", section.Find("input[type=url]").GetAttribute("value"));
        Assert.Equal("ck-1", section.FindAll("input[type=password]")[0].GetAttribute("value"));
        Assert.Equal("true", section.Find("input[type=url]").GetAttribute("aria-invalid"));
    }

    [Fact]
    public async Task SetUp_ShowsNoSecretAgain()
    {
        await SaveAsync();

        var section = await ShowAsync();
        section.FindAll("button").Single(button => button.TextContent.Trim() == "Change").Click();

        Assert.DoesNotContain(Secret, section.Markup, StringComparison.Ordinal);
        Assert.All(section.FindAll("input[type=password]"), input => Assert.Equal(("", "unchanged"), (input.GetAttribute("value") ?? "", input.GetAttribute("placeholder"))));
        Assert.Contains("What is stored is never shown. A field that you leave empty keeps its value.", section.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Orders_SaysHowFarTheyWereRead_AndWhatIsWrong()
    {
        await SaveAsync();

        var section = await ShowAsync(new OrderReading(_core.Time.GetUtcNow(), _core.Time.GetUtcNow(), "The store does not answer.", 2, 1));

        Assert.Contains("Orders could not be read: The store does not answer.", section.Markup, StringComparison.Ordinal);
        var orders = string.Join(' ', section.FindAll("dd")[2].TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal("Last read just now; 2 orders not placed yet, looked at again with each run; 1 order waiting for the products to be read", orders);
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeAsync();
        await _core.DisposeAsync();
    }

    private async Task SaveAsync()
    {
        var credentials = new ZoeyCredentials { ConsumerKey = "ck-1", ConsumerSecret = Secret, AccessToken = "at-1", TokenSecret = "ts-1" };
        Assert.Empty((await _core.Get<ZoeyAccessEditor>().SaveAsync(_core.Store, new ZoeyAccessChange(0, "https://shop.example", ZoeyAuthMode.OAuth1, credentials), Cancel)).Errors);
    }

    private async Task<IRenderedComponent<StoreApiSection>> ShowAsync(OrderReading? orders = null)
    {
        var access = await _core.Get<ZoeyAccessEditor>().ReadAsync(_core.Store, Cancel);
        return Render<StoreApiSection>(parameters => parameters
            .Add(section => section.Store, _core.Store).Add(section => section.Access, access).Add(section => section.Orders, orders ?? s_noOrders));
    }
}
