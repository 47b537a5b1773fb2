using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using MudBlazor.Services;
using ZoeyKlaviyo.Admin.Connection;
using ZoeyKlaviyo.Admin.Shared;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Tests.Fixtures;
using TestContext = Xunit.TestContext;

namespace ZoeyKlaviyo.Tests.Admin.Connection;

public sealed class AccountChoiceSectionTests : BunitContext, IAsyncLifetime
{
    private CoreHost _core = default!;

    public async ValueTask InitializeAsync()
    {
        _core = await CoreHost.StartAsync(DatabaseProvider.Sqlite);
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
        Services.AddSingleton(_core.Get<AccountSwitch>());
        Services.AddSingleton<TimeProvider>(_core.Time);
        Services.AddScoped<MinuteClock>();
    }

    [Fact]
    public void Connected_NamesBothAccountsAndWhatASwitchCosts()
    {
        var section = Show(Choice(waiting: 1350));

        Assert.Equal("Switch to Other Co?", section.Find("h2").TextContent);
        Assert.Equal(
            "Another Klaviyo account was chosen than before. Nothing has changed yet. "
            + "Ben chose Other Co (XYZ789) at Klaviyo. This store is connected to Acme Tools (ABC123).",
            Squeeze(section.Find("[role=alert]").TextContent));
        Assert.Equal(
            [
                "After the switch, events are sent to Other Co.",
                "1,350 events that wait for Acme Tools are discarded, and sent to neither account.",
                "What Klaviyo has already received stays where it is, in Acme Tools.",
                "Klaviyo is told to end this application's access to Acme Tools.",
            ],
            section.FindAll("li").Select(item => Squeeze(item.TextContent)));
        Assert.Contains("Without a decision this question closes in 30 min, and nothing changes.", Squeeze(section.Find(".choice-end").TextContent), StringComparison.Ordinal);
        Assert.Equal(["Keep Acme Tools", "Switch to Other Co"], Buttons(section));
    }

    [Theory]
    [InlineData(0, "No event waits to be sent to Acme Tools, so none is lost.")]
    [InlineData(1, "1 event that waits for Acme Tools is discarded, and sent to neither account.")]
    public void NothingOrOneWaits_ReadsWell(int waiting, string expected) =>
        Assert.Equal(expected, Squeeze(Show(Choice(waiting)).FindAll("li")[1].TextContent));

    [Fact]
    public void NotConnected_NamesTheFormerAccount()
    {
        var section = Show(Choice(2) with { IsConnected = false });

        Assert.Contains("This store was connected to Acme Tools (ABC123).", Squeeze(section.Find("[role=alert]").TextContent), StringComparison.Ordinal);
        Assert.Equal(3, section.FindAll("li").Count);
        Assert.Equal(["Stay disconnected", "Switch to Other Co"], Buttons(section));
    }

    [Fact]
    public void AccountsOfTheSameName_AreToldApartByTheirIds() => Assert.Equal(
        ["Keep Acme Tools (ABC123)", "Switch to Acme Tools (XYZ789)"],
        Buttons(Show(Choice(0) with { Chosen = new KlaviyoAccount("XYZ789", "Acme Tools") })));

    [Fact]
    public async Task Support_ReadsItAndHasNoButtons()
    {
        var support = await _core.Get<StoreAccess>().OpenAsync(People.Support, "acme", TestContext.Current.CancellationToken);

        Assert.Empty(Show(Choice(1), support).FindAll("button"));
    }

    [Fact]
    public async Task DecidedBySomebodyElseMeanwhile_SaysSo()
    {
        var isDecided = false;
        var section = Show(Choice(1), onDecided: () => isDecided = true);

        await section.FindAll("button")[1].ClickAsync(new());

        var toast = Assert.Single(Services.GetRequiredService<ISnackbar>().ShownSnackbars);
        Assert.Equal(("Somebody else decided meanwhile not to switch. Nothing was changed.", Severity.Warning), (toast.Message, toast.Severity));
        Assert.True(isDecided);
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeAsync();
        await _core.DisposeAsync();
    }

    private AccountChoice Choice(int waiting)
    {
        var now = _core.Time.GetUtcNow();
        return new AccountChoice(
            "choice-1", new KlaviyoAccount("XYZ789", "Other Co"), "Ben", now, now + AccountSwitch.OpenFor, new KlaviyoAccount("ABC123", "Acme Tools"), true, waiting);
    }

    private IRenderedComponent<AccountChoiceSection> Show(AccountChoice choice, AuthorizedStore? store = null, Action? onDecided = null) =>
        Render<AccountChoiceSection>(parameters => parameters
            .Add(section => section.Store, store ?? _core.Store)
            .Add(section => section.Choice, choice)
            .Add(section => section.OnDecided, onDecided ?? (() => { })));

    private static IEnumerable<string> Buttons(IRenderedComponent<AccountChoiceSection> section) =>
        section.FindAll("button").Select(button => Squeeze(button.TextContent));

    private static string Squeeze(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
