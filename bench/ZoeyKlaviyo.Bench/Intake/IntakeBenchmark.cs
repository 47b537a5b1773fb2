using System.Globalization;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Bench.Intake;

/// <summary>The two endpoints in turn, A B A B, under the same load.</summary>
internal static class IntakeBenchmark
{
    private const double Target = 0.40;

    /// <summary>By number, not by time: so many requests until the compiler has settled on its last version of everything.</summary>
    private const int WarmUpRequests = 80_000;

    public static async Task<Figure> RunAsync(DatabaseProvider provider, BenchOptions options)
    {
        await using var database = await BenchDatabase.CreateAsync(provider, options.Postgres);
        await using var server = Child.Start("serve", database.Arguments);
        var urls = await server.ReadAsync();
        var (collect, bare) = (urls.GetProperty("collect").GetString()!, urls.GetProperty("bare").GetString()!);
        await using var load = Child.Start("load", "--connections", options.Connections.ToString(CultureInfo.InvariantCulture));
        await load.ReadAsync();

        var accepted = 0L;
        var (ours, theirs) = (new List<double>(), new List<double>());
        foreach (var url in new[] { bare, collect })
        {
            for (var warm = 0d; warm < WarmUpRequests;)
                warm += await MeasureAsync(url, options.Slice) * options.Slice.TotalSeconds;
        }

        for (var round = 0; round < options.Rounds(6); round++)
        {
            theirs.Add(await MeasureAsync(bare, options.Slice));
            ours.Add(await MeasureAsync(collect, options.Slice));
            Progress.Note($"{provider} round {round + 1}: /collect {ours[^1]:N0}/s, bare {theirs[^1]:N0}/s, {ours[^1] / theirs[^1]:0.00} x");
        }

        var stored = (await server.AskAsync("count")).GetProperty("stored").GetInt64();
        if (stored != accepted)
            throw new InvalidOperationException($"{accepted} events were accepted and {stored} are in the outbox.");
        Progress.Note($"{provider}: every one of {stored:N0} accepted events is in the outbox");
        var ratios = ours.Zip(theirs, (our, their) => our / their).Order().ToList();
        return new Figure(
            $"Intake on {provider}: requests/s", Figure.Number(Figure.Median(ours)), Figure.Number(Figure.Median(theirs)),
            Invariant($"{Figure.Median(ratios):0.00} x ({ratios[0]:0.00} to {ratios[^1]:0.00})"), Invariant($"at least {Target:0.00} x"), Figure.Median(ratios) >= Target);

        async Task<double> MeasureAsync(string url, TimeSpan duration)
        {
            var result = await load.AskAsync($"{url} {duration.ToString("c", CultureInfo.InvariantCulture)}");
            var (answers, good) = (result.GetProperty("answered").GetInt64(), result.GetProperty("accepted").GetInt64());
            if (answers != good)
                throw new InvalidOperationException($"{url} accepted {good} of {answers} events.");
            accepted += url == collect ? good : 0;
            return result.GetProperty("perSecond").GetDouble();
        }
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
