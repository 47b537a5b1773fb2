namespace ZoeyKlaviyo.Core.Scheduling;

/// <summary>What a run does; the names are part of the routes and of the JSON.</summary>
public enum SyncKind
{
    Events,
    Retries,
    Subscribers,
    Categories,
    Products,
    Variants,
}

/// <summary>Runs of one lane follow each other; lanes and stores run side by side, so that events are on time while a catalog takes an hour.</summary>
public enum Lane
{
    Delivery,
    Bulk,
}

public static class SyncKinds
{
    public static Lane LaneOf(SyncKind kind) => kind is SyncKind.Events or SyncKind.Retries ? Lane.Delivery : Lane.Bulk;

    /// <summary>The kinds that can run; the others are shown as not built yet.</summary>
    public static bool IsBuilt(SyncKind kind) => kind is SyncKind.Events or SyncKind.Retries;

    /// <summary>What the kind sends, in a few words.</summary>
    public static string Describe(SyncKind kind) => kind switch
    {
        SyncKind.Events => "New events",
        SyncKind.Retries => "Events whose first try failed",
        SyncKind.Subscribers => "Newsletter subscribers",
        SyncKind.Categories => "Catalog categories",
        SyncKind.Products => "Catalog products",
        SyncKind.Variants => "Catalog variants",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
