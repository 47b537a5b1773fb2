using System.Globalization;
using ZoeyKlaviyo.Core.Addresses;
using ZoeyKlaviyo.Core.Csv;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Subscribers.Csv;

/// <summary>Turns a record's cells into a subscriber, or says in words why not.</summary>
internal sealed class SubscriberCells(SubscriberColumns columns, TimeZoneInfo zone)
{
    private const int MaxQuoted = 60;

    /// <summary>A status in the words of exports and spreadsheets; null for all others, which are never guessed.</summary>
    public static ZoeySubscriberStatus? Status(string text) => ZoeySubscriberStatuses.Parse(text)
        ?? ZoeySubscriberStatuses.Plain(text) switch
        {
            "YES" or "Y" or "TRUE" or "OPTEDIN" => ZoeySubscriberStatus.Subscribed,
            "NO" or "N" or "FALSE" or "OPTEDOUT" => ZoeySubscriberStatus.Unsubscribed,
            "INACTIVE" or "NEVERSUBSCRIBED" or "NOTSUBSCRIBED" or "NONSUBSCRIBED" => ZoeySubscriberStatus.NotActive,
            "PENDING" or "NOTCONFIRMED" => ZoeySubscriberStatus.Unconfirmed,
            _ => null,
        };

    public SubscriberCsvRow Read(CsvRecord record)
    {
        if (record.Error is not null)
            return new SubscriberCsvRow(record.Line, null, record.Error);
        if (Cell(record, columns.Email) is not { Length: > 0 } address)
            return Wrong(record, record.Cells.Count <= columns.Email ? $"the line has {record.Cells.Count} columns only, and no e-mail address" : "there is no e-mail address");
        if (EmailAddress.Normalize(address) is not { } email)
            return Wrong(record, $"{Quoted(address)} is not an e-mail address");
        var status = ZoeySubscriberStatus.Subscribed;
        if (columns.Status is { } column)
        {
            if (Cell(record, column) is not { Length: > 0 } text)
                return Wrong(record, "there is no status");
            if (Status(text) is not { } known)
                return Wrong(record, $"unknown status {Quoted(text)}");
            status = known;
        }

        var date = Cell(record, columns.ChangedAt);
        var changed = date is null ? null : ZoeyTime.Parse(date, zone);
        return new SubscriberCsvRow(
            record.Line,
            new ZoeySubscriber(Id(Cell(record, columns.Id)), email, status, changed),
            null,
            changed is null && date is { Length: > 0 } && !date.StartsWith("0000", StringComparison.Ordinal)
                ? $"the date {Quoted(date)} can't be read for certain, so that the row is taken without one; write dates as 2024-01-31 23:59:59"
                : null);
    }

    private static SubscriberCsvRow Wrong(CsvRecord record, string error) => new(record.Line, null, error);

    private static string? Cell(CsvRecord record, int? column) =>
        column is { } index && index < record.Cells.Count ? CsvText.Restore(record.Cells[index].Trim()).Trim() : null;

    private static long? Id(string? cell) =>
        long.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0 ? id : null;

    private static string Quoted(string cell)
    {
        var text = cell.Length > MaxQuoted ? $"{cell[..MaxQuoted]}…" : cell;
        return $"'{string.Concat(text.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? ' ' : c))}'";
    }
}
