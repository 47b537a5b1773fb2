using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Tests.Fixtures;

namespace ZoeyKlaviyo.Tests.Crashes;

public sealed class SqliteKilledDeliveryTests(ITestOutputHelper output) : KilledDeliveryTests(DatabaseProvider.Sqlite, kills: 20, output);

public sealed class PostgresKilledDeliveryTests(ITestOutputHelper output) : KilledDeliveryTests(DatabaseProvider.Postgres, kills: 5, output);

/// <summary>
/// The real processes, killed (<c>kill -9</c>) at random moments of a delivery, while events are still coming in. Chance follows
/// from a seed, which is printed; <c>ZOEYKLAVIYO_TEST_SEED</c> sets it.
/// </summary>
public abstract class KilledDeliveryTests(DatabaseProvider provider, int kills, ITestOutputHelper output) : IDisposable
{
    private const int Requests = 40;

    private static readonly int s_seed = int.TryParse(
        Environment.GetEnvironmentVariable("ZOEYKLAVIYO_TEST_SEED"), NumberStyles.Integer, CultureInfo.InvariantCulture, out var seed) ? seed : Random.Shared.Next();

    private readonly DirectoryInfo _books = Directory.CreateTempSubdirectory("sandbox-books-");
    private readonly Random _random = new(s_seed);
    private readonly StringBuilder _log = new();
    private readonly HashSet<string> _killedRuns = [];
    private readonly PostedEvents _events = new();
    private ConnectedAdmin _admin = default!;
    private int _killsInSending;
    private long _repeats;

    public void Dispose()
    {
        _books.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task KilledAtRandomMoments_EveryEventArrivesOnce()
    {
        Print($"Seed {s_seed}");
        try
        {
            await using (_admin = await ConnectedAdmin.StartAsync(provider, null, $"--Sandbox:DataDirectory={_books.FullName}", "--Sandbox:Limits:Enabled=false"))
                await KillAndCompareAsync();
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"Run it again with ZOEYKLAVIYO_TEST_SEED={s_seed}. {exception.Message}\n{_log}", exception);
        }
    }

    private async Task KillAndCompareAsync()
    {
        await PostUntilAsync(Requests / 2);
        await RefuseSomeAsync();
        await PostUntilAsync(Requests - kills);
        await SwitchFaultsAsync();
        for (var number = 1; number <= kills; number++)
            await KillAsync(number);
        await PostUntilAsync(Requests);
        await _admin.Sandbox.ClearFaultsAsync();
        await ConnectedAdmin.UntilAsync(NothingWaitsAsync, "nothing waits any more");

        await CountSandboxAsync();
        Print($"{kills} kills, {_killsInSending} of them with payloads in Sending; Klaviyo was sent {_repeats} events again");
        var payloads = await _admin.First.PayloadsAsync();
        Assert.All(payloads, payload => Assert.Equal(("Sent", false), (payload.State, payload.InDoubt)));
        Assert.Equal(_events.Count, payloads.Count);
        _events.AssertArrivedOnce(await _admin.Sandbox.EventsAsync());
        var runs = await _admin.First.RunsAsync();
        Assert.All(runs.Where(run => _killedRuns.Contains(run.Run)), run => Assert.True(run.Status is "Interrupted" or "Failed", $"{run}"));
        Assert.All(runs, run => Assert.False(run.Status is "Queued" or "Running", $"{run}"));
        Assert.True(_killsInSending >= kills / 3, $"Only {_killsInSending} of {kills} kills hit a delivery.");
    }

    /// <summary>Kills the process somewhere in its work, with a request of events on its way in, and starts it again.</summary>
    private async Task KillAsync(int number)
    {
        // Events without an answer in their retry cycle may fail: so while Klaviyo dies, too, there are first cycles only.
        var isFirstHalf = number <= kills / 2;
        var isSandboxKilled = isFirstHalf && number % 2 == 0;
        if (!isFirstHalf)
            await _admin.First.SyncNowAsync("Retries");
        await _admin.First.SyncNowAsync("Events");
        var posting = PostNextAsync();
        // A process that has just started needs a while on a busy machine; one kill in four may come before it begins to send.
        if (number % 4 != 0)
            await ConnectedAdmin.UntilAsync(IsSendingOrDoneAsync, "it sends");
        if (isSandboxKilled)
        {
            await PauseAsync(800);
            await CountSandboxAsync();
            await _admin.Sandbox.KillAsync();
        }

        var delay = await PauseAsync(2000);
        await _admin.First.KillAsync();
        var isPosted = await posting;
        if (isSandboxKilled)
            await _admin.Sandbox.StartAgainAsync();

        var (sending, doubtful, retry, runs) = await _admin.ReadAsync(async db => (
            await db.Payloads.CountAsync(payload => payload.State == PayloadState.Sending),
            await db.Payloads.CountAsync(payload => payload.InDoubt),
            await db.Payloads.CountAsync(payload => payload.State == PayloadState.Retry),
            await db.Runs.Where(run => run.Status == RunStatus.Running).ToListAsync()));
        _killsInSending += sending > 0 ? 1 : 0;
        _killedRuns.UnionWith(runs.Select(run => run.Id.ToString(CultureInfo.InvariantCulture)));
        Print($"Kill {number} after {delay} ms{(isSandboxKilled ? ", the stand-in before" : "")}: {string.Join(", ", runs.Select(run => run.Kind))} running, "
            + $"{sending} in Sending, {doubtful} in doubt, {retry} in Retry, {await ArrivedAsync()} arrived, {(isPosted ? "post answered" : "post not answered")}");
        await _admin.EndLeasesAsync();
        await SwitchFaultsAsync();
        await _admin.First.StartAsync();
    }

    /// <summary>Slow enough to be killed half-way; at most two lost answers, so that no event loses all of its three.</summary>
    private async Task SwitchFaultsAsync()
    {
        await _admin.Sandbox.ClearFaultsAsync();
        var kind = _random.Next(4) == 0 ? "reset" : "lost-answer";
        await _admin.Sandbox.AddFaultAsync(new { match = "POST /api/event", kind, times = _random.Next(1, 3) });
        await _admin.Sandbox.AddFaultAsync(new { match = "/api/", kind = "slow", retryAfter = 1, times = _random.Next(5, 40) });
    }

    /// <summary>So that there is work for the retry cycle.</summary>
    private async Task RefuseSomeAsync()
    {
        await _admin.Sandbox.AddFaultAsync(new { match = "POST /api/event", kind = "refuse", where = "shopper1" });
        await RunAsync("Events");
        Assert.Contains(await _admin.First.PayloadsAsync(), payload => payload.State == "Retry");
        // From here on a bulk call that is refused is one too many, see CountSandboxAsync.
        await _admin.Sandbox.KillAsync();
        await _admin.Sandbox.StartAgainAsync();
    }

    private async Task PostUntilAsync(int requests)
    {
        while (_events.Count < requests * PostedEvents.PerRequest || _events.IsWaiting)
            Assert.True(await PostNextAsync());
    }

    private async Task<bool> PostNextAsync()
    {
        var isTaken = await _admin.First.TryCollectAsync(_events.Next);
        if (isTaken)
            _events.Taken();
        return isTaken;
    }

    private async Task<bool> NothingWaitsAsync()
    {
        await RunAsync("Events");
        await RunAsync("Retries");
        return (await _admin.First.PayloadsAsync()).TrueForAll(payload => payload.State is "Sent" or "Failed");
    }

    private Task<bool> IsSendingOrDoneAsync() => _admin.ReadAsync(async db =>
        await db.Payloads.AnyAsync(payload => payload.State == PayloadState.Sending)
        || !await db.Runs.AnyAsync(run => run.Status == RunStatus.Queued || run.Status == RunStatus.Running));

    private async Task RunAsync(string kind)
    {
        await _admin.First.SyncNowAsync(kind);
        await ConnectedAdmin.UntilAsync(async () => (await _admin.First.RunsAsync()).TrueForAll(run => run.Status is not ("Queued" or "Running")), "runs end");
    }

    /// <summary>What is lost with the stand-in's process: how often it was sent an event again, and that no bulk call had one.</summary>
    private async Task CountSandboxAsync()
    {
        var counts = await _admin.Sandbox.CountsAsync();
        _repeats += counts.GetProperty("repeats").GetInt64();
        if (counts.GetProperty("requests").TryGetProperty("POST /api/event-bulk-create-jobs", out var bulk))
            Assert.False(bulk.TryGetProperty("400", out _), "A bulk call had an event that had arrived before.");
    }

    private async Task<int> ArrivedAsync() => (await _admin.Sandbox.EventIdsAsync()).Count;

    private async Task<int> PauseAsync(int atMost)
    {
        var milliseconds = _random.Next(atMost);
        await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System, TestContext.Current.CancellationToken);
        return milliseconds;
    }

    private void Print(string line)
    {
        _log.AppendLine(line);
        output.WriteLine(line);
    }
}
