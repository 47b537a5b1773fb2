using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Bench.Catalog;

/// <summary>Runs of the catalog, each started as Sync now does and carried out by the dispatcher, in a process that does nothing else.</summary>
internal static class CatalogSynchronizer
{
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(100);

    public static async Task RunAsync(BenchOptions options)
    {
        var clock = new MovableClock();
        await using var services = await Shop.StartCoreAsync(Settings(options), services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock)));
        await Shop.ConnectAsync(services);
        using var stop = new CancellationTokenSource();
        var dispatcher = Task.Run(() => services.GetRequiredService<RunDispatcher>().RunAsync(stop.Token));
        Child.Answer(new { ready = true });
        while (await Console.In.ReadLineAsync() is { Length: > 0 } line)
        {
            if (line != "day")
            {
                await SyncAsync(services, Enum.Parse<SyncKind>(line));
                continue;
            }

            clock.Advance(TimeSpan.FromDays(1));
            Child.Answer(new { ready = true });
        }

        await stop.CancelAsync();
        await dispatcher;
    }

    private static Dictionary<string, string?> Settings(BenchOptions options) => new(Shop.Settings(options, options["klaviyo"], limits: false))
    {
        ["Stores:0:BaseUrl"] = options["store"],
        ["Stores:0:StorefrontUrl"] = Shop.Origin,
        ["Stores:0:ConsumerKey"] = "key",
        ["Stores:0:ConsumerSecret"] = "secret",
        ["Stores:0:AccessToken"] = "token",
        ["Stores:0:TokenSecret"] = "secret",
        // What is measured is our own work: what the store's limit costs is reckoned from the number of calls.
        ["Zoey:MaxRequestsPerSecond"] = "1000000",
    };

    private static async Task SyncAsync(ServiceProvider services, SyncKind kind)
    {
        var database = services.GetRequiredService<Database>();
        using var process = Process.GetCurrentProcess();
        var (start, worked) = (TimeProvider.System.GetTimestamp(), process.TotalProcessorTime);
        var queued = await services.GetRequiredService<SyncCommands>().SyncNowAsync(await Shop.OpenAsync(services), kind, CancellationToken.None);
        Run run;
        do
        {
            await Task.Delay(s_lookEvery, TimeProvider.System);
            run = await database.ReadAsync(db => db.Runs.SingleAsync(row => row.Id == queued.RunId), CancellationToken.None);
        }
        while (run.IsActive);
        process.Refresh();
        Child.Answer(new
        {
            status = run.Status.ToString(),
            run.Message,
            created = run.Counts.Created,
            updated = run.Counts.Updated,
            unchanged = run.Counts.Unchanged,
            seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds,
            processorSeconds = (process.TotalProcessorTime - worked).TotalSeconds,
            peakBytes = process.PeakWorkingSet64,
        });
    }

    /// <summary>The next day comes when it is asked for.</summary>
    private sealed class MovableClock : TimeProvider
    {
        private long _ticks;

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref _ticks));

        public void Advance(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);
    }
}
