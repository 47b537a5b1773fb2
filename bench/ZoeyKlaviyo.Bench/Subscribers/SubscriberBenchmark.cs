using System.Globalization;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Bench.Subscribers;

/// <summary>All subscribers told to Klaviyo for the first time, and the run after it, in which nothing has changed.</summary>
internal sealed class SubscriberBenchmark(BenchOptions options)
{
    private const double MostGrowth = 1.5;

    public async Task<List<Figure>> RunAsync()
    {
        await using var klaviyo = Child.Start("klaviyo");
        var url = (await klaviyo.ReadAsync()).GetProperty("url").GetString()!;
        var figures = new List<Figure>();
        foreach (var provider in options.Providers)
            figures.AddRange(await SyncAsync(provider, klaviyo, url));
        return figures;
    }

    private async Task<IEnumerable<Figure>> SyncAsync(DatabaseProvider provider, Child klaviyo, string url)
    {
        var count = options.Subscribers;
        await using var database = await BenchDatabase.CreateAsync(provider, options.Postgres);
        await using var child = Child.Start(
            "synchronize", [.. database.Arguments, "--klaviyo", url, "--subscribers", count.ToString(CultureInfo.InvariantCulture)]);
        await child.ReadAsync();
        await klaviyo.AskAsync("no limits");
        var first = await child.AskAsync("go");
        var counted = await klaviyo.AskAsync("no limits");
        var again = await child.AskAsync("go");
        var counts = await klaviyo.AskAsync("no limits");
        if (first.GetProperty("sent").GetInt32() != count)
            throw new InvalidOperationException($"Of {count} subscribers not all were sent: {first}");
        // One question each time is for those who opted out.
        var (reads, calls) = (counted.GetProperty("profileReads").GetInt32() - 1, counted.GetProperty("subscribeCalls").GetInt32());
        var (readsAgain, callsAgain) = (counts.GetProperty("profileReads").GetInt32() - 1, counts.GetProperty("subscribeCalls").GetInt32());
        var seconds = first.GetProperty("seconds").GetDouble();
        // 750 questions and 750 calls a minute, at the same time.
        var allowed = Math.Max(reads, calls) / 750d * 60;
        var (early, peak) = (first.GetProperty("earlyBytes").GetDouble(), first.GetProperty("peakBytes").GetDouble());
        var most = (count + 999) / 1000;
        return
        [
            new($"Subscribers on {provider}: subscribe calls for {count:N0}", Figure.Number(calls), "", "", $"{most}", calls == most),
            new($"Subscribers on {provider}: questions about consent", Figure.Number(reads), "", "", $"{(count + 99) / 100}", reads == (count + 99) / 100),
            new($"Subscribers on {provider}, unchanged: calls and questions", Figure.Number(callsAgain + readsAgain), "", "", "0", callsAgain + readsAgain == 0),
            new(
                $"Subscribers on {provider}: seconds, all for the first time", FormattableString.Invariant($"{seconds:0.0}"), FormattableString.Invariant($"{allowed:0} allowed"),
                FormattableString.Invariant($"{seconds / allowed:0.00} x"), "", null),
            new($"Subscribers on {provider}, unchanged: seconds", FormattableString.Invariant($"{again.GetProperty("seconds").GetDouble():0.0}"), "", "", "", null),
            new(
                $"Subscribers on {provider}: memory peak, MB", Figure.Number(peak / 1e6), $"{Figure.Number(early / 1e6)} after a tenth", FormattableString.Invariant($"{peak / early:0.00} x"),
                FormattableString.Invariant($"at most {MostGrowth:0.0} x"), peak / early <= MostGrowth),
        ];
    }
}
