using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Tests.Fixtures;

namespace ZoeyKlaviyo.Tests.Scheduling;

/// <summary>
/// A process that stands still for longer than its lease, as on a machine that sleeps, while another shares its database. It
/// takes as long as a lease does, in real time.
/// </summary>
public sealed class PausedProcessTests
{
    [Fact]
    public async Task PausedWhileItDelivers_TheOtherTakesOverAndEveryEventArrivesOnce()
    {
        await using var admin = await ConnectedAdmin.StartAsync(DatabaseProvider.Postgres);
        var paused = admin.First;
        var ids = Enumerable.Range(1, 30).Select(number => $"event-{number}").ToList();
        await paused.PostEventsAsync(ids);
        await admin.Sandbox.AddFaultAsync(new { match = "/api/event", kind = "slow", retryAfter = 5 });
        var interrupted = await paused.SyncNowAsync("Events");
        await ConnectedAdmin.UntilAsync(async () => (await paused.PayloadsAsync()).Exists(payload => payload.State == "Sending"), "it delivers");

        await paused.PauseAsync();
        await admin.Sandbox.ClearFaultsAsync();
        var other = await admin.StartInstanceAsync();
        await ConnectedAdmin.UntilAsync(async () => (await other.PayloadsAsync()).TrueForAll(payload => payload.State == "Sent"), "the other process sends everything");
        await ConnectedAdmin.UntilAsync(async () => (await other.RunsAsync())[0].Status == "Succeeded", "the run of the other process ends");
        var payloads = await other.PayloadsAsync();

        await paused.ContinueAsync();
        await ConnectedAdmin.UntilAsync(() => Task.FromResult(paused.Output.Contains($"Run {interrupted} lost its lease", StringComparison.Ordinal)), "it notices");

        Assert.Equal(payloads, await other.PayloadsAsync());
        Assert.Equal("Interrupted", (await other.RunsAsync()).Single(run => run.Run == interrupted).Status);
        Assert.All(payloads, payload => Assert.Equal(("Sent", false), (payload.State, payload.InDoubt)));
        Assert.Equal(payloads.Select(payload => payload.UniqueId).Order(), (await admin.Sandbox.EventIdsAsync()).Order());
        Assert.Equal(ids.Count, payloads.Count);
    }
}
