using Microsoft.AspNetCore.Components;
using MudBlazor;
using ZoeyKlaviyo.Core.Stores.Api;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Admin.Zoey;

/// <summary>Takes a store's address and credentials. Nothing that was typed is lost when it can't be saved; nothing that is stored comes back.</summary>
public sealed partial class StoreApiForm
{
    private readonly Dictionary<string, string> _values = [];
    private IReadOnlyList<ZoeyAccessError> _errors = [];
    private string _baseUrl = "";
    private ZoeyAuthMode _mode;
    private int _seenVersion;

    [Parameter, EditorRequired]
    public ZoeyAccessView Access { get; set; } = default!;

    [Parameter]
    public EventCallback OnSaved { get; set; }

    [Parameter]
    public EventCallback OnRemoved { get; set; }

    [Parameter]
    public EventCallback OnCancel { get; set; }

    [Inject]
    private ZoeyAccessEditor Editor { get; init; } = default!;

    private bool KeepsOld => Access.IsSet && Access.Mode == _mode;

    protected override void OnInitialized()
    {
        (_baseUrl, _mode, _seenVersion) = (Access.BaseUrl, Access.Mode, Access.Version);
        foreach (var field in StoreApiWords.FieldsOf(ZoeyAuthMode.OAuth1).Concat(StoreApiWords.FieldsOf(ZoeyAuthMode.OAuth2)))
            _values[field.Name] = "";
        _values[nameof(ZoeyCredentials.TokenUrl)] = Access.TokenUrl ?? "";
    }

    private Task SaveAsync() => ActAsync(async cancellationToken =>
    {
        var credentials = new ZoeyCredentials
        {
            ConsumerKey = _values[nameof(ZoeyCredentials.ConsumerKey)],
            ConsumerSecret = _values[nameof(ZoeyCredentials.ConsumerSecret)],
            AccessToken = _values[nameof(ZoeyCredentials.AccessToken)],
            TokenSecret = _values[nameof(ZoeyCredentials.TokenSecret)],
            TokenUrl = _values[nameof(ZoeyCredentials.TokenUrl)],
            ClientId = _values[nameof(ZoeyCredentials.ClientId)],
            ClientSecret = _values[nameof(ZoeyCredentials.ClientSecret)],
            RefreshToken = _values[nameof(ZoeyCredentials.RefreshToken)],
        };
        var outcome = await Editor.SaveAsync(Store, new ZoeyAccessChange(_seenVersion, _baseUrl, _mode, credentials), cancellationToken);
        _errors = outcome.Errors;
        // Whoever saves again has been told of the change in between.
        _seenVersion = outcome.Current.Version;
        if (_errors.Count == 0)
            await OnSaved.InvokeAsync();
    });

    private Task RemoveAsync() => ActAsync(async cancellationToken =>
    {
        var outcome = await Editor.RemoveAsync(Store, _seenVersion, cancellationToken);
        _errors = outcome.Errors;
        if (_errors.Count > 0)
            return;
        Toasts.Add("The access to the store's API was removed. Orders are no longer read.", Severity.Normal);
        await OnRemoved.InvokeAsync();
    });

    private string? ErrorOf(string field) => _errors.FirstOrDefault(error => error.Field == field)?.Message;

    private string? IsWrong(string field) => ErrorOf(field) is null ? null : "true";

    private string? Describe(string field) => ErrorOf(field) is null ? null : $"store-api-{field}-problem";
}
