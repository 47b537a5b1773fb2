using ZoeyKlaviyo.Bench;
using ZoeyKlaviyo.Bench.Catalog;
using ZoeyKlaviyo.Bench.Delivery;
using ZoeyKlaviyo.Bench.Intake;
using ZoeyKlaviyo.Bench.Subscribers;

var hasPart = args is [var first, ..] && !first.StartsWith("--", StringComparison.Ordinal);
var part = hasPart ? args[0] : "all";
var options = new BenchOptions(hasPart ? args[1..] : args);
switch (part)
{
    // The processes that take part in a measurement.
    case "serve":
        await IntakeServer.RunAsync(options);
        return 0;
    case "load":
        await LoadGenerator.RunAsync(options);
        return 0;
    case "klaviyo":
        await KlaviyoStandIn.RunAsync();
        return 0;
    case "fill":
        await Outbox.FillAsync(options);
        return 0;
    case "deliver":
        await Deliverer.RunAsync(options);
        return 0;
    case "synchronize":
        await Synchronizer.RunAsync(options);
        return 0;
    case "store":
        await StoreStandIn.RunAsync(options);
        return 0;
    case "catalog-klaviyo":
        await CatalogStandIn.RunAsync();
        return 0;
    case "synchronize-catalog":
        await CatalogSynchronizer.RunAsync(options);
        return 0;
    case "all" or "intake" or "delivery" or "subscribers" or "catalog":
        break;
    default:
        Console.Error.WriteLine($"\"{part}\" is no part of the benchmark: all, intake, delivery, subscribers or catalog.");
        return 2;
}

var figures = new List<Figure>();
if (part is "all" or "intake")
{
    foreach (var provider in options.Providers)
        figures.Add(await IntakeBenchmark.RunAsync(provider, options));
}

if (part is "all" or "delivery")
    figures.AddRange(await new DeliveryBenchmark(options).RunAsync());

if (part is "all" or "subscribers")
    figures.AddRange(await new SubscriberBenchmark(options).RunAsync());

if (part is "all" or "catalog")
    figures.AddRange(await new CatalogBenchmark(options).RunAsync());

Figure.Print(figures);
return 0;
