using Microsoft.AspNetCore.Components;
using MudBlazor;
using ZoeyKlaviyo.Core.Orders;
using ZoeyKlaviyo.Core.Stores.Api;

namespace ZoeyKlaviyo.Admin.Zoey;

/// <summary>How the store's REST API is reached, whether it works, and what it gives.</summary>
public sealed partial class StoreApiSection
{
    private bool _isEditing;

    [Parameter, EditorRequired]
    public ZoeyAccessView Access { get; set; } = default!;

    [Parameter, EditorRequired]
    public OrderReading Orders { get; set; } = default!;

    [Parameter]
    public bool IsFolded { get; set; }

    [Parameter]
    public EventCallback OnChanged { get; set; }

    [Inject]
    private ZoeyProbe Probe { get; init; } = default!;

    private bool MayEdit => Store.MayManage && !Access.FromConfiguration;

    private string WhatToDo => MayEdit
        ? "In Zoey, under Settings, then APIs, create access for this application with Read permission on everything; then enter it here with Set up. A store can also push its orders to the feed."
        : "An admin of the store, or whoever runs this application, has to enter the store's API access. A store can also push its orders to the feed.";

    private string AccessWords => Access switch
    {
        { IsSet: false } => "Not set up",
        { FromConfiguration: true } => $"{StoreApiWords.Name(Access.Mode)}, set in the application's configuration",
        _ => $"{StoreApiWords.Name(Access.Mode)}, set by {Access.ChangedBy}",
    };

    private void Edit() => _isEditing = true;

    private void Cancel() => _isEditing = false;

    private async Task SavedAsync()
    {
        _isEditing = false;
        await OnChanged.InvokeAsync();
        await TestAsync();
    }

    private async Task RemovedAsync()
    {
        _isEditing = false;
        await OnChanged.InvokeAsync();
    }

    private Task TestAsync() => ActAsync(async cancellationToken =>
    {
        var report = await Probe.RunAsync(Store, cancellationToken);
        Toasts.Add(report.Verdict, report.IsUsable ? Severity.Success : Severity.Warning);
        await OnChanged.InvokeAsync();
    });
}
