using System.Runtime.CompilerServices;
using ZoeyKlaviyo.Core.Csv;

namespace ZoeyKlaviyo.Core.Subscribers.Csv;

/// <summary>Reads files of subscribers, as a store, Klaviyo or a spreadsheet exports them.</summary>
public static class SubscriberCsv
{
    public const long MaxBytes = 200 * 1024 * 1024;
    public const int MaxRows = 1_000_000;

    /// <summary>As much of a file as is looked at to recognise it.</summary>
    public const int HeadBytes = 64 * 1024;

    private const int BatchSize = 1000;
    private const int MaxSample = 5;
    private const int MaxLookedAt = 200;
    private static readonly char[] s_delimiters = [',', ';', '\t'];

    /// <summary>Says how a file is to be read, by its first <see cref="HeadBytes"/> bytes. Whatever it is, it is never an exception.</summary>
    /// <exception cref="IOException">The stream can't be read.</exception>
    public static async Task<SubscriberCsvRecognition> RecogniseAsync(Stream file, CancellationToken cancellationToken)
    {
        var buffer = new byte[HeadBytes];
        var head = buffer.AsMemory(0, await file.ReadAtLeastAsync(buffer, HeadBytes, throwOnEndOfStream: false, cancellationToken));
        var encoding = CsvEncodings.Detect(head.Span);
        if (head.Span is [(byte)'P', (byte)'K', 3, 4, ..] or [0xD0, 0xCF, 0x11, 0xE0, ..])
            return Nothing(encoding, "This is a spreadsheet's own file, not a CSV file. In the spreadsheet, save it as \"CSV UTF-8\" and upload that file.");
        var candidates = new List<(char Delimiter, List<IReadOnlyList<string>> Rows)>();
        foreach (var delimiter in s_delimiters)
            candidates.Add((delimiter, await RowsAsync(head, encoding, delimiter, cancellationToken)));
        var (best, rows) = candidates.MaxBy(candidate => Fit(candidate.Rows));
        return rows.Count == 0 ? Nothing(encoding, "The file is empty.") : Recognise(encoding, best, rows);
    }

    /// <param name="columns">How to read it: <see cref="SubscriberColumns.IsComplete"/>.</param>
    /// <param name="zone">Of dates that come without one.</param>
    /// <returns>Every row that is not blank, in the file's order, good or bad; a row may come twice, as it does in the file.</returns>
    /// <exception cref="IOException">The stream can't be read.</exception>
    public static async IAsyncEnumerable<SubscriberCsvBatch> ReadAsync(
        Stream file, SubscriberColumns columns, TimeZoneInfo zone, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!columns.IsComplete)
            throw new ArgumentException("Either a status column, or a person's word that everybody is subscribed.", nameof(columns));
        using var feed = new CsvFeed(file, columns.Encoding, cancellationToken);
        var cells = new SubscriberCells(columns, zone);
        var batch = new List<SubscriberCsvRow>(BatchSize);
        var (isHeader, count) = (columns.HasHeader, 0);
        await foreach (var record in new CsvRecords(feed, columns.Delimiter).ReadAsync(cancellationToken))
        {
            if (IsBlank(record))
                continue;
            if (isHeader)
            {
                isHeader = false;
                continue;
            }

            if (Limit(++count, feed.BytesRead) is { } limit)
            {
                yield return new SubscriberCsvBatch(batch, feed.BytesRead, $"{limit} Line {record.Line} and all after it are not read. Split the file.");
                yield break;
            }

            batch.Add(cells.Read(record));
            if (batch.Count < BatchSize)
                continue;
            yield return new SubscriberCsvBatch(batch, feed.BytesRead);
            batch = new List<SubscriberCsvRow>(BatchSize);
        }

        yield return new SubscriberCsvBatch(batch, feed.BytesRead);
    }

    private static string? Limit(int count, long bytes) =>
        count > MaxRows ? $"The file has more than {MaxRows} rows."
        : bytes > MaxBytes ? $"The file is larger than {MaxBytes / 1024 / 1024} MB."
        : null;

    private static bool IsBlank(CsvRecord record) => record.Error is null && record.Cells.All(string.IsNullOrWhiteSpace);

    private static async Task<List<IReadOnlyList<string>>> RowsAsync(
        ReadOnlyMemory<byte> head, CsvEncoding encoding, char delimiter, CancellationToken cancellationToken)
    {
        using var stream = new MemoryStream(head.ToArray(), writable: false);
        using var feed = new CsvFeed(stream, encoding, cancellationToken);
        var rows = new List<IReadOnlyList<string>>();
        await foreach (var record in new CsvRecords(feed, delimiter).ReadAsync(cancellationToken))
        {
            if (record.Error is null && !IsBlank(record))
                rows.Add(record.Cells);
            if (rows.Count == MaxLookedAt)
                return rows;
        }

        // The last row may go on behind what was read.
        if (head.Length == HeadBytes && rows.Count > 1)
            rows.RemoveAt(rows.Count - 1);
        return rows;
    }

    /// <summary>A delimiter that leaves addresses alone in their cells is right; else the one by which most rows have as many cells as the first.</summary>
    private static (bool HasAddress, double Share, int Columns) Fit(List<IReadOnlyList<string>> rows)
    {
        var columns = rows.Count == 0 ? 0 : rows[0].Count;
        return (
            rows.Exists(row => row.Any(SubscriberColumnNames.IsAddress)),
            columns < 2 ? 0 : (double)rows.Count(row => row.Count == columns) / rows.Count,
            columns);
    }

    private static SubscriberCsvRecognition Recognise(CsvEncoding encoding, char delimiter, List<IReadOnlyList<string>> rows)
    {
        var hasHeader = !rows[0].Any(SubscriberColumnNames.IsAddress);
        var body = hasHeader ? rows.GetRange(1, rows.Count - 1) : rows;
        var width = Math.Max(rows[0].Count, body.Select(row => row.Count).DefaultIfEmpty().Max());
        var headers = Enumerable.Range(0, width)
            .Select(column => hasHeader && rows[0].ElementAtOrDefault(column)?.Trim() is { Length: > 0 } name ? name : $"Column {column + 1}").ToList();
        var email = SubscriberColumnNames.Email(headers, body);
        return new SubscriberCsvRecognition(
            encoding,
            delimiter,
            hasHeader,
            headers,
            email,
            hasHeader ? SubscriberColumnNames.Status(headers) : SubscriberColumnNames.StatusByContent(width, body),
            hasHeader ? SubscriberColumnNames.ChangedAt(headers) : SubscriberColumnNames.ChangedAtByContent(width, body),
            hasHeader ? SubscriberColumnNames.Id(headers) : null,
            [.. body.Take(MaxSample)],
            email is null ? "No column looks like e-mail addresses. Choose the column that holds them, or upload another file."
                : body.Count == 0 ? "The file has columns' names, but no rows below them." : null);
    }

    private static SubscriberCsvRecognition Nothing(CsvEncoding encoding, string problem) =>
        new(encoding, ',', false, [], null, null, null, null, [], problem);
}
