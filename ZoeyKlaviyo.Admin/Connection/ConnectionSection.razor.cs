using Microsoft.AspNetCore.Components;
using MudBlazor;
using ZoeyKlaviyo.Core.Connection;

namespace ZoeyKlaviyo.Admin.Connection;

public sealed partial class ConnectionSection
{
    private const string Disconnected = "Klaviyo is disconnected.";

    private const string NotTold =
        "Klaviyo is disconnected here, but it could not be told. To be sure, remove the app in Klaviyo too: Settings, then Integrations.";

    [Parameter, EditorRequired]
    public ConnectionView Connection { get; set; } = default!;

    /// <summary>Events that wait to be sent, retries among them.</summary>
    [Parameter]
    public int Waiting { get; set; }

    [Parameter]
    public EventCallback OnChanged { get; set; }

    [Inject]
    private ConnectionStore Connections { get; init; } = default!;

    [Inject]
    private IDialogService Dialogs { get; init; } = default!;

    private async Task AskAsync()
    {
        var parameters = new DialogParameters<DisconnectDialog>
        {
            { dialog => dialog.Account, Connection.AccountName },
            { dialog => dialog.Waiting, Waiting },
        };
        var dialog = await Dialogs.ShowAsync<DisconnectDialog>($"Disconnect {Connection.AccountName}?", parameters);
        if (await dialog.Result is { Canceled: false })
            await ActAsync(DisconnectAsync);
    }

    private async Task DisconnectAsync(CancellationToken cancellationToken)
    {
        var told = await Connections.DisconnectAsync(Store, cancellationToken);
        Toasts.Add(told ? Disconnected : NotTold, told ? Severity.Success : Severity.Warning);
        await OnChanged.InvokeAsync();
    }
}
