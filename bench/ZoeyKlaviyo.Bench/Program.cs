using ZoeyKlaviyo.Bench;
using ZoeyKlaviyo.Bench.Intake;

var part = args is [var first, ..] && !first.StartsWith("--", StringComparison.Ordinal) ? first : "all";
var options = new BenchOptions(part == "all" && !args.Contains("all") ? args : args[1..]);
switch (part)
{
    case "serve":
        await IntakeServer.RunAsync(options);
        return 0;
    case "load":
        await LoadGenerator.RunAsync(options);
        return 0;
}

var figures = new List<Figure>();
if (part is "all" or "intake")
{
    foreach (var provider in options.Providers)
        figures.Add(await IntakeBenchmark.RunAsync(provider, options));
}

Figure.Print(figures);
return figures.Count == 0 ? 1 : 0;
