using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Subscribers.Csv;

/// <param name="Line">Of the file, from 1, with the line of the columns' names.</param>
/// <param name="Subscriber">With a normalized address. Null: the row can't be read.</param>
/// <param name="Error">Why it can't be read, in words.</param>
/// <param name="Note">What is missing of a row that was read, in words.</param>
public sealed record SubscriberCsvRow(int Line, ZoeySubscriber? Subscriber, string? Error, string? Note = null)
{
    /// <summary>Null when there is nothing to say.</summary>
    public string? Message => (Error ?? Note) is { } text ? $"Line {Line}: {text}." : null;
}

/// <param name="BytesRead">Of the file so far.</param>
/// <param name="Stopped">Why the rest of the file is not read, in words; the last batch alone may have it.</param>
public sealed record SubscriberCsvBatch(IReadOnlyList<SubscriberCsvRow> Rows, long BytesRead, string? Stopped = null);
