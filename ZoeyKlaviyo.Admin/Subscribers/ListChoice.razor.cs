using Microsoft.AspNetCore.Components;
using MudBlazor;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Subscribers;

namespace ZoeyKlaviyo.Admin.Subscribers;

/// <summary>The list that subscribers are put on. Klaviyo's lists are read when somebody wants to change it.</summary>
public sealed partial class ListChoice
{
    private IReadOnlyList<KlaviyoList>? _lists;
    private string? _problem;
    private bool _isCreating;
    private bool _isDouble;
    private string _name = "";
    private string? _nameProblem;

    [Parameter, EditorRequired]
    public SubscriberSettings Settings { get; set; } = default!;

    [Parameter]
    public EventCallback OnChanged { get; set; }

    [Inject]
    private SubscriberEditor Editor { get; init; } = default!;

    private Task LoadAsync() => ActAsync(async cancellationToken => (_lists, _problem) = await Editor.ListsAsync(Store, cancellationToken));

    private Task ChooseAsync(string? id) => ActAsync(cancellationToken => SaveAsync(_lists!.FirstOrDefault(list => list.Id == id), cancellationToken));

    private Task CreateAsync() => ActAsync(async cancellationToken =>
    {
        var created = await Editor.CreateListAsync(Store, new NewList(_name, _isDouble), cancellationToken);
        _nameProblem = created.Problem;
        if (created.List is not { } list)
            return;
        if (_lists!.All(one => one.Id != list.Id))
            _lists = [.. _lists!.Append(list).OrderBy(one => one.Name, StringComparer.CurrentCultureIgnoreCase)];
        (_isCreating, _name) = (false, "");
        if (created.AlreadyThere)
            Toasts.Add($"Klaviyo has a list {list.Name} already; it was chosen.", Severity.Info);
        await SaveAsync(list, cancellationToken);
    });

    private async Task SaveAsync(KlaviyoList? list, CancellationToken cancellationToken)
    {
        if (await Editor.ChooseListAsync(Store, list, cancellationToken) is { } problem)
            Toasts.Add(problem, Severity.Error);
        else
            Toasts.Add(list is null ? "Saved: no list." : $"Saved: {list.Name}.", Severity.Success);
        await OnChanged.InvokeAsync();
    }
}
