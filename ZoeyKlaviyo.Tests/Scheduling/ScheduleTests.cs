using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Stores;
using ZoeyKlaviyo.Tests.Fixtures;

namespace ZoeyKlaviyo.Tests.Scheduling;

public sealed class SqliteScheduleTests() : ScheduleTests(DatabaseProvider.Sqlite);

public sealed class PostgresScheduleTests() : ScheduleTests(DatabaseProvider.Postgres);

/// <summary>What is queued over days: restarts, sleep, clocks that are wrong. Subscribers stands for the daily kinds, due at 00:00.</summary>
public abstract class ScheduleTests(DatabaseProvider provider) : IAsyncLifetime
{
    private TestDatabase _database = default!;
    private CoreHost _host = default!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(provider);
        await RestartAsync("2026-03-02 09:03:00");
        await _host.ConnectAsync();
        await TickAsync("2026-03-02 09:04:00");
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Midnight_OneDailyRun()
    {
        await TickAsync("2026-03-02 23:59:59");
        Assert.Empty(await RunsAsync(SyncKind.Subscribers));

        foreach (var time in new[] { "00:00:00", "00:00:01", "00:01:00", "12:00:00", "23:59:59" })
            await TickAsync($"2026-03-03 {time}");

        Assert.Equal([("2026-03-03 00:00:00", RunTrigger.Schedule)], await QueuedAsync(SyncKind.Subscribers));
    }

    [Fact]
    public async Task RunThatIsUnderWayAtMidnight_IsFollowedByTheDailyRun()
    {
        await TickAsync("2026-03-02 23:50:00");
        await _host.Get<RunQueue>().QueueAsync(_host.Store.Id, SyncKind.Subscribers, RunTrigger.Manual, "Ana", Cancel);
        for (var minute = 51; minute <= 80; minute++)
            await TickAsync(new DateTimeOffset(2026, 3, 2, 23, 0, 0, TimeSpan.Zero).AddMinutes(minute), end: false);
        Assert.Single(await RunsAsync(SyncKind.Subscribers));
        await EndAllAsync();

        for (var hour = 1; hour < 24; hour++)
            await TickAsync($"2026-03-03 {hour:00}:00:00");

        Assert.Equal(["2026-03-02 23:50:00", "2026-03-03 01:00:00"], (await QueuedAsync(SyncKind.Subscribers)).Select(run => run.At));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ThreeDaysAsleepOrDown_OneRunOfEachKindToCatchUp(bool isDown)
    {
        if (isDown)
            await RestartAsync("2026-03-05 12:34:00");
        await TickAsync("2026-03-05 12:34:00");
        await TickAsync("2026-03-05 12:35:00");

        foreach (var kind in new[] { SyncKind.Events, SyncKind.Retries, SyncKind.Subscribers })
            Assert.Equal([("2026-03-05 12:34:00", RunTrigger.CatchUp)], await QueuedAsync(kind));
        await TickAsync("2026-03-05 12:40:00");
        Assert.Equal(("2026-03-05 12:40:00", RunTrigger.Schedule), (await QueuedAsync(SyncKind.Events))[^1]);
    }

    [Fact]
    public async Task ClockSetBackAnHour_NoSilenceAndNoSecondDailyRun()
    {
        await TickAsync("2026-03-03 00:00:00");
        await TickAsync("2026-03-03 00:10:00");
        _host.Time.AdjustTime(Utc("2026-03-02 23:11:00"));
        for (var minute = 11; minute <= 80; minute++)
            await TickAsync(Utc("2026-03-02 23:00:00").AddMinutes(minute));

        Assert.Equal(
            ["23:20", "23:30", "23:40", "23:50", "00:00", "00:10", "00:20"],
            (await QueuedAsync(SyncKind.Events)).Skip(2).Select(run => run.At[11..16]));
        Assert.Equal(["2026-03-03 00:00:00"], (await QueuedAsync(SyncKind.Subscribers)).Select(run => run.At));
        Assert.All(await QueuedAsync(SyncKind.Events), run => Assert.True(run.Trigger == RunTrigger.Schedule || run.At == "2026-03-03 00:00:00"));
    }

    [Fact]
    public async Task ClockThatWasAYearAhead_TheDayIsNotForgotten()
    {
        await TickAsync("2027-03-03 00:00:00");
        _host.Time.AdjustTime(Utc("2026-03-03 12:00:00"));
        await TickAsync("2026-03-03 12:01:00");

        await TickAsync("2026-03-04 00:00:00");
        await TickAsync("2026-03-04 00:01:00");

        Assert.Equal(["2027-03-03 00:00:00", "2026-03-04 00:00:00"], (await QueuedAsync(SyncKind.Subscribers)).Select(run => run.At));
    }

    [Fact]
    public async Task ClockSetForwardOverMidnight_OneRunOfEach()
    {
        await TickAsync("2026-03-02 23:30:00");
        _host.Time.AdjustTime(Utc("2026-03-03 00:31:00"));
        for (var minute = 31; minute < 40; minute++)
            await TickAsync(Utc("2026-03-03 00:00:00").AddMinutes(minute));

        Assert.Equal([("2026-03-03 00:31:00", RunTrigger.CatchUp)], await QueuedAsync(SyncKind.Subscribers));
        Assert.Equal(["23:30", "00:31"], (await QueuedAsync(SyncKind.Events)).Select(run => run.At[11..16]));
    }

    [Fact]
    public async Task Retries_TenHoursAfterTheLast_AcrossRestarts()
    {
        await RestartAsync("2026-03-02 19:03:00");
        await TickAsync("2026-03-02 19:03:00");
        Assert.Empty(await RunsAsync(SyncKind.Retries));
        await TickAsync("2026-03-02 19:04:00", end: false);
        var claimed = (await _host.Get<LaneLeases>().ClaimAsync(Lane.Delivery, Cancel))!;
        Assert.Equal(SyncKind.Retries, claimed.Kind);
        _host.Time.SetUtcNow(Utc("2026-03-02 19:30:00"));
        await _host.Get<RunEnding>().EndAsync(claimed, new RunOutcome(RunStatus.Succeeded, "Done."), Cancel);

        await RestartAsync("2026-03-03 05:29:00");
        await TickAsync("2026-03-03 05:29:00");
        Assert.Single(await RunsAsync(SyncKind.Retries));
        await TickAsync("2026-03-03 05:30:00");
        Assert.Equal(["2026-03-02 19:04:00", "2026-03-03 05:30:00"], (await QueuedAsync(SyncKind.Retries)).Select(run => run.At));
    }

    [Theory]
    [InlineData("2026-03-03 22:59:00", "2026-03-03 22:59:00", "2026-03-04 00:00:00")]
    [InlineData("2026-03-03 23:01:00", "2026-03-04 00:00:00")]
    public async Task DailyRunMissedWhileDown_IsMadeUpUnlessTheNextIsUnderAnHourAway(string back, params string[] expected)
    {
        await RestartAsync(back);
        await TickAsync(back);
        await TickAsync(Utc(back).AddMinutes(1));
        await TickAsync("2026-03-04 00:00:00");

        Assert.Equal(expected, (await QueuedAsync(SyncKind.Subscribers)).Select(run => run.At));
    }

    [Theory]
    [InlineData("0 12 * * *", "2026-03-03 13:00:00")]
    [InlineData("0 20 * * *", "2026-03-03 20:00:00")]
    public async Task ScheduleChangedBetweenStarts_TheNewOneHolds(string cron, string expected)
    {
        await TickAsync("2026-03-03 00:00:00");
        await RestartAsync("2026-03-03 13:00:00", new() { ["Sync:Schedules:Subscribers"] = cron });

        for (var hour = 13; hour <= 23; hour++)
            await TickAsync($"2026-03-03 {hour}:00:00");

        Assert.Equal(["2026-03-03 00:00:00", expected], (await QueuedAsync(SyncKind.Subscribers)).Select(run => run.At));
    }

    [Theory]
    [InlineData("2026-03-07 00:00:00")]
    [InlineData("2026-10-31 00:00:00")]
    public async Task DaylightSavingOfTheMachine_ChangesNothing(string from)
    {
        await RestartAsync(from);
        _host.Time.SetLocalTimeZone(TimeZoneInfo.FindSystemTimeZoneById("America/New_York"));
        for (var minutes = 0; minutes < 3 * 24 * 60; minutes += 30)
            await TickAsync(Utc(from).AddMinutes(minutes));

        Assert.Equal(
            Enumerable.Range(0, 3).Select(day => $"{Utc(from).AddDays(day):yyyy-MM-dd HH:mm:ss}"),
            (await QueuedAsync(SyncKind.Subscribers)).Select(run => run.At));
    }

    [Theory]
    [InlineData(-7)]
    [InlineData(7)]
    public async Task TwoInstancesWhoseClocksDiffer_OneRunEach(int seconds)
    {
        await TickAsync("2026-03-02 23:46:00");
        await DeleteAllAsync();
        var otherTime = new FakeTimeProvider(_host.Time.GetUtcNow());
        var other = new DueRuns(
            _host.Database,
            new RunQueue(_host.Database, _host.Get<StoreSignals>(), _host.Get<RunWakeup>(), otherTime),
            _host.Get<SyncSchedules>(),
            _host.Get<IEnumerable<ISyncRun>>(),
            otherTime);

        for (var minute = 47; minute <= 75; minute++)
        {
            var now = Utc("2026-03-02 23:00:00").AddMinutes(minute);
            await TickAsync(now);
            otherTime.AdjustTime(now.AddSeconds(seconds));
            await other.QueueAsync(Cancel);
            await EndAllAsync();
        }

        Assert.Equal(3, (await RunsAsync(SyncKind.Events)).Count);
        Assert.Single(await RunsAsync(SyncKind.Subscribers));
    }

    [Fact]
    public async Task NewStoreSeenByManyAtOnce_NobodyFails()
    {
        await _host.Database.WriteAsync(db => db.ScheduleStates.ExecuteDeleteAsync(Cancel), Cancel);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => _host.Get<DueRuns>().QueueAsync(Cancel))));

        Assert.Equal(SyncKinds.Scheduled, (await _host.ReadAsync(db => db.ScheduleStates.Select(state => state.Kind).ToListAsync(Cancel))).Order());
    }

    private static DateTimeOffset Utc(string time) => DateTimeOffset.Parse(time + "Z", System.Globalization.CultureInfo.InvariantCulture);

    private async Task RestartAsync(string at, Dictionary<string, string?>? settings = null)
    {
        if (_host is not null)
            await _host.DisposeAsync();
        _host = await CoreHost.StartAsync(_database, settings, WaitingRun.Of(SyncKind.Subscribers, TimeSpan.Zero), Utc(at));
        _ = _host.Get<DueRuns>();
    }

    private Task TickAsync(string at, bool end = true) => TickAsync(Utc(at), end);

    /// <summary>What the minute clock does, and then every run ends at once.</summary>
    private async Task TickAsync(DateTimeOffset at, bool end = true)
    {
        _host.Time.AdjustTime(at);
        await _host.Get<DueRuns>().QueueAsync(Cancel);
        if (end)
            await EndAllAsync();
    }

    private Task<List<Run>> RunsAsync(SyncKind kind) =>
        _host.ReadAsync(db => db.Runs.Where(run => run.Kind == kind).OrderBy(run => run.Id).ToListAsync(Cancel));

    private async Task<List<(string At, RunTrigger Trigger)>> QueuedAsync(SyncKind kind) =>
        (await RunsAsync(kind)).ConvertAll(run => ($"{run.QueuedUtc:yyyy-MM-dd HH:mm:ss}", run.Trigger));

    /// <summary>As they end: a retry cycle counts from its end.</summary>
    private Task EndAllAsync() => _host.Database.WriteAsync(
        async db =>
        {
            var now = _host.Time.GetUtcNow();
            var ended = await db.Runs.Where(run => run.Status == RunStatus.Queued).ToListAsync(Cancel);
            foreach (var run in ended)
            {
                run.Status = RunStatus.Succeeded;
                if (run.Kind == SyncKind.Retries)
                    await RunQueue.CountAsync(db, run.StoreId, run.Kind, now, Cancel);
            }
        },
        Cancel);

    private Task DeleteAllAsync() => _host.Database.WriteAsync(db => db.Runs.ExecuteDeleteAsync(Cancel), Cancel);
}
