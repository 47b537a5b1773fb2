using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Subscribers;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Tests.Subscribers;

/// <summary>Lists that break off, come back empty or lose rows: what was read is sent, nobody is unsubscribed for being absent, and the run says so.</summary>
public abstract class SubscriberListingTests(DatabaseProvider provider) : IAsyncLifetime
{
    private SubscriberHost _host = default!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await SubscriberHost.StartAsync(provider);
        for (var i = 0; i < 900; i++)
            _host.Store($"s{i:000}@shop-demo.com", _host.Now.AddHours(-1));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task FailsOnPage3Of9_SendsWhatWasRead_AndTheRestNextTime()
    {
        _host.Zoey.OnAsked = what =>
        {
            if (what == "subscribers page 3")
                throw new ZoeyException(ZoeyProblem.Unavailable, "The store does not answer.");
        };
        var run = await _host.SyncAsync();
        Assert.Equal((RunStatus.Partial, 200), (run.Status, run.Counts.Sent));
        Assert.Contains("Subscribers could not be read to their end: The store does not answer.", run.Message, StringComparison.Ordinal);

        _host.Zoey.OnAsked = _ => { };
        Assert.Equal((RunStatus.Succeeded, 700), ((run = await _host.SyncAsync()).Status, run.Counts.Sent));
        Assert.Equal(900, _host.Log.Select(entry => entry.Email).Distinct().Count());
        Assert.Equal(900, _host.Log.Count);
    }

    [Fact]
    public async Task ComesBackEmpty_UnsubscribesNobody_AndSaysSo()
    {
        await _host.SyncAsync();
        var rows = _host.Zoey.Subscribers.ToList();
        _host.Zoey.Subscribers.Clear();

        var run = await _host.SyncAsync();

        Assert.Equal((RunStatus.Partial, 0), (run.Status, run.Counts.Sent));
        Assert.Contains("The store gave an empty list of subscribers", run.Message, StringComparison.Ordinal);
        _host.Zoey.Subscribers.AddRange(rows);
        Assert.Equal("900 subscribers read, none changed: nothing to send.", (await _host.SyncAsync()).Message);
        Assert.Equal(900, _host.Log.Count);
    }

    [Fact]
    public async Task LosesRows_AndGetsThemBack_ChangesNothing()
    {
        await _host.SyncAsync();
        var lost = _host.Zoey.Subscribers.GetRange(100, 300);
        _host.Zoey.Subscribers.RemoveRange(100, 300);
        await _host.SyncAsync();
        _host.Zoey.Subscribers.InsertRange(100, lost);
        await _host.SyncAsync();

        Assert.Equal((900, true), (_host.Log.Count, _host.Log.All(entry => entry.ConsentAtCall is null)));
    }

    [Fact]
    public async Task NoSuchResource_IsNotAvailable_NeverAnEmptySuccess()
    {
        _host.Zoey.OnAsked = what =>
        {
            if (what.Contains("subscribers", StringComparison.Ordinal))
                throw new ZoeyException(ZoeyProblem.NoSuchEndpoint, "The store has no subscribers there.", 404);
        };

        var run = await _host.SyncAsync();

        Assert.Equal((RunStatus.Skipped, "Not available: The store has no subscribers there."), (run.Status, run.Message));
        var summary = await _host.Core.Get<SubscriberOverview>().ReadAsync(_host.Core.Store, Cancel);
        Assert.Equal((SubscriberSpeed.NotAvailable, "The store has no subscribers there."), (summary!.Speed, summary.Reading.Problem));
        // The Events runs do not ask for it again and again, nor call themselves incomplete.
        var asked = _host.Zoey.Asked.Count(what => what.Contains("subscribers", StringComparison.Ordinal));
        Assert.Equal(RunStatus.Succeeded, (await _host.EventsAsync()).Status);
        Assert.Equal(asked, _host.Zoey.Asked.Count(what => what.Contains("subscribers", StringComparison.Ordinal)));
        // A push stands in.
        await _host.PushAsync("jo@shop-demo.com");
        await _host.EventsAsync();
        Assert.Equal(["jo@shop-demo.com"], _host.Log.Select(entry => entry.Email));
        Assert.Equal(SubscriberSpeed.WithinMinutes, (await _host.Core.Get<SubscriberOverview>().ReadAsync(_host.Core.Store, Cancel))!.Speed);
        Assert.Equal(RunStatus.Succeeded, (await _host.SyncAsync()).Status);
    }

    [Fact]
    public async Task ApiNotSetUp_IsNotAvailable_WithWhatToDo()
    {
        _host.Zoey.IsSetUp = false;

        var run = await _host.SyncAsync();

        Assert.Equal(RunStatus.Skipped, run.Status);
        Assert.Contains("upload a CSV export", run.Message, StringComparison.Ordinal);
    }
}

public sealed class SqliteSubscriberListingTests() : SubscriberListingTests(DatabaseProvider.Sqlite);

public sealed class PostgresSubscriberListingTests() : SubscriberListingTests(DatabaseProvider.Postgres);
