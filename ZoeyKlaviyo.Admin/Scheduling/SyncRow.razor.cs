using Microsoft.AspNetCore.Components;
using ZoeyKlaviyo.Admin.Audit;
using ZoeyKlaviyo.Core.Scheduling;

namespace ZoeyKlaviyo.Admin.Scheduling;

public sealed partial class SyncRow
{
    [Parameter, EditorRequired]
    public SyncLine Line { get; set; } = default!;

    [Parameter]
    public StoreCondition Condition { get; set; }

    [Inject]
    private SyncCommands Commands { get; init; } = default!;

    [Inject]
    private NavigationManager Navigation { get; init; } = default!;

    private string WhyNotDue => Condition switch
    {
        StoreCondition.NotConnected => "when connected",
        StoreCondition.Off => "when Is Enabled is Yes",
        StoreCondition.NeedsAttention => "when connected again",
        _ => "–",
    };

    private Task SyncNowAsync() => ActAsync(async cancellationToken =>
    {
        var queued = await Commands.SyncNowAsync(Store, Line.Kind, cancellationToken);
        Offer(
            queued.AlreadyActive ? $"{Line.Kind} is already under way" : $"{Line.Kind} started",
            "Open the run",
            () =>
            {
                Navigation.NavigateTo(AuditPaths.Run(Store.Key, queued.RunId));
                return Task.CompletedTask;
            });
    });
}
