using System.Text.Json;
using ZoeyKlaviyo.Bench.Delivery;
using ZoeyKlaviyo.Core.Scheduling;

namespace ZoeyKlaviyo.Bench.Catalog;

/// <summary>A run of one kind, and what the stand-ins counted meanwhile.</summary>
internal sealed record CatalogMeasure(SyncKind Kind, JsonElement Run, JsonElement Store, JsonElement Klaviyo)
{
    private const double StorePerSecond = 4;

    public double Seconds => Run.GetProperty("seconds").GetDouble();

    public int StoreCalls => Store.EnumerateObject().Sum(count => count.Value.GetInt32());

    /// <summary>Everything that changes what Klaviyo holds.</summary>
    public int Writes => Count("create jobs") + Count("update jobs") + Count("delete jobs") + Count("relinks");

    public int KlaviyoCalls => Writes + Count("polls");

    /// <summary>What the limits of the store and of Klaviyo would take alone, each side without waiting for the other.</summary>
    public TimeSpan Allowed => new[] { StoreTime, Time("create jobs"), Time("update jobs"), Time("polls") }.Max();

    private TimeSpan StoreTime => TimeSpan.FromSeconds(StoreCalls / StorePerSecond);

    public int Count(string what) => Klaviyo.TryGetProperty(what, out var count) ? count.GetInt32() : 0;

    private TimeSpan Time(string calls) => DeliveryBenchmark.Allowed(Count(calls), 75, 750);
}

/// <summary>The runs of one night.</summary>
internal sealed record CatalogNight(IReadOnlyList<CatalogMeasure> Runs)
{
    public double Seconds => Runs.Sum(run => run.Seconds);

    /// <summary>What the application worked meanwhile, without the stand-ins and a PostgreSQL.</summary>
    public double ProcessorSeconds => Runs.Sum(run => run.Run.GetProperty("processorSeconds").GetDouble());

    public double Allowed => Runs.Sum(run => run.Allowed.TotalSeconds);

    public int StoreCalls => Runs.Sum(run => run.StoreCalls);

    public int KlaviyoCalls => Runs.Sum(run => run.KlaviyoCalls);

    public int Writes => Runs.Sum(run => run.Writes);

    public double PeakBytes => Runs[^1].Run.GetProperty("peakBytes").GetDouble();

    public int Count(string what) => Runs.Sum(run => run.Count(what));
}
