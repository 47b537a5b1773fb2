using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using ZoeyKlaviyo.Admin.Audit;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Events.Intake;
using ZoeyKlaviyo.Core.Orders;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Stores.Api;

namespace ZoeyKlaviyo.Admin.Connection;

/// <summary>Manage Connection: the connection, the settings, the syncs and the Audit Log.</summary>
public sealed partial class ManageConnectionPage
{
    private ElementReference _verdict;
    private ConnectionView? _connection;
    private AccountChoice? _choice;
    private IReadOnlyList<SwitchView> _switches = [];
    private StoreOverview? _overview;
    private ConnectOutcome? _outcome;
    private LiveView _live = LiveView.Nothing;
    private ZoeyAccessView? _storeApi;
    private OrderReading? _orders;
    private int _pulse;

    [Inject]
    private ConnectionStore Connections { get; init; } = default!;

    [Inject]
    private AccountSwitch Accounts { get; init; } = default!;

    [Inject]
    private SettingsEditor Settings { get; init; } = default!;

    [Inject]
    private SyncOverview Overview { get; init; } = default!;

    [Inject]
    private LiveCheck LiveCheck { get; init; } = default!;

    [Inject]
    private ZoeyAccessEditor StoreApi { get; init; } = default!;

    [Inject]
    private OrderOverview Orders { get; init; } = default!;

    private int WaitingInAll => _overview?.Lines.Sum(line => line.Waiting ?? 0) ?? 0;

    protected override Task OnStoreOpenedAsync(AuthorizedStore store)
    {
        (_connection, _choice, _overview, _switches, _live) = (null, null, null, [], LiveView.Nothing);
        (_storeApi, _orders) = (null, null);
        return base.OnStoreOpenedAsync(store);
    }

    protected override async Task<Action> ReadAsync(AuthorizedStore store, bool isLive, CancellationToken cancellationToken)
    {
        var outcome = AuditQuery.Name<ConnectOutcome>(AuditPaths.Query(Navigation.Uri)[ConnectEndpoints.OutcomeParameter]);
        var connection = await Connections.FindAsync(store, cancellationToken);
        var choice = await Accounts.FindAsync(store, cancellationToken);
        var switches = await Settings.ReadAsync(store, cancellationToken);
        var overview = await Overview.ReadAsync(store, cancellationToken);
        var live = await LiveCheck.ReadAsync(store, cancellationToken);
        var storeApi = await StoreApi.ReadAsync(store, cancellationToken);
        var orders = await Orders.ReadAsync(store, cancellationToken);
        return () =>
        {
            (_storeApi, _orders) = (storeApi, orders);
            (_outcome, _connection, _choice, _switches, _overview, _live) = (outcome, connection, choice, switches, overview, live);
            _pulse++;
        };
    }

    private void ShowSwitches(IReadOnlyList<SwitchView> switches) => _switches = switches;

    /// <summary>The buttons that had the focus are gone: it goes to the sentence that says how things are now.</summary>
    private async Task ShowDecisionAsync()
    {
        await ReloadAsync();
        try
        {
            await _verdict.FocusAsync();
        }
        catch (JSDisconnectedException)
        {
            // The page was left.
        }
    }

    private void DismissOutcome() => Navigation.NavigateTo(Navigation.GetUriWithQueryParameter(ConnectEndpoints.OutcomeParameter, (string?)null), replace: true);
}
