using System.Globalization;
using System.Runtime.CompilerServices;
using CsvHelper;
using CsvHelper.Configuration;

namespace ZoeyKlaviyo.Core.Csv;

/// <param name="Line">Of the file, from 1: where it begins.</param>
/// <param name="LastLine">More than <paramref name="Line"/> where a quoted cell holds line breaks.</param>
/// <param name="Error">Why its cells are not to be trusted; null: they are.</param>
internal sealed record CsvRecord(int Line, int LastLine, IReadOnlyList<string> Cells, string? Error);

/// <summary>The records of a file, of which no more than one and a buffer are ever in memory. Blank lines are records too.</summary>
internal sealed class CsvRecords(CsvFeed feed, char delimiter)
{
    private bool _hasStrayQuote;

    public async IAsyncEnumerable<CsvRecord> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A parser that was cut off is done with; the next one goes on behind the line.
        for (var before = 0; ;)
        {
            using var parser = new CsvParser(feed, Configuration(), leaveOpen: true);
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var line = before + parser.RawRow + 1;
                _hasStrayQuote = false;
                feed.StartRecord();
                var hasRecord = await parser.ReadAsync();
                if (feed.IsCut)
                {
                    before += parser.RawRow;
                    yield return new CsvRecord(line, before, [], TooLong(line, before));
                    break;
                }

                if (!hasRecord)
                    yield break;
                yield return Record(parser, line, before + parser.RawRow);
            }

            await feed.SkipLineAsync();
        }
    }

    private CsvRecord Record(CsvParser parser, int line, int lastLine)
    {
        var cells = parser.Record!;
        return new CsvRecord(line, lastLine, cells, _hasStrayQuote && lastLine > line
            ? $"a quote is not closed, so that lines {line} to {lastLine} can't be told apart"
            : null);
    }

    private static string TooLong(int line, int lastLine) => line == lastLine
        ? $"the line is longer than {CsvFeed.MaxRecord} characters"
        : $"a quote that begins in line {line} is not closed; lines {line} to {lastLine} are left out";

    private CsvConfiguration Configuration() => new(CultureInfo.InvariantCulture)
    {
        Delimiter = delimiter.ToString(),
        IgnoreBlankLines = false,
        DetectDelimiter = false,
        BadDataFound = _ => _hasStrayQuote = true,
    };
}
