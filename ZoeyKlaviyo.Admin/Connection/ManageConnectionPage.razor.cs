using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using ZoeyKlaviyo.Admin.Audit;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Catalog;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Events.Intake;
using ZoeyKlaviyo.Core.Orders;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Stores.Api;
using ZoeyKlaviyo.Core.Subscribers;
using ZoeyKlaviyo.Core.Subscribers.Files;

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
    private SubscriberSummary? _subscribers;
    private IReadOnlyDictionary<SyncKind, FileView> _files = new Dictionary<SyncKind, FileView>();
    private CatalogSummary? _catalog;
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

    [Inject]
    private SubscriberOverview Subscribers { get; init; } = default!;

    [Inject]
    private SubscriberFiles Files { get; init; } = default!;

    [Inject]
    private CatalogOverview Catalog { get; init; } = default!;

    private int WaitingInAll => _overview?.Lines.Sum(line => line.Waiting ?? 0) ?? 0;

    protected override Task OnStoreOpenedAsync(AuthorizedStore store)
    {
        (_connection, _choice, _overview, _switches, _live) = (null, null, null, [], LiveView.Nothing);
        (_storeApi, _orders, _subscribers, _catalog) = (null, null, null, null);
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
        var subscribers = await Subscribers.ReadAsync(store, cancellationToken);
        var files = new Dictionary<SyncKind, FileView>();
        foreach (var kind in new[] { SyncKind.SubscriberImport, SyncKind.OptOutReport, SyncKind.KlaviyoExport })
            files[kind] = await Files.LastAsync(store, kind, cancellationToken);
        var catalog = await Catalog.ReadAsync(store, cancellationToken);
        return () =>
        {
            (_storeApi, _orders, _subscribers, _files, _catalog) = (storeApi, orders, subscribers, files, catalog);
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
