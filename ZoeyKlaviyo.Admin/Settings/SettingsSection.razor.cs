using Microsoft.AspNetCore.Components;
using MudBlazor;
using ZoeyKlaviyo.Core.Settings;

namespace ZoeyKlaviyo.Admin.Settings;

public sealed partial class SettingsSection
{
    [Parameter, EditorRequired]
    public IReadOnlyList<SwitchView> Switches { get; set; } = [];

    [Parameter]
    public bool IsFolded { get; set; }

    /// <summary>Every switch as it is now, whether a save took effect or not.</summary>
    [Parameter]
    public EventCallback<IReadOnlyList<SwitchView>> OnSaved { get; set; }

    [Inject]
    private SettingsEditor Settings { get; init; } = default!;

    private Task SetEverythingToYesAsync() => ActAsync(async cancellationToken =>
    {
        var outcome = await Settings.SetEverythingToYesAsync(Store, Switches, cancellationToken);
        Toasts.Add(outcome.Problem ?? "Everything is set to Yes", outcome.Problem is null ? Severity.Success : Severity.Warning);
        await OnSaved.InvokeAsync(outcome.Current);
    });
}
