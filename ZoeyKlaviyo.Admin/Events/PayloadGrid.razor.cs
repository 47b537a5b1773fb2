using Microsoft.AspNetCore.Components;
using ZoeyKlaviyo.Admin.Shared;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Events;

namespace ZoeyKlaviyo.Admin.Events;

public sealed partial class PayloadGrid
{
    private readonly Dictionary<long, ElementReference> _buttons = [];
    private HandsOn? _hands;

    [Parameter, EditorRequired]
    public AuthorizedStore Store { get; set; } = default!;

    [Parameter, EditorRequired]
    public LiveRows<Payload> Rows { get; set; } = default!;

    /// <summary>The payload in the drawer.</summary>
    [Parameter]
    public long? Opened { get; set; }

    [Parameter]
    public bool IsFiltered { get; set; }

    [Parameter]
    public EventCallback<long> OnOpen { get; set; }

    /// <summary>A payload was retried or discarded.</summary>
    [Parameter]
    public EventCallback OnChanged { get; set; }

    [Parameter]
    public EventCallback OnEscape { get; set; }

    [Parameter]
    public EventCallback OnShowNew { get; set; }

    [Inject]
    private TimeProvider Time { get; init; } = default!;

    public bool HasHandsOn => _hands is { IsOn: true };

    /// <summary>Back to the row that the drawer was opened from.</summary>
    public async Task FocusAsync(long payload)
    {
        if (Rows.Rows.Any(row => row.Id == payload) && _buttons.TryGetValue(payload, out var button))
            await button.FocusAsync();
    }

    private string RowClass(Payload payload) =>
        "linked" + (payload.Id == Opened ? " current" : "") + (Rows.IsGone(payload) ? " gone" : "");
}
