using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;
using ZoeyKlaviyo.Admin.SignIn;
using ZoeyKlaviyo.Admin.Stores;
using ZoeyKlaviyo.Core.Access;

namespace ZoeyKlaviyo.Admin.Shell;

public sealed partial class MainLayout : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private ErrorBoundary? _errors;
    private Person? _person;
    private IReadOnlyList<StoreSummary> _stores = [];
    private StoreSummary? _store;

    /// <summary>In a narrow window only; in a wide one the rail always stands there.</summary>
    private bool _railOpen;

    /// <summary>Null until the browser has told; nothing is drawn before, so that the page does not change its colours.</summary>
    private bool? _isDark;

    [CascadingParameter]
    private Task<AuthenticationState> Authentication { get; set; } = default!;

    [Inject]
    private StoreAccess Access { get; init; } = default!;

    [Inject]
    private NavigationManager Navigation { get; init; } = default!;

    [Inject]
    private IJSRuntime Browser { get; init; } = default!;

    private string HomePath => _stores is [var only] ? StorePaths.Integrations(only.Key) : StorePaths.List;

    public void Dispose()
    {
        Navigation.LocationChanged -= OnLocationChanged;
        _stopping.Cancel();
        _stopping.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        Navigation.LocationChanged += OnLocationChanged;
        _person = PersonFactory.From((await Authentication).User);
        if (_person is { HasRole: true })
            _stores = await Access.ListAsync(_person, _stopping.Token);
        FollowAddress();
        var screen = await Browser.InvokeAsync<BrowserScreen>("zoeyShell.screen", _stopping.Token);
        _isDark = screen.IsDark;
    }

    private async Task SwitchThemeAsync()
    {
        _isDark = !_isDark;
        await Browser.InvokeVoidAsync("zoeyShell.chooseTheme", _stopping.Token, _isDark);
    }

    private void ToggleRail() => _railOpen = !_railOpen;

    private void CloseRailOnEscape(KeyboardEventArgs key) => _railOpen &= key.Key != "Escape";

    private void OnLocationChanged(object? sender, LocationChangedEventArgs e)
    {
        _errors?.Recover();
        _railOpen = false;
        FollowAddress();
        _ = InvokeAsync(StateHasChanged);
    }

    /// <summary>Outside of any store, the rail keeps the last one, or the only one.</summary>
    private void FollowAddress()
    {
        var key = StorePaths.KeyOf(Navigation.Uri);
        _store = _stores.FirstOrDefault(store => store.Key == key) ?? _store ?? (_stores is [var only] ? only : null);
    }

    private sealed record BrowserScreen(bool IsDark);
}
