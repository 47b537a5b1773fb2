using AngleSharp.Html.Dom;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using MudBlazor.Services;
using ZoeyKlaviyo.Admin.Settings;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Tests.Fixtures;
using TestContext = Xunit.TestContext;

namespace ZoeyKlaviyo.Tests.Admin.Settings;

public sealed class SettingsSectionTests : BunitContext, IAsyncLifetime
{
    private CoreHost _core = default!;

    private SettingsEditor Editor => _core.Get<SettingsEditor>();

    public async ValueTask InitializeAsync()
    {
        _core = await CoreHost.StartAsync(DatabaseProvider.Sqlite);
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
        Services.AddSingleton(Editor);
        Services.AddSingleton<TimeProvider>(_core.Time);
    }

    [Fact]
    public async Task Switches_AreCalledWhatTheHelpPageCallsThem()
    {
        var page = await RenderAsync(_core.Store);

        var names = page.FindAll("input[role=switch]").Select(input => page.Find($"label[for={input.Id}]").TextContent);

        Assert.Equal(SwitchCatalog.All.Select(definition => definition.Name), names);
    }

    [Fact]
    public async Task Switch_Clicked_IsSavedAtOnce()
    {
        var page = await RenderAsync(_core.Store);

        await page.Find("#switch-ViewedProduct").ChangeAsync(new ChangeEventArgs { Value = false });

        Assert.False(await IsOnAsync(Switch.ViewedProduct));
        var toast = Assert.Single(Services.GetRequiredService<ISnackbar>().ShownSnackbars);
        Assert.Equal("Viewed Product set to No", toast.Message);
    }

    [Fact]
    public async Task Switch_ChangedBySomebodyElseMeanwhile_SavesNothingAndShowsTheirValue()
    {
        IReadOnlyList<SwitchView>? shown = null;
        var page = await RenderAsync(_core.Store, current => shown = current);
        await _core.SetAsync(Switch.ViewedProduct, false);
        await _core.SetAsync(Switch.ViewedProduct, true);

        await page.Find("#switch-ViewedProduct").ChangeAsync(new ChangeEventArgs { Value = false });

        Assert.True(await IsOnAsync(Switch.ViewedProduct));
        Assert.Equal(3, shown!.Single(view => view.Definition.Switch == Switch.ViewedProduct).Version);
        var toast = Assert.Single(Services.GetRequiredService<ISnackbar>().ShownSnackbars);
        Assert.Contains("Ana set Viewed Product to Yes meanwhile", toast.Message);
    }

    [Fact]
    public async Task Support_SeesEveryValueAndChangesNone()
    {
        var store = await _core.Get<StoreAccess>().OpenAsync(People.Support, "acme", TestContext.Current.CancellationToken);

        var page = await RenderAsync(store!);

        Assert.All(page.FindAll("input[role=switch]"), input => Assert.True(((IHtmlInputElement)input).IsDisabled));
        Assert.Empty(page.FindAll("button"));
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeAsync();
        await _core.DisposeAsync();
    }

    private async Task<IRenderedComponent<SettingsSection>> RenderAsync(AuthorizedStore store, Action<IReadOnlyList<SwitchView>>? onSaved = null)
    {
        var switches = await Editor.ReadAsync(_core.Store, TestContext.Current.CancellationToken);
        return Render<SettingsSection>(parameters => parameters
            .Add(section => section.Store, store)
            .Add(section => section.Switches, switches)
            .Add(section => section.OnSaved, onSaved ?? (_ => { })));
    }

    private async Task<bool> IsOnAsync(Switch @switch) =>
        (await Editor.ReadAsync(_core.Store, TestContext.Current.CancellationToken)).Single(view => view.Definition.Switch == @switch).IsOn;
}
