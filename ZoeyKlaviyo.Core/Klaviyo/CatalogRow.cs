namespace ZoeyKlaviyo.Core.Klaviyo;

/// <summary>The three kinds of records in a Klaviyo catalog; each has ids of its own.</summary>
public enum CatalogKind
{
    Category,
    Item,
    Variant,
}

/// <summary>What a bulk job does. None of them is an upsert: a create of what exists, and an update of what does not, is refused row by row.</summary>
public enum JobOperation
{
    Create,
    Update,
    Delete,
}

/// <param name="ExternalId">Ours; Klaviyo's own is made of it.</param>
/// <param name="Attributes">A JSON object without the id; not needed to delete.</param>
/// <param name="ItemExternalId">A variant's item; only read on create, as Klaviyo never moves a variant.</param>
/// <param name="CategoryExternalIds">An item's categories; null leaves them as they are.</param>
public sealed record CatalogRow(
    string ExternalId, string Attributes = "{}", string? ItemExternalId = null, IReadOnlyList<string>? CategoryExternalIds = null);

public enum JobStatus
{
    Processing,
    Complete,

    /// <summary>Nothing, or not all, of it was done.</summary>
    Cancelled,
}

/// <param name="ExternalId">Of the row it is about; null when it names none.</param>
/// <param name="OtherExternalId">Of another record that Klaviyo does not have, such as a variant's item.</param>
public sealed record CatalogJobError(string? ExternalId, string? OtherExternalId, KlaviyoError Error);

/// <param name="CreatedUtc">By Klaviyo's clock.</param>
/// <param name="ExpiresUtc">From then on Klaviyo no longer tells what became of it.</param>
public sealed record CatalogJobState(
    string Id, JobStatus Status, int Total, int Failed, IReadOnlyList<CatalogJobError> Errors, DateTimeOffset? CreatedUtc, DateTimeOffset? ExpiresUtc);

/// <param name="Job">Null unless the answer is <see cref="Verdict.Accepted"/>.</param>
public sealed record CatalogJobAnswer(KlaviyoAnswer Answer, CatalogJobState? Job);

/// <param name="Jobs">Null unless the answer is <see cref="Verdict.Accepted"/>.</param>
public sealed record CatalogJobsAnswer(KlaviyoAnswer Answer, IReadOnlyList<CatalogJobState>? Jobs);
