using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Catalog;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Sandbox.Faults;
using ZoeyKlaviyo.Sandbox.Klaviyo.Catalog;
using CatalogJob = ZoeyKlaviyo.Core.Catalog.CatalogJob;
using CatalogKind = ZoeyKlaviyo.Core.Klaviyo.CatalogKind;

namespace ZoeyKlaviyo.Tests.Catalog;

public sealed class SqliteCatalogWaitingTests() : CatalogWaitingTests(DatabaseProvider.Sqlite);

public sealed class PostgresCatalogWaitingTests() : CatalogWaitingTests(DatabaseProvider.Postgres);

/// <summary>Jobs that are waited for: too many of them, for too long, found again, forgotten, cancelled by a person.</summary>
public abstract class CatalogWaitingTests(DatabaseProvider provider) : IAsyncLifetime
{
    private const string Categories = "/api/catalog-category-bulk-create-jobs";
    private CatalogHost _host = default!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await CatalogHost.StartAsync(provider);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Others send jobs to the account, too. That it takes no more for now is nobody's refusal.</summary>
    [Fact]
    public async Task KlaviyoWorksOnTooManyJobs_TheRunWaitsForRoom()
    {
        _host.Klaviyo.Faults = new CatalogFaults(Stuck: true);
        while (_host.TryAddForeignJob(1))
        {
        }

        var posts = 0;
        _host.OnRequest = request =>
        {
            if (request.Method == HttpMethod.Post && request.RequestUri!.AbsolutePath == Categories && ++posts == 3)
                _host.Klaviyo.Faults = new CatalogFaults();
        };

        var run = await _host.CategoriesAsync();

        Assert.Equal((6, 0, RunStatus.Succeeded), (run.Counts.Created, run.Counts.Failed, run.Status));
        Assert.Equal(3, posts);
    }

    /// <summary>All kinds share what Klaviyo takes at a time.</summary>
    [Fact]
    public async Task AsManyJobsOfOtherKindsAsThereMayBe_NothingIsSent_AndTheRunSaysSo()
    {
        _host.Core.Step = TimeSpan.FromSeconds(10);
        await _host.Core.Database.WriteAsync(
            db =>
            {
                db.CatalogJobs.AddRange(Enumerable.Range(0, KlaviyoCatalogClient.MaxJobs).Select(number => new CatalogJob
                {
                    StoreId = _host.Core.Store.Id,
                    AccountId = CatalogHost.Account,
                    Kind = CatalogKind.Variant,
                    Operation = JobOperation.Update,
                    Rows = 1,
                    RowIds = $"v-{number}",
                    KlaviyoId = $"other-{number}",
                    SentUtc = _host.Core.Time.GetUtcNow(),
                }));
                return Task.CompletedTask;
            },
            Cancel);

        var run = await _host.CategoriesAsync();

        Assert.Equal((0L, 0, RunStatus.Partial), (_host.Klaviyo.Calls.Creates, run.Counts.Failed, run.Status));
        Assert.Contains("6 records wait for the next run", run.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task JobDoesNotEndInADay_ItsRowsAreSentAgain()
    {
        _host.Klaviyo.Faults = new CatalogFaults(Stuck: true);
        _host.Core.Step = TimeSpan.FromSeconds(10);
        await _host.CategoriesAsync();
        _host.Core.Time.Advance(TimeSpan.FromHours(25));
        _host.OnRequest = request =>
        {
            if (request.Method == HttpMethod.Post && request.RequestUri!.AbsolutePath == Categories)
                _host.Klaviyo.Faults = new CatalogFaults();
        };

        var run = await _host.CategoriesAsync();

        Assert.Equal((2L, RunStatus.Succeeded), (_host.Klaviyo.Calls.Creates, run.Status));
        Assert.All(await _host.StateAsync(CatalogKind.Category), row => Assert.Equal(CatalogState.InSync, row.State));
        Assert.Equal(6, _host.Categories.Count);
    }

    /// <summary>Klaviyo tells of a job for seven days.</summary>
    [Fact]
    public async Task JobForgottenByKlaviyo_ItsRowsAreSentAgain()
    {
        _host.Klaviyo.Faults = new CatalogFaults(Stuck: true);
        _host.Core.Step = TimeSpan.FromSeconds(10);
        await _host.CategoriesAsync();
        _host.Klaviyo.Faults = new CatalogFaults();
        _host.Core.Time.Advance(TimeSpan.FromDays(8));

        var run = await _host.CategoriesAsync();

        Assert.Equal(RunStatus.Succeeded, run.Status);
        Assert.All(await _host.StateAsync(CatalogKind.Category), row => Assert.Equal(CatalogState.InSync, row.State));
        Assert.Equal(0, await _host.Core.ReadAsync(db => db.CatalogJobs.CountAsync(Cancel)));
    }

    /// <summary>A proxy's 404 says nothing about the job.</summary>
    [Fact]
    public async Task HtmlNotFound_IsNoEndOfAJob()
    {
        _host.Sandbox.Faults.Add(new Fault($"GET {Categories}/", FaultKind.Html, Status: 404, Times: 3));

        var run = await _host.CategoriesAsync();

        Assert.Equal((6, 1L, RunStatus.Succeeded), (run.Counts.Created, _host.Klaviyo.Calls.Creates, run.Status));
    }

    /// <summary>Nothing arrived, and somebody else's job of as many rows is at work: it is not taken for ours.</summary>
    [Fact]
    public async Task AnotherJobOfAsManyRows_IsWaitedFor_AndOursIsSent()
    {
        _host.Klaviyo.Faults = new CatalogFaults(Seconds: 60);
        Assert.True(_host.TryAddForeignJob(6));
        _host.Klaviyo.Faults = new CatalogFaults();
        _host.Sandbox.Faults.Add(new Fault($"POST {Categories}", FaultKind.Reset, Times: 3));

        await _host.CategoriesAsync();
        await _host.CategoriesAsync();

        Assert.Equal(6, _host.Categories.Count(category => category.Id.StartsWith("c-", StringComparison.Ordinal)));
    }

    /// <summary>As after the clock was set back by a day.</summary>
    [Fact]
    public async Task NextQuestionIsADayAhead_ItIsAskedAllTheSame()
    {
        _host.Core.Step = TimeSpan.FromSeconds(5);
        var (began, polls) = (_host.Core.Time.GetUtcNow(), 0);
        _host.OnRequest = request =>
        {
            if (request.Method == HttpMethod.Get && request.RequestUri!.AbsolutePath.StartsWith(Categories, StringComparison.Ordinal) && ++polls == 1)
                _host.Klaviyo.Faults = new CatalogFaults(Stuck: true);
            else if (polls == 2)
                SetBackAsync().GetAwaiter().GetResult();
        };

        var run = await _host.CategoriesAsync();

        Assert.Equal(RunStatus.Succeeded, run.Status);
        Assert.InRange(_host.Core.Time.GetUtcNow() - began, TimeSpan.Zero, TimeSpan.FromHours(1));

        Task SetBackAsync()
        {
            _host.Klaviyo.Faults = new CatalogFaults();
            return _host.Core.Database.WriteAsync(
                db => db.CatalogJobs.ExecuteUpdateAsync(update => update.SetProperty(job => job.NextPollUtc, began.AddDays(1)), default), default);
        }
    }

    [Theory]
    [InlineData("the categories' products", "GET", "/products?category_id=3")]
    [InlineData("the list", "GET", "/api/rest/products?")]
    [InlineData("pictures", "GET", "/images")]
    [InlineData("waiting", "GET", "catalog-item-bulk-create-jobs/")]
    public async Task CancelledWhile_TheNextRunGoesOn(string phase, string method, string where)
    {
        await _host.CategoriesAsync();
        _host.Core.StartDispatcher();
        var queued = await _host.Core.Get<SyncCommands>().SyncNowAsync(_host.Core.Store, SyncKind.Products, Cancel);
        var asked = 0;
        _host.OnRequest = request =>
        {
            if (request.Method.Method == method && request.RequestUri!.PathAndQuery.Contains(where, StringComparison.Ordinal) && Interlocked.Increment(ref asked) == 1)
                _host.Core.Get<SyncCommands>().CancelAsync(_host.Core.Store, queued.RunId, default).GetAwaiter().GetResult();
        };

        var cancelled = await _host.Core.EndOfAsync(queued.RunId);

        Assert.True(cancelled.Status == RunStatus.Cancelled, $"{phase}: {cancelled.Status}");
        _host.Core.Time.Advance(TimeSpan.FromMinutes(10));
        await _host.SyncAsync();
        _host.AssertEqualsStore();
        Assert.Equal(4, _host.Klaviyo.Jobs.Where(job => job.Kind == ZoeyKlaviyo.Sandbox.Klaviyo.Catalog.CatalogKind.Item).Sum(job => job.Rows));
    }
}
