using Microsoft.AspNetCore.Components;
using MudBlazor;
using ZoeyKlaviyo.Admin.Shared;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Klaviyo;

namespace ZoeyKlaviyo.Admin.Connection;

/// <summary>Asks whether the store goes over to another Klaviyo account, and says what that costs.</summary>
public sealed partial class AccountChoiceSection
{
    [Parameter, EditorRequired]
    public AccountChoice Choice { get; set; } = default!;

    /// <summary>Something was decided, by this person or by somebody who was faster.</summary>
    [Parameter]
    public EventCallback OnDecided { get; set; }

    [Inject]
    private AccountSwitch Accounts { get; init; } = default!;

    private string Chosen => Name(Choice.Chosen);

    private string Last => Choice.Last is { } last ? Name(last) : "the account before";

    /// <summary>With its id where the names alone don't tell the two accounts apart.</summary>
    private string Name(KlaviyoAccount account) =>
        Choice.Chosen.Name == Choice.Last?.Name ? $"{account.Name} ({account.Id})" : account.Name;

    private async Task SwitchAsync(CancellationToken cancellationToken)
    {
        var decision = await Accounts.SwitchAsync(Store, Choice, cancellationToken);
        var discarded = decision.Discarded == 0
            ? ""
            : $" {Words.Count(decision.Discarded, "event")} that waited for {Last} {(decision.Discarded == 1 ? "was" : "were")} discarded.";
        await SayAsync(decision, $"{Chosen} is connected.{discarded}", Last);
    }

    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        var decision = await Accounts.KeepAsync(Store, Choice, cancellationToken);
        await SayAsync(decision, Choice.IsConnected ? $"{Last} stays connected." : "Klaviyo stays disconnected.", Chosen);
    }

    /// <param name="ended">The account that this application gives up.</param>
    private async Task SayAsync(AccountDecision decision, string done, string ended)
    {
        if (decision.Problem is { } problem)
            Toasts.Add(problem, Severity.Warning);
        else if (decision.IsTold)
            Toasts.Add(done, Severity.Success);
        else
            Toasts.Add($"{done} But Klaviyo could not be told to end the access to {ended}. To be sure, remove the app there: Settings, then Integrations.", Severity.Warning);
        await OnDecided.InvokeAsync();
    }
}
