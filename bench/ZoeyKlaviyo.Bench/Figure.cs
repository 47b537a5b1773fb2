using System.Globalization;

namespace ZoeyKlaviyo.Bench;

/// <summary>One row of the table.</summary>
internal sealed record Figure(string Name, string Ours, string Theirs, string Ratio, string Target, bool? IsMet)
{
    public static void Print(IEnumerable<Figure> figures)
    {
        Console.WriteLine("| figure | ours | the other | ratio | target | met |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var figure in figures)
        {
            var met = figure.IsMet switch { true => "yes", false => "**no**", null => "" };
            Console.WriteLine($"| {figure.Name} | {figure.Ours} | {figure.Theirs} | {figure.Ratio} | {figure.Target} | {met} |");
        }
    }

    public static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}

/// <summary>What happens meanwhile, beside the table on standard output.</summary>
internal static class Progress
{
    public static void Note(FormattableString text)
    {
        var load = File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "?";
        Console.Error.WriteLine($"[load {load}] {FormattableString.Invariant(text)}");
    }
}
