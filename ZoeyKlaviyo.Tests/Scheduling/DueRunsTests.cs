using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Tests.Fixtures;

namespace ZoeyKlaviyo.Tests.Scheduling;

public sealed class SqliteDueRunsTests() : DueRunsTests(DatabaseProvider.Sqlite);

public sealed class PostgresDueRunsTests() : DueRunsTests(DatabaseProvider.Postgres);

/// <summary>What the minute clock queues; the clock starts at 09:03.</summary>
public abstract class DueRunsTests(DatabaseProvider provider) : IAsyncLifetime
{
    private CoreHost _host = default!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await CoreHost.StartAsync(provider);
        await _host.ConnectAsync();
        await TickAsync();
        Assert.Empty(await RunsAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Events_QueuedAtTheNextTenMinutesAndNotBefore()
    {
        await TickAsync(TimeSpan.FromMinutes(6.5));
        Assert.Empty(await RunsAsync());

        await TickAsync(TimeSpan.FromMinutes(0.5));

        var run = Assert.Single(await RunsAsync());
        Assert.Equal((SyncKind.Events, RunTrigger.Schedule, RunStatus.Queued), (run.Kind, run.Trigger, run.Status));
    }

    [Fact]
    public async Task Due_ManyTicksAndManyInstances_OneRun()
    {
        await TickAsync(TimeSpan.FromMinutes(7));
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => _host.Get<DueRuns>().QueueAsync(Cancel))));

        Assert.Single(await RunsAsync());
    }

    [Fact]
    public async Task Retries_QueuedTenHoursAfterTheLastCounted()
    {
        await EndAllAsync();
        await TickAsync(TimeSpan.FromHours(9.99));
        Assert.DoesNotContain(await RunsAsync(), run => run.Kind == SyncKind.Retries);

        await TickAsync(TimeSpan.FromHours(0.02));

        Assert.Single(await RunsAsync(), run => run.Kind == SyncKind.Retries);
    }

    [Fact]
    public async Task Disabled_NothingIsQueued()
    {
        await _host.SetAsync(Switch.IsEnabled, false);

        await TickAsync(TimeSpan.FromHours(24));

        Assert.Empty(await RunsAsync());
    }

    [Fact]
    public async Task NeedsAttention_NothingIsQueued()
    {
        await _host.Get<KlaviyoTokens>().RejectAsync(_host.Store.Id, (await _host.ConnectionAsync()).TokenVersion, "gone", Cancel);

        await TickAsync(TimeSpan.FromHours(24));

        Assert.Empty(await RunsAsync());
    }

    [Theory]
    [InlineData(SyncKind.Events, "23:55", true)]
    [InlineData(SyncKind.Subscribers, "12:00", true)]
    [InlineData(SyncKind.Subscribers, "22:59", true)]
    [InlineData(SyncKind.Subscribers, "23:01", false)]
    public void MissedRun_IsMadeUpUnlessTheNextIsUnderAnHourAway(SyncKind kind, string now, bool expected)
    {
        var today = new DateTimeOffset(2026, 3, 3, 0, 0, 0, TimeSpan.Zero);

        var isMadeUp = new SyncSchedules(Options.Create(new SyncOptions()))
            .IsWorthCatchingUp(kind, today, today + TimeSpan.Parse(now, System.Globalization.CultureInfo.InvariantCulture));

        Assert.Equal(expected, isMadeUp);
    }

    [Theory]
    [InlineData("Events", "99 * * * *")]
    [InlineData("Events", "every ten minutes")]
    [InlineData("Events", "0 0 30 2 *")]
    [InlineData("Evnts", "* * * * *")]
    public void WrongSchedule_StopsTheStartAndIsNamed(string kind, string cron)
    {
        var exception = Assert.Throws<InvalidOperationException>(() => new SyncSchedules(Options.Create(new SyncOptions { Schedules = { [kind] = cron } })));

        Assert.Contains($"Sync:Schedules:{kind}", exception.Message, StringComparison.Ordinal);
    }

    private async Task TickAsync(TimeSpan after = default)
    {
        _host.Time.Advance(after);
        await _host.Get<DueRuns>().QueueAsync(Cancel);
    }

    private Task<List<Run>> RunsAsync() => _host.ReadAsync(db => db.Runs.OrderBy(run => run.Id).ToListAsync(Cancel));

    private Task EndAllAsync() => _host.Database.WriteAsync(
        db => db.Runs.ExecuteUpdateAsync(update => update.SetProperty(run => run.Status, RunStatus.Succeeded), Cancel), Cancel);
}
