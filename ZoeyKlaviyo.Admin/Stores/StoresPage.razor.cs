using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using ZoeyKlaviyo.Admin.SignIn;
using ZoeyKlaviyo.Core.Access;

namespace ZoeyKlaviyo.Admin.Stores;

public sealed partial class StoresPage : IDisposable
{
    private const int SearchFrom = 8;

    private readonly CancellationTokenSource _stopping = new();
    private IReadOnlyList<StoreSummary>? _stores;
    private bool _noneConfigured;
    private string _search = "";

    [CascadingParameter]
    private Task<AuthenticationState> Authentication { get; set; } = default!;

    [Inject]
    private StoreAccess Access { get; init; } = default!;

    private IEnumerable<StoreSummary> Shown => (_stores ?? []).Where(store =>
        store.Name.Contains(_search, StringComparison.OrdinalIgnoreCase) || store.StorefrontUrl.Contains(_search, StringComparison.OrdinalIgnoreCase));

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        if (PersonFactory.From((await Authentication).User) is not { } person)
            return;
        var stores = await Access.ListAsync(person, _stopping.Token);
        _noneConfigured = stores.Count == 0 && (await Access.AllKeysAsync(_stopping.Token)).Count == 0;
        _stores = stores;
    }
}
