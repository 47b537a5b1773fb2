using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using ZoeyKlaviyo.Admin.Shared;
using ZoeyKlaviyo.Core.Catalog;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Admin.Catalog;

/// <summary>Searches the catalog, and shows the records behind a count. What is shown stands in the address; rows change in their place only.</summary>
public sealed partial class CatalogFinder : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly HashSet<long> _gone = [];
    private List<CatalogFinding> _rows = [];
    private ElementReference _heading;
    private PageScript? _script;
    private string _text = "";
    private long? _next;
    private bool _hasMore;
    private bool _isRead;
    private bool _isUnreadable;
    private bool _isToBeShown;
    private bool _isTyped;
    private (string Address, int Pulse)? _shown;
    private int _reads;

    /// <summary>The page's address, with what to look for in its query.</summary>
    [Parameter, EditorRequired]
    public string Address { get; set; } = "";

    /// <summary>Changes whenever something in the store may have.</summary>
    [Parameter]
    public int Pulse { get; set; }

    [Parameter, EditorRequired]
    public IReadOnlyList<CatalogLine> Lines { get; set; } = [];

    [Inject]
    private CatalogSearch Records { get; init; } = default!;

    [Inject]
    private NavigationManager Navigation { get; init; } = default!;

    [Inject]
    private IJSRuntime Browser { get; init; } = default!;

    private CatalogFilter Filter => CatalogPaths.Filter(Address);

    private bool IsSearch => Filter.Text is not null;

    private string Announcement => !_isRead || Filter.IsEmpty ? ""
        : _rows.Count == 0 ? IsSearch ? "Nothing found." : "No records."
        : _hasMore || _next is not null ? $"{Words.Number(_rows.Count)} records shown; there are more." : $"{Words.Count(_rows.Count, "record")} shown.";

    private string WhatToDo => !IsSearch ? "The counts above say how things are now."
        : Lines.All(line => line.LastSuccessUtc is null && line.Total == 0) ? "No sync has read the store's catalog yet. Press Sync now at Categories, Products and Variants, then search again."
        : "Search for the whole SKU or id, or for a part of the name. A product that is new in the store is known here after the next Products run: press Sync now at Products, then search again.";

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
        var isLive = _shown is { } shown && CatalogPaths.Filter(shown.Address) == Filter && CatalogPaths.After(shown.Address) == CatalogPaths.After(Address);
        _shown = (Address, Pulse);
        if (isLive && _rows.Count > 0)
        {
            await RefreshAsync();
            return;
        }

        if (!isLive)
            (_text, _isToBeShown, _isTyped, _isRead) = (Filter.Text ?? "", !Filter.IsEmpty && !_isTyped, false, false);
        await LoadAsync();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!_isToBeShown || !_isRead)
            return;
        _isToBeShown = false;
        await (_script ??= new PageScript(Browser, Assets["page.js"])).RevealAsync(CatalogPaths.Fragment);
        await _heading.FocusAsync(preventScroll: true);
    }

    private Task LoadAsync() => ReadAsync(async stopping =>
    {
        var page = await Records.PageAsync(Store, Filter, CatalogPaths.After(Address), stopping);
        return () =>
        {
            (_rows, _next, _hasMore, _isRead) = ([.. page.Records], page.Next, page.HasMore, true);
            _gone.Clear();
        };
    });

    private Task RefreshAsync() => ReadAsync(async stopping =>
    {
        var fresh = (await Records.FindAsync(Store, _rows.ConvertAll(row => row.Record.Id), stopping)).ToDictionary(row => row.Record.Id);
        return () =>
        {
            _gone.UnionWith(_rows.Select(row => row.Record.Id).Where(id => !fresh.ContainsKey(id)));
            _rows = _rows.ConvertAll(row => fresh.GetValueOrDefault(row.Record.Id, row));
        };
    });

    private async Task ReadAsync(Func<CancellationToken, Task<Action>> read)
    {
        var (number, stopping) = (++_reads, _stopping.Token);
        try
        {
            var show = await read(stopping);
            if (number != _reads)
                return;
            show();
            _isUnreadable = false;
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

    /// <summary>Whoever types goes on typing; whoever follows a link is taken to what it leads to.</summary>
    private Task SearchAsync()
    {
        var filter = string.IsNullOrWhiteSpace(_text) ? new CatalogFilter() : new CatalogFilter(Text: _text.Trim());
        if (filter == Filter)
            return LoadAsync();
        _isTyped = true;
        Navigation.NavigateTo(CatalogPaths.With(Navigation, filter, isThere: true));
        return Task.CompletedTask;
    }
}
