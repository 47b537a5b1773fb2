using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Bench.Subscribers;

/// <summary>Subscribers runs, each started as Sync now does and carried out by the dispatcher, in a process that does nothing else.</summary>
internal static class Synchronizer
{
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(100);

    public static async Task RunAsync(BenchOptions options)
    {
        await using var services = await Shop.StartCoreAsync(
            Shop.Settings(options, options["klaviyo"], limits: false),
            services => services.Replace(ServiceDescriptor.Singleton<IZoeyClient>(new GeneratedStore(options.Subscribers))));
        await Shop.ConnectAsync(services);
        var store = await Shop.OpenAsync(services);
        var database = services.GetRequiredService<Database>();
        using var stop = new CancellationTokenSource();
        var dispatcher = Task.Run(() => services.GetRequiredService<RunDispatcher>().RunAsync(stop.Token));
        Child.Answer(new { ready = true });
        while (await Console.In.ReadLineAsync() is { Length: > 0 })
        {
            var start = TimeProvider.System.GetTimestamp();
            var queued = await services.GetRequiredService<SyncCommands>().SyncNowAsync(store, SyncKind.Subscribers, CancellationToken.None);
            var (peak, early) = (0L, 0L);
            Run run;
            do
            {
                await Task.Delay(s_lookEvery, TimeProvider.System);
                run = await database.ReadAsync(db => db.Runs.SingleAsync(row => row.Id == queued.RunId), CancellationToken.None);
                using var process = Process.GetCurrentProcess();
                peak = Math.Max(peak, process.WorkingSet64);
                // A tenth of the list, by when everything is loaded and compiled.
                if (early == 0 && run.ProgressDone > options.Subscribers / 10)
                    early = process.WorkingSet64;
            }
            while (run.IsActive);
            Child.Answer(new
            {
                status = run.Status.ToString(),
                run.Message,
                sent = run.Counts.Sent,
                seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds,
                earlyBytes = early,
                peakBytes = peak,
            });
        }

        await stop.CancelAsync();
        await dispatcher;
    }
}
