using Microsoft.AspNetCore.Components;
using MudBlazor;
using ZoeyKlaviyo.Admin.Audit;
using ZoeyKlaviyo.Core.Catalog;

namespace ZoeyKlaviyo.Admin.Catalog;

/// <summary>Deletions that wait for a person, because so many at once are likelier a mistake.</summary>
public sealed partial class HeldDeletions
{
    private const string NoLonger = "Nothing is held any more: somebody has decided meanwhile, or the store has it again.";

    [Parameter, EditorRequired]
    public IReadOnlyList<CatalogLine> Lines { get; set; } = [];

    [Parameter]
    public EventCallback OnChanged { get; set; }

    [Inject]
    private CatalogCommands Commands { get; init; } = default!;

    [Inject]
    private IDialogService Dialogs { get; init; } = default!;

    [Inject]
    private NavigationManager Navigation { get; init; } = default!;

    private List<CatalogLine> Held => [.. Lines.Where(line => line.Held > 0)];

    /// <summary>The kind belongs to the name only where there are several such buttons.</summary>
    private string Name(string action, CatalogLine line) => Held.Count == 1 ? action : $"{action}: {line.SyncKind}";

    private async Task AskAsync(CatalogLine line)
    {
        DeletionPreview? preview = null;
        await ActAsync(async cancellationToken => preview = await Commands.PreviewAsync(Store, line.Kind, cancellationToken));
        if (preview is not { } known)
            return;
        if (known.Count == 0)
        {
            Toasts.Add(NoLonger, Severity.Info);
            await OnChanged.InvokeAsync();
            return;
        }

        var parameters = new DialogParameters<ConfirmDeletionsDialog> { { dialog => dialog.Kind, line.Kind }, { dialog => dialog.Preview, known } };
        var dialog = await Dialogs.ShowAsync<ConfirmDeletionsDialog>($"Delete {CatalogWords.Of(line.Kind, known.Count)} in Klaviyo?", parameters);
        if (await dialog.Result is { Canceled: false })
            await ActAsync(cancellationToken => ConfirmAsync(line, known, cancellationToken));
    }

    private async Task ConfirmAsync(CatalogLine line, DeletionPreview shown, CancellationToken cancellationToken)
    {
        var (count, run) = await Commands.ConfirmDeletionsAsync(Store, line.Kind, shown.Count, cancellationToken);
        if (run is { } queued)
        {
            Offer(
                $"Confirmed: {CatalogWords.Of(line.Kind, count)}. {(queued.AlreadyActive ? $"The {line.SyncKind} run that is under way, or the next one, deletes them." : $"The {line.SyncKind} run deletes them now.")}",
                "Open the run",
                () =>
                {
                    Navigation.NavigateTo(AuditPaths.Run(Store.Key, queued.RunId));
                    return Task.CompletedTask;
                });
        }
        else
        {
            var now = await Commands.PreviewAsync(Store, line.Kind, cancellationToken);
            Toasts.Add(
                now.Count == 0 ? NoLonger : $"Meanwhile {CatalogWords.Of(line.Kind, now.Count)} are held, more than you were shown. Nothing was done: look again.",
                now.Count == 0 ? Severity.Info : Severity.Warning);
        }

        await OnChanged.InvokeAsync();
    }

    private Task KeepAsync(CatalogLine line) => ActAsync(async cancellationToken =>
    {
        var count = await Commands.KeepAsync(Store, line.Kind, cancellationToken);
        Toasts.Add(count == 0 ? NoLonger : $"Kept in Klaviyo: {CatalogWords.Of(line.Kind, count)}.", count == 0 ? Severity.Info : Severity.Success);
        await OnChanged.InvokeAsync();
    });
}
