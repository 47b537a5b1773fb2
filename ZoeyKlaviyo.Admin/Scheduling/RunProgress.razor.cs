using Microsoft.AspNetCore.Components;
using ZoeyKlaviyo.Admin.Shared;
using ZoeyKlaviyo.Core.Scheduling;

namespace ZoeyKlaviyo.Admin.Scheduling;

public sealed partial class RunProgress
{
    /// <summary>A run that is queued or running.</summary>
    [Parameter, EditorRequired]
    public Run Run { get; set; } = default!;

    [Inject]
    private SyncCommands Commands { get; init; } = default!;

    private string Text => Run switch
    {
        { CancelRequestedBy: not null } => "Cancelling…",
        { Status: RunStatus.Queued } => "Waiting for its turn",
        { ProgressTotal: > 0 and var total } => $"{Words.Number(Run.ProgressDone)} of {Words.Number(total)}",
        { ProgressDone: > 0 } => $"{Words.Number(Run.ProgressDone)} so far",
        _ => "Starting",
    };

    private Task CancelAsync() => ActAsync(async cancellationToken =>
    {
        if (!await Commands.CancelAsync(Store, Run.Id, cancellationToken))
            Toasts.Add($"{Run.Kind} had already ended.");
    });
}
