using ZoeyKlaviyo.Core.Klaviyo;

namespace ZoeyKlaviyo.Core.Catalog.Sending;

internal enum RowFate
{
    Done,

    /// <summary>A create of what Klaviyo has.</summary>
    Exists,

    /// <summary>An update, or a deletion, of what Klaviyo does not have.</summary>
    Missing,

    /// <summary>Klaviyo does not have the item, or a category, that the row names.</summary>
    LacksOther,

    Refused,

    /// <summary>Klaviyo said nothing about this row.</summary>
    Unknown,

    /// <summary>The whole call was refused for other rows.</summary>
    Unsent,
}

/// <param name="Other">Of <see cref="RowFate.LacksOther"/>: the external id that Klaviyo does not have.</param>
internal sealed record RowResult(RowFate Fate, KlaviyoError? Error = null, string? Other = null);

/// <summary>What became of a job's rows.</summary>
internal static class JobResult
{
    /// <param name="rowIds">The external ids of the rows in their order.</param>
    /// <returns>By external id.</returns>
    public static IReadOnlyDictionary<string, RowResult> Of(CatalogJobState job, JobOperation operation, IReadOnlyList<string> rowIds)
    {
        var results = new Dictionary<string, RowResult>();
        foreach (var error in job.Errors)
        {
            if (OwnId(error, rowIds) is { } id)
                results[id] = Read(error, id, operation);
        }

        // Of errors that name no row, and of a job that was cancelled, it is not known which rows they mean.
        var rest = results.Count < job.Failed || job.Status == JobStatus.Cancelled ? new RowResult(RowFate.Unknown, job.Errors.Select(error => error.Error).FirstOrDefault()) : new RowResult(RowFate.Done);
        foreach (var id in rowIds)
            results.TryAdd(id, rest);
        return results;
    }

    /// <summary>Of a call that was refused as a whole: only the rows that an error names.</summary>
    /// <param name="rowIds">As of <see cref="Of"/>.</param>
    /// <returns>By external id.</returns>
    public static IReadOnlyDictionary<string, RowResult> OfRefusal(IReadOnlyList<KlaviyoError> errors, JobOperation operation, IReadOnlyList<string> rowIds)
    {
        var results = new Dictionary<string, RowResult>();
        foreach (var error in errors.Select(KlaviyoCatalogClient.AboutRow))
        {
            if (OwnId(error, rowIds) is { } id)
                results.TryAdd(id, Read(error, id, operation));
        }

        return results;
    }

    private static string? OwnId(CatalogJobError error, IReadOnlyList<string> rowIds)
    {
        if (error.ExternalId is { } named && rowIds.Contains(named))
            return named;
        // Alone, whatever is wrong is about this row.
        return rowIds.Count == 1 ? rowIds[0] : KlaviyoCatalogClient.RowOf(error.Error) is { } row && row < rowIds.Count ? rowIds[row] : null;
    }

    private static RowResult Read(CatalogJobError error, string id, JobOperation operation)
    {
        var words = error.Error.Detail;
        var other = error.OtherExternalId is { } named && named != id ? named : error.ExternalId is { } quoted && quoted != id ? quoted : null;
        if (Says(words, "does not exist", "do not exist", "not found"))
        {
            return other is not null ? new RowResult(RowFate.LacksOther, error.Error, other)
                : operation == JobOperation.Create ? new RowResult(RowFate.Refused, error.Error)
                : new RowResult(RowFate.Missing, error.Error);
        }

        return operation == JobOperation.Create && Says(words, "already exist") ? new RowResult(RowFate.Exists, error.Error) : new RowResult(RowFate.Refused, error.Error);
    }

    private static bool Says(string words, params ReadOnlySpan<string> sayings)
    {
        foreach (var saying in sayings)
        {
            if (words.Contains(saying, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
