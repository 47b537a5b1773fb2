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

    /// <summary>Reads an uploaded file of subscribers.</summary>
    SubscriberImport,

    /// <summary>Makes the file of those who opted out in Klaviyo, from a fresh full read.</summary>
    OptOutReport,

    /// <summary>Makes the file of Klaviyo's subscribers, to be brought into the store.</summary>
    KlaviyoExport,

    /// <summary>Reads single records of the catalog again that a person asked for.</summary>
    CatalogRecord,
}

/// <summary>Runs of one lane follow each other; lanes and stores run side by side, so that events are on time while a catalog takes an hour.</summary>
public enum Lane
{
    Delivery,
    Bulk,

    /// <summary>Files that a person waits for.</summary>
    Files,
}

public static class SyncKinds
{
    /// <summary>The kinds that the clock starts, and Sync now; the others begin with a file, or with a record of the catalog.</summary>
    public static IReadOnlyList<SyncKind> Scheduled { get; } =
        [SyncKind.Events, SyncKind.Retries, SyncKind.Subscribers, SyncKind.Categories, SyncKind.Products, SyncKind.Variants];

    /// <summary>An import writes what a Subscribers run reads, so the two follow each other.</summary>
    public static Lane LaneOf(SyncKind kind) => kind switch
    {
        SyncKind.Events or SyncKind.Retries => Lane.Delivery,
        SyncKind.OptOutReport or SyncKind.KlaviyoExport => Lane.Files,
        _ => Lane.Bulk,
    };

    /// <summary>Whether its records are categories, products or variants.</summary>
    public static bool IsCatalog(SyncKind kind) => kind is SyncKind.Categories or SyncKind.Products or SyncKind.Variants or SyncKind.CatalogRecord;

    /// <summary>What the kind sends, in a few words.</summary>
    public static string Describe(SyncKind kind) => kind switch
    {
        SyncKind.Events => "New events, and who subscribed or unsubscribed",
        SyncKind.Retries => "What failed at its first try",
        SyncKind.Subscribers => "Newsletter subscribers",
        SyncKind.Categories => "Catalog categories",
        SyncKind.Products => "Catalog products",
        SyncKind.Variants => "Catalog variants",
        SyncKind.SubscriberImport => "Subscribers from a file",
        SyncKind.OptOutReport => "File of opt-outs in Klaviyo",
        SyncKind.KlaviyoExport => "File of Klaviyo's subscribers",
        SyncKind.CatalogRecord => "Single catalog records",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
