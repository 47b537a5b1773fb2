namespace ZoeyKlaviyo.Core.Csv;

/// <summary>
/// Rows for download (RFC 4180). A spreadsheet takes a cell that begins with = + - @, a tab or a line break for a formula, so that such a cell
/// gets an apostrophe before it (owasp.org, CSV Injection). Addresses may begin with = + - or an apostrophe too; so that each comes back as it
/// was when a download is uploaded again, <see cref="Restore"/> takes that apostrophe away, and a cell that already looks as if it had one
/// gets another.
/// </summary>
public static class CsvText
{
    private static readonly System.Buffers.SearchValues<char> s_toQuote = System.Buffers.SearchValues.Create(",\"\r\n;\t");

    public static async Task WriteRowAsync(TextWriter writer, IReadOnlyList<string?> cells, CancellationToken cancellationToken = default)
    {
        for (var i = 0; i < cells.Count; i++)
        {
            if (i > 0)
                await writer.WriteAsync(",".AsMemory(), cancellationToken);
            await writer.WriteAsync(Cell(cells[i] ?? "").AsMemory(), cancellationToken);
        }

        await writer.WriteAsync("\r\n".AsMemory(), cancellationToken);
    }

    public static string Neutralise(string cell) => IsFormula(cell) ? $"'{cell}" : cell;

    /// <summary>What <see cref="Neutralise"/> was given. Of another's file: without the apostrophe that it too has against formulas.</summary>
    public static string Restore(string cell) => cell.StartsWith('\'') && IsFormula(cell) ? cell[1..] : cell;

    private static bool IsFormula(string cell) => cell.AsSpan().TrimStart('\'') is ['=' or '+' or '-' or '@' or '\t' or '\r' or '\n', ..];

    private static string Cell(string cell)
    {
        var safe = Neutralise(cell);
        return safe.AsSpan().ContainsAny(s_toQuote) || safe.AsSpan().Trim().Length < safe.Length
            ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : safe;
    }
}
