using Microsoft.AspNetCore.Components;
using ZoeyKlaviyo.Admin.Shared;
using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Scheduling;

namespace ZoeyKlaviyo.Admin.Audit;

public sealed partial class RecordGrid
{
    private readonly Dictionary<long, ElementReference> _buttons = [];
    private HandsOn? _hands;

    [Parameter, EditorRequired]
    public LiveRows<RunRecord> Rows { get; set; } = default!;

    /// <summary>The record in the drawer.</summary>
    [Parameter]
    public long? Opened { get; set; }

    [Parameter, EditorRequired]
    public Run Run { get; set; } = default!;

    [Parameter]
    public bool IsFiltered { get; set; }

    [Parameter]
    public EventCallback<long> OnOpen { get; set; }

    [Parameter]
    public EventCallback OnEscape { get; set; }

    [Parameter]
    public EventCallback OnShowNew { get; set; }

    public bool HasHandsOn => _hands is { IsOn: true };

    /// <summary>Back to the row that the drawer was opened from.</summary>
    public async Task FocusAsync(long record)
    {
        if (Rows.Rows.Any(row => row.Id == record) && _buttons.TryGetValue(record, out var button))
            await button.FocusAsync();
    }
}
