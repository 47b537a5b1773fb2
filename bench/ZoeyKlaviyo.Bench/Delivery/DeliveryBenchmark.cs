using System.Globalization;
using System.Text.Json;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Bench.Delivery;

/// <summary>
/// The outbox emptied by an Events run, and the same events sent from memory by Klaviyo's SDK for Node, in turn, to the same stand-in;
/// then the run again with the limits on.
/// </summary>
internal sealed class DeliveryBenchmark(BenchOptions options)
{
    private const double RateTarget = 0.5;
    private const double TimeTarget = 1.05;

    /// <summary>The SDK's users await each call or let a few run at once; the better one counts.</summary>
    private static readonly int[] s_inFlight = [1, 4];

    public async Task<List<Figure>> RunAsync()
    {
        await using var klaviyo = Child.Start("klaviyo");
        var url = (await klaviyo.ReadAsync()).GetProperty("url").GetString()!;
        var figures = new List<Figure>();
        foreach (var provider in options.Providers)
            figures.AddRange(await CompareAsync(provider, klaviyo, url));
        foreach (var provider in options.Providers)
            figures.AddRange(await KeepLimitsAsync(provider, klaviyo, url));
        return figures;
    }

    private async Task<IEnumerable<Figure>> CompareAsync(DatabaseProvider provider, Child klaviyo, string url)
    {
        var count = options.Events;
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "bench")).FullName, $"events-{count}.jsonl");
        await Outbox.WriteAsync(path, count);
        var (ours, theirs, ratios) = (new List<double>(), new List<double>(), new List<double>());
        var (calls, peak, theirPeak) = (0, 0d, 0d);
        for (var round = 0; round < options.Rounds(3); round++)
        {
            var (sdk, node) = await SendBySdkAsync(klaviyo, url, path, count);
            var (run, counted) = await DeliverAsync(provider, klaviyo, url, count, limits: false);
            calls = Math.Max(calls, counted.GetProperty("calls").GetInt32());
            peak = Math.Max(peak, run.GetProperty("peakBytes").GetDouble());
            theirPeak = Math.Max(theirPeak, node);
            ours.Add(count / run.GetProperty("seconds").GetDouble());
            theirs.Add(sdk);
            ratios.Add(ours[^1] / theirs[^1]);
            Progress.Note($"{provider} round {round + 1}: ours {ours[^1]:N0} events/s in {calls} calls, SDK {theirs[^1]:N0} events/s, {ratios[^1]:0.00} x");
        }

        File.Delete(path);
        var most = ((count + 999) / 1000) + 1;
        return
        [
            new($"Delivery on {provider}: calls for {count:N0} payloads", Figure.Number(calls), Figure.Number((count + 999) / 1000), "", $"at most {most}", calls <= most),
            new(
                $"Delivery on {provider}: events/s", Figure.Number(Figure.Median(ours)), Figure.Number(Figure.Median(theirs)),
                Invariant($"{Figure.Median(ratios):0.00} x ({ratios.Min():0.00} to {ratios.Max():0.00})"), Invariant($"at least {RateTarget:0.0} x"), Figure.Median(ratios) >= RateTarget),
            new($"Delivery on {provider}: memory peak, MB", Figure.Number(peak / 1e6), Figure.Number(theirPeak / 1e6), "", "", null),
        ];
    }

    private async Task<IEnumerable<Figure>> KeepLimitsAsync(DatabaseProvider provider, Child klaviyo, string url)
    {
        var (run, counted) = await DeliverAsync(provider, klaviyo, url, options.LimitedEvents, limits: true);
        var (calls, throttled) = (counted.GetProperty("calls").GetInt32(), counted.GetProperty("throttled").GetInt32());
        var bulk = counted.GetProperty("bulkCalls").GetInt32();
        var allowed = Math.Max(Allowed(bulk, 10, 150).TotalSeconds, Allowed(calls - bulk, 350, 3500).TotalSeconds);
        var seconds = run.GetProperty("seconds").GetDouble();
        Progress.Note($"{provider} with limits: {calls} calls in {seconds:0.00} s, the limits allow {allowed:0.00} s, {throttled} answered 429");
        return
        [
            new($"Delivery on {provider}, limits on: answers 429", Figure.Number(throttled), "", "", "0", throttled == 0),
            new(
                Invariant($"Delivery on {provider}, limits on: seconds for {calls} calls"), Invariant($"{seconds:0.00}"), Invariant($"{allowed:0.00} allowed"),
                allowed > 0 ? Invariant($"{seconds / allowed:0.000} x") : "too few calls", Invariant($"at most {TimeTarget:0.00} x"), allowed > 0 ? seconds / allowed <= TimeTarget : null),
        ];
    }

    /// <summary>
    /// How long after the first call the last one may be made, if no second of time and no minute of time, wherever they begin, may have more: the caller
    /// can't see where Klaviyo's windows begin.
    /// </summary>
    internal static TimeSpan Allowed(int calls, int perSecond, int perMinute)
    {
        var times = new TimeSpan[calls];
        for (var i = 0; i < calls; i++)
        {
            times[i] = i < perSecond ? TimeSpan.Zero : times[i - perSecond] + TimeSpan.FromSeconds(1);
            if (i >= perMinute && times[i - perMinute] + TimeSpan.FromMinutes(1) is var next && next > times[i])
                times[i] = next;
        }

        return calls == 0 ? TimeSpan.Zero : times[^1];
    }

    private async Task<(JsonElement Run, JsonElement Counted)> DeliverAsync(DatabaseProvider provider, Child klaviyo, string url, int count, bool limits)
    {
        await using var database = await BenchDatabase.CreateAsync(provider, options.Postgres);
        await using (var fill = Child.Start("fill", [.. database.Arguments, "--events", count.ToString(CultureInfo.InvariantCulture)]))
            await fill.ReadAsync();
        await using var deliverer = Child.Start("deliver", [.. database.Arguments, "--klaviyo", url, "--limits", limits ? "on" : "off"]);
        await deliverer.ReadAsync();
        await klaviyo.AskAsync(limits ? "limits" : "no limits");
        var run = await deliverer.AskAsync("go");
        var counted = await klaviyo.AskAsync("no limits");
        var (sent, arrived) = (run.GetProperty("sent").GetInt32(), counted.GetProperty("events").GetInt32());
        return sent == count && arrived == count
            ? (run, counted)
            : throw new InvalidOperationException($"Of {count} payloads {sent} are Sent and {arrived} arrived: {run}");
    }

    private static async Task<(double PerSecond, double PeakBytes)> SendBySdkAsync(Child klaviyo, string url, string path, int count)
    {
        var (best, peak) = (0d, 0d);
        foreach (var inFlight in s_inFlight)
        {
            await using var node = Child.StartNode(
                Path.Combine(Repository.Root, "bench", "node-sdk", "send.js"), url, path, inFlight.ToString(CultureInfo.InvariantCulture));
            await node.ReadAsync();
            await klaviyo.AskAsync("no limits");
            var result = await node.AskAsync("go");
            var arrived = (await klaviyo.AskAsync("no limits")).GetProperty("events").GetInt32();
            if (arrived != count)
                throw new InvalidOperationException($"The SDK was given {count} events and {arrived} arrived.");
            var perSecond = count / result.GetProperty("seconds").GetDouble();
            if (perSecond > best)
                (best, peak) = (perSecond, result.GetProperty("peakBytes").GetDouble());
        }

        return (best, peak);
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
