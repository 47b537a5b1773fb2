using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Catalog;
using ZoeyKlaviyo.Core.Events;

namespace ZoeyKlaviyo.Admin.Audit;

/// <summary>Everything about one record: plain words first, then what was tried, sent and answered.</summary>
public sealed partial class RecordDrawer
{
    private ElementReference _drawer;

    [Parameter, EditorRequired]
    public AuthorizedStore Store { get; set; } = default!;

    [Parameter, EditorRequired]
    public string Title { get; set; } = "";

    /// <summary>The attempt that is looked at; null when there was none yet.</summary>
    [Parameter]
    public RunRecord? Record { get; set; }

    [Parameter]
    public Payload? Payload { get; set; }

    [Parameter]
    public string? Request { get; set; }

    /// <summary>The record of the catalog that it is about, as it is now.</summary>
    [Parameter]
    public CatalogRecord? Catalog { get; set; }

    /// <summary>Oldest first.</summary>
    [Parameter]
    public IReadOnlyList<RunRecord> Attempts { get; set; } = [];

    [Parameter]
    public EventCallback OnClose { get; set; }

    /// <summary>The payload was retried or discarded.</summary>
    [Parameter]
    public EventCallback OnChanged { get; set; }

    [Inject]
    private TimeProvider Time { get; init; } = default!;

    private IEnumerable<(string Name, string? Value)> Ids =>
    [
        ("Payload", Text(Payload?.Id)),
        ("Unique id", Payload?.UniqueId),
        ("Account", Payload?.AccountId),
        ("Run", Text(Record?.RunId)),
        ("Record", Text(Record?.Id)),
        ("Operation", Record?.Operation),
        ("Error", Record?.ErrorCode),
    ];

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
            await _drawer.FocusAsync();
    }

    private static string? Text(long? id) => id?.ToString(CultureInfo.InvariantCulture);

    private Task OnKeyAsync(KeyboardEventArgs e) => e.Key == "Escape" ? OnClose.InvokeAsync() : Task.CompletedTask;
}
