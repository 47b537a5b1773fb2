using Microsoft.AspNetCore.Components;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Subscribers;
using ZoeyKlaviyo.Core.Subscribers.Files;

namespace ZoeyKlaviyo.Admin.Subscribers;

/// <summary>What is known of a store's subscribers, and what an admin decides about them.</summary>
public sealed partial class SubscribersSection
{
    /// <summary>Null while the store is not connected.</summary>
    [Parameter, EditorRequired]
    public SubscriberSummary? Summary { get; set; }

    [Parameter, EditorRequired]
    public IReadOnlyDictionary<SyncKind, FileView> Files { get; set; } = new Dictionary<SyncKind, FileView>();

    [Parameter]
    public bool IsFolded { get; set; }

    [Parameter]
    public EventCallback OnChanged { get; set; }

    private DateTimeOffset? LastRead => Summary is { Reading: var reading }
        ? reading.WholeListingUtc is { } whole && !(reading.NewestReadUtc > whole) ? whole : reading.NewestReadUtc
        : null;

    private FileView ViewOf(SyncKind kind) => Files.GetValueOrDefault(kind) ?? new FileView(null, null);
}
