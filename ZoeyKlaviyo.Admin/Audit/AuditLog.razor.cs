using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using ZoeyKlaviyo.Admin.Shared;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Admin.Audit;

/// <summary>Runs and settings changes. Filters and place are in the address, so that every view of it can be linked to.</summary>
public sealed partial class AuditLog : IAsyncDisposable
{
    private const int PageSize = 25;

    private readonly CancellationTokenSource _stopping = new();
    private readonly LiveRows<TimelineEntry> _rows = new(KeyOf);
    private HandsOn? _hands;
    private PageScript? _script;
    private string? _older;
    private bool _isRead;
    private bool _isRevealed;
    private bool _isUnreadable;
    private (string Address, int Pulse)? _shown;
    private int _reads;

    [Parameter, EditorRequired]
    public AuthorizedStore Store { get; set; } = default!;

    /// <summary>The page's address, with the filters in its query.</summary>
    [Parameter, EditorRequired]
    public string Address { get; set; } = "";

    /// <summary>Changes whenever something in the store may have.</summary>
    [Parameter]
    public int Pulse { get; set; }

    [Parameter]
    public bool IsFolded { get; set; }

    [Inject]
    private Timeline Timeline { get; init; } = default!;

    [Inject]
    private NavigationManager Navigation { get; init; } = default!;

    [Inject]
    private IJSRuntime Browser { get; init; } = default!;

    private AuditFilter Filter => AuditQuery.Filter(AuditPaths.Query(Address));

    private string? Cursor => AuditPaths.Query(Address)["older"];

    private bool IsFiltered => Filter with { ShowIdle = false } != new AuditFilter();

    private bool IsNamedInAddress => new Uri(Address).Fragment == "#audit-log";

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _stopping.Dispose();
        if (_script is not null)
            await _script.DisposeAsync();
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_shown == (Address, Pulse))
            return;
        var isLive = _shown?.Address == Address;
        _shown = (Address, Pulse);
        await LoadAsync(isLive);
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!_isRead || _isRevealed)
            return;
        _isRevealed = true;
        if (IsNamedInAddress)
            await (_script ??= new PageScript(Browser, Assets["page.js"])).RevealAsync("audit-log");
    }

    private static object KeyOf(TimelineEntry entry) => entry.Run is { } run ? (true, run.Id) : (false, entry.Change!.Id);

    private Task LoadAsync() => LoadAsync(isLive: false);

    private async Task LoadAsync(bool isLive)
    {
        var (read, stopping) = (++_reads, _stopping.Token);
        try
        {
            var page = await Timeline.PageAsync(Store, Filter, Cursor, PageSize, stopping);
            if (read != _reads)
                return;
            Show(page, isLive);
            _isUnreadable = false;
            _isRead = true;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The page was left.
        }
        catch (Exception exception) when (exception.IsDatabaseFailure())
        {
            _isUnreadable = true;
        }
    }

    private void Show(TimelinePage page, bool isLive)
    {
        if (isLive && (IsFiltered || Cursor is not null || _hands is { IsOn: true }))
        {
            _rows.Update(page.Entries);
            return;
        }

        _rows.Show(page.Entries);
        _older = page.Older;
    }

    private Task ShowNewestAsync() => LoadAsync(isLive: false);

    private void Go(string address) => Navigation.NavigateTo(address);

    private void ClearFilters() => Go(AuditFilters.Cleared(Navigation));
}
