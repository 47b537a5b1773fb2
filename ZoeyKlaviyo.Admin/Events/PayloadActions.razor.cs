using Microsoft.AspNetCore.Components;
using MudBlazor;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Scheduling;

namespace ZoeyKlaviyo.Admin.Events;

/// <summary>What a person can do with a payload that did not go through.</summary>
public sealed partial class PayloadActions
{
    private const string Overtaken = "It has changed meanwhile, so nothing was done.";

    [Parameter, EditorRequired]
    public Payload Payload { get; set; } = default!;

    /// <summary>Among others of its kind: the buttons' accessible names then tell which payload they are for.</summary>
    [Parameter]
    public bool IsInList { get; set; }

    [Parameter]
    public EventCallback OnChanged { get; set; }

    [Inject]
    private PayloadCommands Commands { get; init; } = default!;

    [Inject]
    private SyncCommands Syncs { get; init; } = default!;

    [Inject]
    private IDialogService Dialogs { get; init; } = default!;

    private string? Name(string action) => IsInList ? $"{action}: {Payload.Metric}, {Payload.Email}" : null;

    private Task RetryAsync() => ActAsync(async cancellationToken =>
    {
        if (await Commands.RetryAsync(Store, Payload.Id, cancellationToken))
            Offer("It goes out with the next Retries run.", "Run it now", () => ActAsync(token => Syncs.SyncNowAsync(Store, SyncKind.Retries, token)));
        else
            Toasts.Add(Overtaken, Severity.Warning);
        await OnChanged.InvokeAsync();
    });

    private async Task AskAsync()
    {
        var answer = await Dialogs.ShowMessageBoxAsync(
            "Discard this event?",
            $"{Payload.Metric} of {Payload.Email} is then never sent to Klaviyo. This can't be undone.",
            yesText: "Discard",
            cancelText: "Keep it");
        if (answer == true)
            await ActAsync(DiscardAsync);
    }

    private async Task DiscardAsync(CancellationToken cancellationToken)
    {
        if (await Commands.DiscardAsync(Store, Payload.Id, cancellationToken))
            Toasts.Add("Discarded: it is never sent.");
        else
            Toasts.Add(Overtaken, Severity.Warning);
        await OnChanged.InvokeAsync();
    }
}
