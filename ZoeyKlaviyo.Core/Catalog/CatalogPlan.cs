namespace ZoeyKlaviyo.Core.Catalog;

/// <summary>What is to be done with a record, from what Klaviyo should hold and what it holds as far as we know.</summary>
internal static class CatalogPlan
{
    /// <summary>Less than a day, so that a daily run that starts a little earlier than the one before tries again.</summary>
    public static readonly TimeSpan RefusalRest = TimeSpan.FromHours(23);

    /// <param name="hasItem">Whether Klaviyo has the item of a variant; true for other kinds.</param>
    public static void Decide(CatalogRecord record, bool hasItem, DateTimeOffset now)
    {
        // What is under way is decided by its result.
        if (record.JobId is null)
            (record.State, record.Operation) = Next(record, hasItem, now);
    }

    /// <summary>It has another id or another product than in Klaviyo, which changes neither: it is deleted there and created anew.</summary>
    public static bool HasMoved(CatalogRecord record) => record.IsInKlaviyo
        && ((record.KlaviyoExternalId is { } id && id != record.ExternalId) || (record.KlaviyoParentId is { } parent && parent != record.ParentId));

    /// <summary>All that is sent of it, for what was refused.</summary>
    public static string Fingerprint(CatalogRecord record) => record.Removal == Removal.Approved ? $"delete {record.KlaviyoExternalId}"
        : $"{record.ContentHash} {record.ExternalId} {record.ParentId} {record.Links}";

    private static (CatalogState, CatalogOperation?) Next(CatalogRecord record, bool hasItem, DateTimeOffset now) => record switch
    {
        { Removal: Removal.Held or Removal.Confirmed } => (CatalogState.Held, null),
        { Removal: Removal.Kept } => (CatalogState.Kept, null),
        _ when IsResting(record, now) => (CatalogState.Refused, null),
        { Removal: Removal.Approved } => (CatalogState.Open, CatalogOperation.Delete),
        _ when HasMoved(record) => (CatalogState.Undecided, null),
        { IsInKlaviyo: false } => hasItem ? (CatalogState.Open, CatalogOperation.Create) : (CatalogState.Waiting, null),
        _ when record.KlaviyoHash != record.ContentHash || AddsLinks(record) => (CatalogState.Open, CatalogOperation.Update),
        _ when record.KlaviyoLinks != record.Links => (CatalogState.Open, CatalogOperation.Relink),
        _ => (CatalogState.InSync, null),
    };

    private static bool IsResting(CatalogRecord record, DateTimeOffset now) =>
        record.RefusedUtc > now - RefusalRest && record.RefusedHash == Fingerprint(record);

    private static bool AddsLinks(CatalogRecord record) =>
        record.Links is { Length: > 0 } links && record.KlaviyoLinks is { } known && links.Split(' ').Except(known.Split(' ')).Any();
}
