using Microsoft.AspNetCore.Components;
using ZoeyKlaviyo.Admin.Audit;
using ZoeyKlaviyo.Core.Scheduling;

namespace ZoeyKlaviyo.Admin.Scheduling;

public sealed partial class RunProgress
{
    /// <summary>A run that is queued or running.</summary>
    [Parameter, EditorRequired]
    public Run Run { get; set; } = default!;

    /// <summary>What a queued run waits for, where that is known.</summary>
    [Parameter]
    public SyncKind? Behind { get; set; }

    [Inject]
    private SyncCommands Commands { get; init; } = default!;

    private string Label => $"Progress of {RunWords.Name(Run.Kind)}";

    private DateTimeOffset? Waits => Run is { Status: RunStatus.Running, CancelRequestedBy: null } ? Run.WaitingSinceUtc : null;

    private Task CancelAsync() => ActAsync(async cancellationToken =>
    {
        if (!await Commands.CancelAsync(Store, Run.Id, cancellationToken))
            Toasts.Add($"{RunWords.Name(Run.Kind)} had already ended.");
    });
}
