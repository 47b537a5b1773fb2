using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Tests.Fixtures;

namespace ZoeyKlaviyo.Tests.Audit;

public sealed class SqliteTimelineTests() : TimelineTests(DatabaseProvider.Sqlite);

public sealed class PostgresTimelineTests() : TimelineTests(DatabaseProvider.Postgres);

public abstract class TimelineTests(DatabaseProvider provider) : IAsyncLifetime
{
    private CoreHost _host = default!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Thirty runs, one a minute, with a settings change at the same moment as every third; every fifth run idle.</summary>
    public async ValueTask InitializeAsync()
    {
        _host = await CoreHost.StartAsync(provider);
        await _host.Database.WriteAsync(
            db =>
            {
                for (var i = 0; i < 30; i++)
                {
                    var at = CoreHost.Start.AddMinutes(i);
                    db.Runs.Add(new Run
                    {
                        StoreId = _host.Store.Id,
                        Kind = i % 2 == 0 ? SyncKind.Events : SyncKind.Retries,
                        Trigger = i % 4 == 0 ? RunTrigger.Manual : RunTrigger.Schedule,
                        Status = i % 3 == 0 ? RunStatus.Partial : RunStatus.Succeeded,
                        IsIdle = i % 5 == 4,
                        QueuedUtc = at,
                    });
                    if (i % 3 == 0)
                        db.SettingChanges.Add(new SettingChange { StoreId = _host.Store.Id, AtUtc = at, Who = "Ana", Subject = "Is Enabled", From = "No", To = "Yes" });
                }

                return Task.CompletedTask;
            },
            Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(25)]
    [InlineData(100)]
    public async Task Pages_HoldEverythingOnceNewestFirst(int size)
    {
        var entries = new List<TimelineEntry>();
        string? older = null;
        do
        {
            var page = await PageAsync(new AuditFilter(ShowIdle: true), older, size);
            Assert.InRange(page.Entries.Count, 1, size);
            entries.AddRange(page.Entries);
            older = page.Older;
        }
        while (older is not null);

        Assert.Equal(40, entries.Select(entry => (entry.Run?.Id, entry.Change?.Id)).Distinct().Count());
        Assert.Equal(40, entries.Count);
        Assert.Equal(entries.OrderByDescending(entry => entry.AtUtc).Select(entry => entry.AtUtc), entries.Select(entry => entry.AtUtc));
    }

    [Fact]
    public async Task IdleRuns_AreHiddenUnlessAskedFor()
    {
        Assert.DoesNotContain((await PageAsync(new AuditFilter())).Entries, entry => entry.Run is { IsIdle: true });
        Assert.Contains((await PageAsync(new AuditFilter(ShowIdle: true))).Entries, entry => entry.Run is { IsIdle: true });
    }

    [Fact]
    public async Task Filters_AreAllKept()
    {
        var filter = new AuditFilter(SyncKind.Events, RunStatus.Partial, RunTrigger.Manual, CoreHost.Start.AddMinutes(1), CoreHost.Start.AddMinutes(24), ShowIdle: true);

        var page = await PageAsync(filter);

        var run = Assert.Single(page.Entries).Run!;
        Assert.Equal(CoreHost.Start.AddMinutes(12), run.QueuedUtc);
    }

    [Fact]
    public async Task NewRunsWhilePaging_ShiftNothing()
    {
        var first = await PageAsync(new AuditFilter(ShowIdle: true), size: 10);
        await _host.Get<SyncCommands>().SyncNowAsync(_host.Store, SyncKind.Events, Cancel);

        var second = await PageAsync(new AuditFilter(ShowIdle: true), first.Older, 10);

        Assert.DoesNotContain(second.Entries, entry => first.Entries.Any(seen => seen.Run?.Id == entry.Run?.Id && seen.Change?.Id == entry.Change?.Id));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("1-x-2")]
    [InlineData("99999999999999999-r-1")]
    [InlineData("-1-r-1")]
    public async Task CursorThatMakesNoSense_ShowsTheNewest(string cursor) =>
        Assert.Equal((await PageAsync(new AuditFilter())).Entries[0].AtUtc, (await PageAsync(new AuditFilter(), cursor)).Entries[0].AtUtc);

    [Fact]
    public async Task AnotherStoresRun_IsNotFound()
    {
        var run = (await PageAsync(new AuditFilter(SyncKind.Events))).Entries[0].Run!;
        var stranger = new AuthorizedStore(_host.Store.Id + 1, "beta", "Beta", CoreHost.Ana);

        Assert.NotNull(await _host.Get<RunDetails>().FindAsync(_host.Store, run.Id, Cancel));
        Assert.Null(await _host.Get<RunDetails>().FindAsync(stranger, run.Id, Cancel));
        Assert.Empty((await _host.Get<Timeline>().PageAsync(stranger, new AuditFilter(ShowIdle: true), null, 100, Cancel)).Entries);
    }

    private Task<TimelinePage> PageAsync(AuditFilter filter, string? older = null, int size = 100) =>
        _host.Get<Timeline>().PageAsync(_host.Store, filter, older, size, Cancel);
}
