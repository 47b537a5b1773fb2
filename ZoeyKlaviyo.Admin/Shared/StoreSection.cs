using Microsoft.AspNetCore.Components;
using MudBlazor;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Admin.Shared;

/// <summary>A part of a store's page in which people do something.</summary>
public abstract partial class StoreSection : ComponentBase
{
    [Parameter, EditorRequired]
    public AuthorizedStore Store { get; set; } = default!;

    [Inject]
    protected ISnackbar Toasts { get; init; } = default!;

    [Inject]
    private ILoggerFactory Loggers { get; init; } = default!;

    /// <summary>Something the person asked for is under way.</summary>
    protected bool IsBusy { get; private set; }

    /// <summary>
    /// Does what the person asked for, once however often they click, and says so when it could not be done. It is finished even
    /// when the page is left meanwhile.
    /// </summary>
    protected async Task ActAsync(Func<CancellationToken, Task> act)
    {
        if (IsBusy)
            return;
        IsBusy = true;
        try
        {
            await act(CancellationToken.None);
        }
        catch (AccessDeniedException exception)
        {
            Toasts.Add(exception.Message, Severity.Error);
        }
        catch (Exception exception) when (exception.IsDatabaseFailure())
        {
            Log.CannotAct(Loggers.CreateLogger<StoreSection>(), GetType().Name, exception);
            Toasts.Add("The database did not answer, so nothing was changed. Try again.", Severity.Error);
        }
        finally
        {
            IsBusy = false;
        }
    }

    /// <summary>Says what happened, with the next thing one might want to do.</summary>
    protected void Offer(string text, string action, Func<Task> onAction) => Toasts.Add(
        text,
        Severity.Normal,
        options =>
        {
            options.Action = action;
            options.OnClick = _ => InvokeAsync(onAction);
            // Without this, a toast with an action stays until it is closed.
            options.RequireInteraction = false;
            options.VisibleStateDuration = 10_000;
        });

    private static partial class Log
    {
        [LoggerMessage(1201, LogLevel.Error, "What a person asked for in {Section} failed")]
        public static partial void CannotAct(ILogger logger, string section, Exception exception);
    }
}
