using System.Text.Json.Nodes;
using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Catalog;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Sandbox.Faults;
using ZoeyKlaviyo.Sandbox.Klaviyo.Catalog;
using JobState = ZoeyKlaviyo.Sandbox.Klaviyo.Catalog.CatalogJobStatus;

namespace ZoeyKlaviyo.Tests.Catalog;

public sealed class SqliteCatalogJobTests() : CatalogJobTests(DatabaseProvider.Sqlite);

public sealed class PostgresCatalogJobTests() : CatalogJobTests(DatabaseProvider.Postgres);

/// <summary>What becomes of records when Klaviyo refuses them, cancels their job, never ends it, or does not answer.</summary>
public abstract class CatalogJobTests(DatabaseProvider provider) : IAsyncLifetime
{
    private const string Items = "POST /api/catalog-item-bulk-create-jobs";
    private CatalogHost _host = default!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await CatalogHost.StartAsync(provider);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task SomeRowsRefusedInTheJob_TheOthersArrive_AndTheirsAreExplained()
    {
        _host.Generate(120);
        await _host.CategoriesAsync();
        foreach (var number in new[] { 5, 50, 110 })
            _host.Change(CatalogHost.Generated(number), new JsonObject { ["name"] = $"Bad {number}" });
        _host.Klaviyo.Faults = new CatalogFaults(Refuse: "Bad");

        var run = await _host.ProductsAsync();

        Assert.Equal((117, 3, RunStatus.Partial), (run.Counts.Created, run.Counts.Failed, run.Status));
        var refused = (await _host.RecordsAsync(run)).FindAll(record => record.Result == RecordResult.Failed);
        Assert.Equal(3, refused.Count);
        Assert.All(refused, record =>
        {
            Assert.Contains("not valid", record.Error, StringComparison.Ordinal);
            Assert.NotNull(ErrorAdvice.For(record.ErrorCode));
        });
    }

    [Fact]
    public async Task Refused_IsTriedAgainWhenItChanges_AndOnceADayOtherwise()
    {
        _host.Klaviyo.Faults = new CatalogFaults(Refuse: "Claw");
        await _host.ProductsAsync();
        var calls = _host.Klaviyo.Calls.Creates;

        Assert.Equal((0, 0), await CallsOfAsync(TimeSpan.FromHours(2)));
        Assert.Equal((1, 1), await CallsOfAsync(TimeSpan.FromHours(24)));
        _host.Change("101", new JsonObject { ["name"] = "Hammer without claws" });
        Assert.Equal((1, 0), await CallsOfAsync(TimeSpan.FromMinutes(1)));
        Assert.Equal("Hammer without claws", _host.Item("101").Title);

        async Task<(long, int)> CallsOfAsync(TimeSpan later)
        {
            _host.Core.Time.Advance(later);
            var run = await _host.ProductsAsync();
            var before = calls;
            calls = _host.Klaviyo.Calls.Creates;
            return (calls - before, run.Counts.Failed);
        }
    }

    /// <summary>A row that the call itself is refused for: the rest of the call goes at once.</summary>
    [Fact]
    public async Task RowsRefusedInTheCall_TheOthersArrive()
    {
        _host.Generate(120);
        foreach (var number in new[] { 5, 50, 110 })
            _host.Change(CatalogHost.Generated(number), new JsonObject { ["name"] = $"Poison {number}" });
        _host.Sandbox.Faults.Add(new Fault(Items, FaultKind.Refuse, Where: "Poison"));

        var run = await _host.ProductsAsync();

        Assert.Equal((117, 3), (run.Counts.Created, run.Counts.Failed));
        Assert.Equal(117, _host.Items.Count);
    }

    [Fact]
    public async Task JobCancelled_IsSentAgainInSmallerOnes_AndAllArrive()
    {
        _host.Generate(120);
        _host.Klaviyo.Faults = new CatalogFaults(Cancel: 2);

        var run = await _host.ProductsAsync();

        Assert.Equal((120, 0, RunStatus.Succeeded), (run.Counts.Created, run.Counts.Failed, run.Status));
        Assert.Equal(120, _host.Items.Count);
    }

    [Fact]
    public async Task JobsAlwaysCancelled_AreGivenUpOneByOne()
    {
        _host.Klaviyo.Faults = new CatalogFaults(Cancel: 1000);

        var run = await _host.CategoriesAsync();

        Assert.Equal((0, 6), (run.Counts.Created, run.Counts.Failed));
        Assert.All(await _host.RecordsAsync(run), record => Assert.NotNull(ErrorAdvice.For(record.ErrorCode)));
    }

    [Fact]
    public async Task JobNeverEnds_RunSaysSinceWhen_AndTheNextReadsItsEnd()
    {
        _host.Klaviyo.Faults = new CatalogFaults(Stuck: true);
        _host.Core.Step = TimeSpan.FromSeconds(10);

        var run = await _host.CategoriesAsync();

        Assert.Equal(RunStatus.Partial, run.Status);
        Assert.Contains("1 job, the oldest waiting since", run.Message, StringComparison.Ordinal);
        Assert.Equal(0, run.Counts.Created);

        _host.Klaviyo.Faults = new CatalogFaults();
        var next = await _host.CategoriesAsync();

        Assert.Equal((6, 0, RunStatus.Succeeded), (next.Counts.Created, next.Counts.Failed, next.Status));
        Assert.Equal(1, _host.Klaviyo.Calls.Creates);
    }

    /// <summary>While a job is at work on a record, nothing else is sent of it, however often it changes.</summary>
    [Fact]
    public async Task ChangedWhileItsJobIsAtWork_IsSentOnceMore_AfterItsEnd()
    {
        _host.Klaviyo.Faults = new CatalogFaults(Stuck: true);
        _host.Core.Step = TimeSpan.FromSeconds(10);
        await _host.ProductsAsync();
        _host.Change("101", new JsonObject { ["name"] = "Second" });
        await _host.ProductsAsync();
        Assert.Single(_host.Klaviyo.Jobs);

        _host.Klaviyo.Faults = new CatalogFaults();
        var run = await _host.ProductsAsync();

        Assert.Equal((4, 1), (run.Counts.Created, run.Counts.Updated));
        Assert.Equal("Second", _host.Item("101").Title);
        Assert.Equal(2, _host.Klaviyo.Jobs.Count);
    }

    /// <summary>The job is there, its answer was lost, three times over.</summary>
    [Fact]
    public async Task AnswersLost_NothingTwice_NothingMissing()
    {
        _host.Generate(250);
        _host.Sandbox.Faults.Add(new Fault("bulk-create-jobs", FaultKind.LostAnswer, Times: 5));

        await _host.ProductsAsync();
        var run = await _host.ProductsAsync();

        Assert.Equal(RunStatus.Succeeded, run.Status);
        Assert.Equal(250, _host.Items.Count);
        Assert.All(await _host.StateAsync(ZoeyKlaviyo.Core.Klaviyo.CatalogKind.Item), row => Assert.Equal(CatalogState.InSync, row.State));
    }

    [Fact]
    public async Task KlaviyoUnavailable_RunStops_AndTheNextGoesOn()
    {
        _host.Sandbox.Faults.Add(new Fault("/api/", FaultKind.Status, Status: 503));

        var run = await _host.CategoriesAsync();

        Assert.Equal(RunStatus.Failed, run.Status);
        Assert.Contains("Klaviyo unavailable", run.Message, StringComparison.Ordinal);
        _host.Sandbox.Faults.Clear();
        Assert.Equal(6, (await _host.CategoriesAsync()).Counts.Created);
    }

    [Fact]
    public async Task PoisonRow_AlwaysGetsA500_TheOthersArrive()
    {
        _host.Generate(60);
        _host.Change(CatalogHost.Generated(7), new JsonObject { ["name"] = "Poison" });
        _host.Sandbox.Faults.Add(new Fault(Items, FaultKind.Status, Status: 500, Where: "Poison"));

        var run = await _host.ProductsAsync();

        Assert.Equal((59, 1), (run.Counts.Created, run.Counts.Failed));
        Assert.Equal(59, _host.Items.Count);
    }

    /// <summary>Another database, or a person in Klaviyo: creates of what exists become updates, updates of what does not become creates.</summary>
    [Fact]
    public async Task KlaviyoHasMoreOrLessThanWeKnow_EndsTheSame()
    {
        await _host.SyncAsync();
        await _host.Core.Database.WriteAsync(db => { db.CatalogRecords.RemoveRange(db.CatalogRecords); return Task.CompletedTask; }, Cancel);

        var (categories, products, variants) = await _host.SyncAsync();

        Assert.Equal((0, 6, 4, 6), (categories.Counts.Created, categories.Counts.Updated, products.Counts.Updated, variants.Counts.Updated));
        _host.AssertEqualsStore();

        _host.Klaviyo.Clear();
        foreach (var id in new[] { "101", "102", "103", "104", "105", "106", "107" })
            _host.Change(id, new JsonObject { ["name"] = $"Renamed {id}" });
        _host.Store.Categories.Change("3", new JsonObject { ["name"] = "Renamed" });
        await _host.SyncAsync();
        await _host.SyncAsync();
        await _host.SyncAsync();

        Assert.Equal(4, _host.Items.Count);
        Assert.Equal(6, _host.Variants.Count);
    }

    [Fact]
    public async Task Cancelled_TheNextRunGoesOnFromThere()
    {
        _host.Generate(1000);
        await _host.CategoriesAsync();
        _host.Core.StartDispatcher();
        var queued = await _host.Core.Get<SyncCommands>().SyncNowAsync(_host.Core.Store, SyncKind.Products, Cancel);
        var posts = 0;
        _host.OnRequest = request =>
        {
            if (request.Method == HttpMethod.Post && request.RequestUri!.AbsolutePath.Contains("catalog-item", StringComparison.Ordinal) && Interlocked.Increment(ref posts) == 3)
                _ = _host.Core.Get<SyncCommands>().CancelAsync(_host.Core.Store, queued.RunId, Cancel);
        };
        var cancelled = await _host.Core.EndOfAsync(queued.RunId);
        Assert.Equal(RunStatus.Cancelled, cancelled.Status);
        Assert.InRange(_host.Klaviyo.Jobs.Sum(job => job.Rows), 100, 900);

        var run = await _host.ProductsAsync();

        Assert.Equal(RunStatus.Succeeded, run.Status);
        Assert.Equal(1000, _host.Items.Count);
        // Nothing was sent that Klaviyo had got before.
        Assert.Equal(1000, _host.Klaviyo.Jobs.Where(job => job.Kind == ZoeyKlaviyo.Sandbox.Klaviyo.Catalog.CatalogKind.Item).Sum(job => job.Rows));
        Assert.All(_host.Klaviyo.Jobs, job => Assert.Equal((JobState.Complete, 0), (job.Status, job.Failed)));
    }
}
