using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using ZoeyKlaviyo.Admin.SignIn;
using ZoeyKlaviyo.Core.Access;

namespace ZoeyKlaviyo.Admin.Shared;

/// <summary>
/// A page of one store. It shows the person's store as <see cref="Opened"/>, and the page <i>Not found</i> when there is no such
/// store or the person may not open it; draw nothing while <see cref="Opened"/> is null.
/// </summary>
public abstract class StorePage : ComponentBase, IDisposable
{
    private CancellationTokenSource _stopping = new();

    /// <summary>The store's key, from the address.</summary>
    [Parameter]
    public string Store { get; set; } = "";

    [CascadingParameter]
    protected Task<AuthenticationState> Authentication { get; set; } = default!;

    [Inject]
    protected StoreAccess Access { get; init; } = default!;

    [Inject]
    protected NavigationManager Navigation { get; init; } = default!;

    protected AuthorizedStore? Opened { get; private set; }

    /// <summary>Cancelled when the page is left, or shows another store.</summary>
    protected CancellationToken Stopping => _stopping.Token;

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected sealed override async Task OnParametersSetAsync()
    {
        if (Opened?.Key != Store)
        {
            Leave();
            var person = PersonFactory.From((await Authentication).User);
            var store = person is { HasRole: true } ? await Access.OpenAsync(person, Store, Stopping) : null;
            if (store is null)
            {
                Navigation.NotFound();
                return;
            }

            Opened = store;
            await OnStoreOpenedAsync(store);
        }

        await OnAddressChangedAsync();
    }

    /// <summary>Runs when the page opens, and again when it changes to another store.</summary>
    protected virtual Task OnStoreOpenedAsync(AuthorizedStore store) => Task.CompletedTask;

    /// <summary>Runs after <see cref="OnStoreOpenedAsync"/> and whenever the address, such as its query, changes within the page.</summary>
    protected virtual Task OnAddressChangedAsync() => Task.CompletedTask;

    protected virtual void Dispose(bool disposing)
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private void Leave()
    {
        if (Opened is null)
            return;
        Opened = null;
        _stopping.Cancel();
        _stopping.Dispose();
        _stopping = new CancellationTokenSource();
    }
}
