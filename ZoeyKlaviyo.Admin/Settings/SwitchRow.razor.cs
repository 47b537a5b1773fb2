using Microsoft.AspNetCore.Components;
using MudBlazor;
using ZoeyKlaviyo.Core.Settings;

namespace ZoeyKlaviyo.Admin.Settings;

public sealed partial class SwitchRow
{
    [Parameter, EditorRequired]
    public SwitchView View { get; set; } = default!;

    /// <summary>Every switch as it is now, whether this save took effect or not.</summary>
    [Parameter]
    public EventCallback<IReadOnlyList<SwitchView>> OnSaved { get; set; }

    [Inject]
    private SettingsEditor Settings { get; init; } = default!;

    private string Id => $"switch-{View.Definition.Switch}";

    private Task SetAsync(bool isOn) => ActAsync(async cancellationToken =>
    {
        var outcome = await SaveAsync(new SwitchChange(View.Definition.Switch, isOn, View.Version), cancellationToken);
        if (outcome.Problem is null)
            OfferUndo(isOn, outcome.Current.Single(view => view.Definition.Switch == View.Definition.Switch).Version);
    });

    private void OfferUndo(bool isOn, int version)
    {
        var undo = new SwitchChange(View.Definition.Switch, !isOn, version);
        Offer($"{View.Definition.Name} set to {YesNo(isOn)}", "Undo", () => UndoAsync(undo));
    }

    private Task UndoAsync(SwitchChange undo) => ActAsync(async cancellationToken =>
    {
        if ((await SaveAsync(undo, cancellationToken)).Problem is null)
            Toasts.Add($"{View.Definition.Name} is {YesNo(undo.IsOn)} again");
    });

    private async Task<SettingsOutcome> SaveAsync(SwitchChange change, CancellationToken cancellationToken)
    {
        var outcome = await Settings.SetAsync(Store, change, cancellationToken);
        if (outcome.Problem is { } problem)
            Toasts.Add(problem, Severity.Warning);
        await OnSaved.InvokeAsync(outcome.Current);
        return outcome;
    }

    private static string YesNo(bool isOn) => isOn ? "Yes" : "No";
}
