using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Bench.Catalog;

/// <summary>A catalog sent for the first time, the night after it without a change, and the one after a hundredth has changed.</summary>
internal sealed class CatalogBenchmark(BenchOptions options)
{
    private const int MostStoreCalls = 6000;
    private const double MostGrowth = 1.5;

    /// <summary>In milliseconds, as Klaviyo's: with <see cref="OverlapProducts"/> a Variants run waits about as long for the one as for the other.</summary>
    private const int StoreLatency = 500;

    private const int KlaviyoLatency = 1500;
    private const int OverlapProducts = 5000;

    private readonly int _products = options.Products;

    public async Task<List<Figure>> RunAsync()
    {
        var figures = new List<Figure>();
        foreach (var provider in options.Providers)
        {
            figures.AddRange(await SyncAsync(provider));
            figures.Add(await OverlapAsync(provider));
        }

        return figures;
    }

    private async Task<IEnumerable<Figure>> SyncAsync(DatabaseProvider provider)
    {
        double small;
        await using (var session = await CatalogSession.StartAsync(provider, options.Postgres, _products / 10))
        {
            await session.NightAsync();
            await session.NextDayAsync();
            small = (await session.NightAsync()).PeakBytes;
        }

        await using var large = await CatalogSession.StartAsync(provider, options.Postgres, _products);
        var first = await large.NightAsync();
        await large.NextDayAsync();
        var unchanged = await large.NightAsync();
        await large.NextDayAsync();
        await large.ChangeStoreAsync();
        var changed = await large.NightAsync();
        return Figures($"Catalog on {provider}", first, unchanged, changed, small);
    }

    private IEnumerable<Figure> Figures(string name, CatalogNight first, CatalogNight unchanged, CatalogNight changed, double small)
    {
        // Of five rows two are items and four are variants: a simple product is both.
        int[] records = [GeneratedCatalog.CategoriesOf(_products), _products / 5 * 2, _products / 5 * 4];
        foreach (var (run, most) in first.Runs.Zip(records, (run, count) => (run, Most: Jobs(count))))
            yield return new($"{name}: create calls of {run.Kind}", Figure.Number(run.Count("create jobs")), "", "", $"{most}", run.Count("create jobs") == most);
        yield return new($"{name}: calls to Klaviyo, all new", Figure.Number(first.KlaviyoCalls), "", "", "", null);
        yield return new($"{name}: calls to the store, all new", Figure.Number(first.StoreCalls), "", "", "", null);
        yield return Time($"{name}: seconds, all new", first);
        yield return new($"{name}, unchanged: writes to Klaviyo", Figure.Number(unchanged.Writes), "", "", "0", unchanged.Writes == 0);
        yield return new($"{name}, unchanged: calls to the store", Figure.Number(unchanged.StoreCalls), "", "", $"at most {MostStoreCalls:N0}", unchanged.StoreCalls <= MostStoreCalls);
        yield return Time($"{name}, unchanged: seconds", unchanged);
        // A hundredth of the items and of the variants, each kind of jobs rounded up.
        var updates = Jobs(records[1] / 100) + Jobs(records[2] / 100);
        yield return new($"{name}, 1 % changed: writes to Klaviyo", Figure.Number(changed.Writes), "", "", $"{updates}", changed.Writes == updates && changed.Count("update jobs") == updates);
        yield return new($"{name}, 1 % changed: calls to the store", Figure.Number(changed.StoreCalls), "", "", "", null);
        yield return Time($"{name}, 1 % changed: seconds", changed);
        yield return new(
            $"{name}: memory peak, MB", Figure.Number(changed.PeakBytes / 1e6), $"{Figure.Number(small / 1e6)} with a tenth", FormattableString.Invariant($"{changed.PeakBytes / small:0.00} x"),
            FormattableString.Invariant($"at most {MostGrowth:0.0} x"), changed.PeakBytes / small <= MostGrowth);
    }

    /// <summary>All stock changes four times, and is read from and written to stand-ins of which neither, either and both are slow.</summary>
    private async Task<Figure> OverlapAsync(DatabaseProvider provider)
    {
        await using var session = await CatalogSession.StartAsync(provider, options.Postgres, OverlapProducts);
        await session.NightAsync();
        var alone = await RestockAsync(session, 0, 0);
        var reading = await RestockAsync(session, StoreLatency, 0) - alone;
        var writing = await RestockAsync(session, 0, KlaviyoLatency) - alone;
        var both = await RestockAsync(session, StoreLatency, KlaviyoLatency) - alone;
        return new(
            $"Catalog on {provider}: seconds more with a slow store and a slow Klaviyo", FormattableString.Invariant($"{both:0.0}"),
            FormattableString.Invariant($"{reading:0.0} + {writing:0.0} with one of them"), FormattableString.Invariant($"{both / (reading + writing):0.00} x"), "less than 1 x", both < reading + writing);
    }

    private static async Task<double> RestockAsync(CatalogSession session, int store, int klaviyo)
    {
        await session.RestockAsync();
        await session.SlowDownAsync(store, klaviyo);
        return (await session.RunAsync(SyncKind.Variants)).Seconds;
    }

    private static Figure Time(string name, CatalogNight night) => new(
        name, FormattableString.Invariant($"{night.Seconds:0.0}, of a processor {night.ProcessorSeconds:0.0}"), FormattableString.Invariant($"{night.Allowed:0} allowed"), FormattableString.Invariant($"{night.Seconds / night.Allowed:0.00} x"), "", null);

    private static int Jobs(int records) => (records + 99) / 100;
}
