using ZoeyKlaviyo.Core.Csv;

namespace ZoeyKlaviyo.Core.Subscribers.Csv;

/// <summary>How to read a file of subscribers. Columns count from 0.</summary>
/// <param name="AllSubscribed">Without a status column: a person has confirmed that everybody in the file is subscribed.</param>
/// <param name="ChangedAt">The column of the time when the status changed.</param>
/// <param name="HasHeader">The first line holds the columns' names.</param>
public sealed record SubscriberColumns(
    int Email, int? Status, bool AllSubscribed, int? ChangedAt, int? Id, char Delimiter, CsvEncoding Encoding, bool HasHeader)
{
    /// <summary>Nobody is taken for subscribed without a word of the file or of a person.</summary>
    public bool IsComplete => Status is not null != AllSubscribed;
}
