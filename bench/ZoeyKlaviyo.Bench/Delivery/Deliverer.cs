using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Bench.Delivery;

/// <summary>One Events run, started as Sync now does and carried out by the dispatcher, in a process that does nothing else.</summary>
internal static class Deliverer
{
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(20);

    public static async Task RunAsync(BenchOptions options)
    {
        await using var services = await Shop.StartCoreAsync(Shop.Settings(options, options["klaviyo"], options["limits"] == "on"));
        var store = await Shop.OpenAsync(services);
        var database = services.GetRequiredService<Database>();
        using var stop = new CancellationTokenSource();
        var dispatcher = Task.Run(() => services.GetRequiredService<RunDispatcher>().RunAsync(stop.Token));
        Child.Answer(new { ready = true });
        await Console.In.ReadLineAsync();

        var start = TimeProvider.System.GetTimestamp();
        var queued = await services.GetRequiredService<SyncCommands>().SyncNowAsync(store, SyncKind.Events, CancellationToken.None);
        Run run;
        do
        {
            await Task.Delay(s_lookEvery, TimeProvider.System);
            run = await database.ReadAsync(db => db.Runs.SingleAsync(row => row.Id == queued.RunId), CancellationToken.None);
        }
        while (run.IsActive);
        var elapsed = TimeProvider.System.GetElapsedTime(start);
        var sent = await database.ReadAsync(db => db.Payloads.CountAsync(payload => payload.State == PayloadState.Sent), CancellationToken.None);
        Child.Answer(new { status = run.Status.ToString(), run.Message, sent, seconds = elapsed.TotalSeconds, peakBytes = Peak() });
        await stop.CancelAsync();
        await dispatcher;
    }

    private static long Peak()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
