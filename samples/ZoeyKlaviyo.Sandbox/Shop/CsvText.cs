using System.Text;

namespace ZoeyKlaviyo.Sandbox.Shop;

internal static class CsvText
{
    public static StringBuilder AddRow(this StringBuilder text, IEnumerable<string> values) =>
        text.AppendJoin(',', values.Select(value => $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")).Append('\n');
}
