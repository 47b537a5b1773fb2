using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Tests.Fixtures;

namespace ZoeyKlaviyo.Tests.Settings;

public sealed class SqliteSettingsEditorTests() : SettingsEditorTests(DatabaseProvider.Sqlite);

public sealed class PostgresSettingsEditorTests() : SettingsEditorTests(DatabaseProvider.Postgres);

public abstract class SettingsEditorTests(DatabaseProvider provider) : IAsyncLifetime
{
    private CoreHost _host = default!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private SettingsEditor Editor => _host.Get<SettingsEditor>();

    public async ValueTask InitializeAsync() => _host = await CoreHost.StartAsync(provider);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task NewStore_HasTheContractsDefaults()
    {
        var views = await Editor.ReadAsync(_host.Store, Cancel);

        Assert.Equal(Enum.GetValues<Switch>().Order(), views.Select(view => view.Definition.Switch).Order());
        Assert.Equal(
            ["Is Enabled", "Enable Admin Tracking on Store"],
            views.Where(view => !view.IsOn).Select(view => view.Definition.Name));
    }

    [Fact]
    public async Task Set_SavedAndRecordedWithWhoWhenFromTo()
    {
        var outcome = await SetAsync(Switch.IsEnabled, true, seenVersion: 1);

        Assert.Null(outcome.Problem);
        Assert.True(outcome.Current.Single(view => view.Definition.Switch == Switch.IsEnabled).IsOn);
        var change = await _host.ReadAsync(db => db.SettingChanges.SingleAsync(Cancel));
        Assert.Equal(("Ana", CoreHost.Start, "Is Enabled", "No", "Yes"), (change.Who, change.AtUtc, change.Subject, change.From, change.To));
    }

    [Fact]
    public async Task Set_FromAStaleWindow_SavesNothingAndSaysWhatHappened()
    {
        await SetAsync(Switch.ViewedProduct, false, seenVersion: 1);

        var outcome = await SetAsync(Switch.ViewedProduct, false, seenVersion: 1);

        Assert.Contains("Ana set Viewed Product to No meanwhile", outcome.Problem, StringComparison.Ordinal);
        Assert.Single(await ChangesAsync());
    }

    [Fact]
    public async Task Set_AnotherSwitchInAnotherWindow_DoesNotCollide()
    {
        await SetAsync(Switch.ViewedProduct, false, seenVersion: 1);

        Assert.Null((await SetAsync(Switch.AddedToCart, false, seenVersion: 1)).Problem);
    }

    [Fact]
    public async Task Set_InTwoWindowsAtOnce_OneWins()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => SetAsync(Switch.IsEnabled, true, seenVersion: 1))));

        Assert.Single(outcomes, outcome => outcome.Problem is null);
        Assert.Single(await ChangesAsync());
    }

    [Fact]
    public async Task SetEverythingToYes_SwitchesAllAndRecordsOnlyWhatChanged()
    {
        var outcome = await Editor.SetEverythingToYesAsync(_host.Store, await Editor.ReadAsync(_host.Store, Cancel), Cancel);

        Assert.All(outcome.Current, view => Assert.True(view.IsOn));
        Assert.Equal(2, (await ChangesAsync()).Count);
    }

    [Fact]
    public async Task SetEverythingToYes_FromAStaleWindow_SavesNothing()
    {
        var seen = await Editor.ReadAsync(_host.Store, Cancel);
        await SetAsync(Switch.Products, false, seenVersion: 1);

        var outcome = await Editor.SetEverythingToYesAsync(_host.Store, seen, Cancel);

        Assert.NotNull(outcome.Problem);
        Assert.False(outcome.Current.Single(view => view.Definition.Switch == Switch.IsEnabled).IsOn);
    }

    [Theory]
    [InlineData((Switch)999, 1)]
    [InlineData(Switch.IsEnabled, 0)]
    public async Task Set_Invalid_SaysSoAndSavesNothing(Switch @switch, int seenVersion)
    {
        var outcome = await SetAsync(@switch, true, seenVersion);

        Assert.NotNull(outcome.Problem);
        Assert.Empty(await ChangesAsync());
    }

    [Fact]
    public async Task Set_ByPersonWhoMayOnlyLook_Refused()
    {
        var support = (await _host.Get<StoreAccess>().OpenAsync(new Person("sam", "Sam", true, false, new HashSet<string>()), "acme", Cancel))!;

        await Assert.ThrowsAsync<AccessDeniedException>(() => Editor.SetAsync(support, new SwitchChange(Switch.IsEnabled, true, 1), Cancel));
        Assert.Empty(await ChangesAsync());
    }

    [Fact]
    public async Task Periods_FollowTheSwitch()
    {
        var t0 = _host.Time.GetUtcNow();
        _host.Time.Advance(TimeSpan.FromMinutes(10));
        await SetAsync(Switch.ViewedProduct, false, seenVersion: 1);
        _host.Time.Advance(TimeSpan.FromMinutes(10));
        await SetAsync(Switch.ViewedProduct, true, seenVersion: 2);

        var periods = new ActivePeriods(await _host.ReadAsync(db => db.ActivePeriods.ToListAsync(Cancel)), accountId: null);

        bool WasOn(double minutes) => periods.WasOn(Switch.ViewedProduct, t0.AddMinutes(minutes));
        Assert.Equal([false, true, true, false, false, true, true], new[] { WasOn(-1), WasOn(0), WasOn(9.99), WasOn(10), WasOn(19.99), WasOn(20), WasOn(1000) });
    }

    private Task<SettingsOutcome> SetAsync(Switch @switch, bool isOn, int seenVersion) =>
        Editor.SetAsync(_host.Store, new SwitchChange(@switch, isOn, seenVersion), Cancel);

    private Task<List<SettingChange>> ChangesAsync() => _host.ReadAsync(db => db.SettingChanges.ToListAsync(Cancel));
}
