using ZoeyKlaviyo.Core.Csv;

namespace ZoeyKlaviyo.Core.Subscribers.Csv;

/// <summary>What the beginning of a file tells, for a person to confirm. Columns count from 0; null: none was recognised.</summary>
/// <param name="Headers">The columns' names; <c>Column 1</c> where they have none.</param>
/// <param name="Sample">The first rows.</param>
/// <param name="Problem">What stands in the way, and what to do. With <paramref name="Headers"/>, choosing a column is enough.</param>
public sealed record SubscriberCsvRecognition(
    CsvEncoding Encoding,
    char Delimiter,
    bool HasHeader,
    IReadOnlyList<string> Headers,
    int? Email,
    int? Status,
    int? ChangedAt,
    int? Id,
    IReadOnlyList<IReadOnlyList<string>> Sample,
    string? Problem)
{
    /// <summary>As recognised; null without a column of addresses.</summary>
    /// <param name="allSubscribed">What a person said where there is no status column.</param>
    public SubscriberColumns? Columns(bool allSubscribed = false) => Email is not { } email ? null
        : new SubscriberColumns(email, Status, Status is null && allSubscribed, ChangedAt, Id, Delimiter, Encoding, HasHeader);
}
