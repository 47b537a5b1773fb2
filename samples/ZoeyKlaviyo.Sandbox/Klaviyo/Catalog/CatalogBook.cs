using System.Text.Json;
using ZoeyKlaviyo.Sandbox.Klaviyo.Accounts;
using ZoeyKlaviyo.Sandbox.Storage;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Catalog;

/// <summary>The accounts' catalogs, and every job that changed them. A job that is due is done before anything else is read or written.</summary>
public sealed class CatalogBook : IDisposable
{
    public const int MaxJobsInProgress = 500;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, AccountCatalog> _catalogs = [];
    private readonly List<CatalogJob> _jobs = [];
    private readonly Dictionary<string, int> _jobIndexes = [];
    private readonly PriorityQueue<int, (DateTimeOffset DueAt, long Number)> _waiting = new();
    private readonly SandboxOptions _options;
    private readonly Journal<CatalogLine> _journal;
    private CatalogFaults _faults = new();
    private CatalogCalls _calls = new();

    public CatalogBook(SandboxOptions options)
    {
        _options = options;
        _journal = new(options.DataDirectory, "catalog.jsonl");
        foreach (var line in _journal.Load())
            Remember(line);
    }

    /// <summary>Of all accounts, oldest first.</summary>
    public IReadOnlyList<CatalogJob> Jobs => Read(() => _jobs.ToList());

    public CatalogCalls Calls => Read(() => _calls);

    public CatalogFaults Faults
    {
        get => Read(() => _faults);
        set => Write(() => new() { Faults = value });
    }

    private DateTimeOffset Now => _options.TimeProvider.GetUtcNow();

    public IReadOnlyList<CatalogCategory> Categories(string account) => Read(account, catalog => catalog.Categories.Read().Select(one => one.Entry).ToList());

    public IReadOnlyList<CatalogItem> Items(string account) => Read(account, catalog => catalog.Items.Read().Select(one => one.Entry).ToList());

    public IReadOnlyList<CatalogVariant> Variants(string account) => Read(account, catalog => catalog.Variants.Read().Select(one => one.Entry).ToList());

    public void Clear()
    {
        lock (_lock)
        {
            _journal.Clear();
            _catalogs.Clear();
            _jobs.Clear();
            _jobIndexes.Clear();
            _waiting.Clear();
            (_faults, _calls) = (new(), new());
        }
    }

    public void Dispose() => _journal.Dispose();

    /// <param name="read">Must be done with the catalog when it returns.</param>
    internal T Read<T>(string account, Func<AccountCatalog, T> read) => Read(() => read(CatalogOf(account)));

    /// <summary>Null: there is none, or none any more.</summary>
    internal CatalogJob? FindJob(string account, CatalogKind kind, CatalogOperation operation, string id) => Read(() =>
        _jobIndexes.TryGetValue(id, out var index) && _jobs[index] is var job && job.ExpiresAt > Now
        && (job.Account, job.Kind, job.Operation) == (account, kind, operation) ? job : null);

    /// <summary>Those with a greater number that can still be asked for, as they were when this was called.</summary>
    internal IReadOnlyList<CatalogJob> JobsAfter(string account, CatalogKind kind, CatalogOperation operation, long number) => Read(() =>
        _jobs.Skip((int)Math.Min(number, _jobs.Count)).Where(job => (job.Account, job.Kind, job.Operation) == (account, kind, operation) && job.ExpiresAt > Now).ToList());

    internal void Count(Func<CatalogCalls, CatalogCalls> count)
    {
        lock (_lock)
            _calls = count(_calls);
    }

    /// <param name="data">An array of rows.</param>
    /// <returns>Null: too many are in progress already.</returns>
    internal CatalogJob? Accept(string account, CatalogKind kind, CatalogOperation operation, JsonElement data)
    {
        lock (_lock)
        {
            Settle();
            if (_waiting.UnorderedItems.Count(one => _jobs[one.Element].Account == account) >= MaxJobsInProgress)
                return null;
            var (now, number) = (Now, _jobs.Count + 1);
            var id = StableIds.Profile("catalog job", account, $"{number} {now.UtcTicks}");
            var job = new CatalogJob(number, account, id, kind, operation, data.GetArrayLength(), now, now + (Seconds ?? _options.CatalogJobs));
            Keep(new() { Job = job, Data = data.Clone() });
            return job;
        }
    }

    /// <param name="decide">The item's categories from now on, by external ids; null leaves them. And what came of it.</param>
    internal T Link<T>(string account, string item, Func<AccountCatalog, (IReadOnlyList<string>? Categories, T Outcome)> decide)
    {
        lock (_lock)
        {
            Settle();
            var (categories, outcome) = decide(CatalogOf(account));
            if (categories is not null)
                Keep(new() { Links = new(account, item, categories) });
            return outcome;
        }
    }

    private TimeSpan? Seconds => _faults.Seconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    private T Read<T>(Func<T> read)
    {
        lock (_lock)
        {
            Settle();
            return read();
        }
    }

    private void Write(Func<CatalogLine> change)
    {
        lock (_lock)
        {
            Settle();
            Keep(change());
        }
    }

    private void Settle()
    {
        while (!_faults.Stuck && _waiting.TryPeek(out var index, out var due) && Now is var now && due.DueAt <= now)
        {
            Keep(_faults.Cancel > 0
                ? new() { Settled = new(_jobs[index].Number, CatalogJobStatus.Cancelled, now), Faults = _faults with { Cancel = _faults.Cancel - 1 } }
                : new() { Settled = new(_jobs[index].Number, CatalogJobStatus.Complete, now) });
        }
    }

    private void Keep(CatalogLine line)
    {
        _journal.Append(line);
        Remember(line);
    }

    /// <summary>Comes to the same for the same lines, so a job's effects need not be written.</summary>
    private void Remember(CatalogLine line)
    {
        if (line.Job is { } job)
        {
            _jobIndexes[job.Id] = _jobs.Count;
            _waiting.Enqueue(_jobs.Count, (job.DueAt, job.Number));
            _jobs.Add(job with { Data = line.Data });
        }
        if (line.Settled is { } settled)
            End((int)settled.Number - 1, settled);
        if (line.Links is { } links && CatalogOf(links.Account) is var catalog && catalog.Items.Find(links.Item) is { } item)
            catalog.Set(item with { Categories = links.Categories });
        _faults = line.Faults ?? _faults;
    }

    /// <summary>It is the first of those that wait, now as when it was written.</summary>
    private void End(int index, Settlement settled)
    {
        _waiting.Dequeue();
        var job = _jobs[index];
        var errors = settled.Status == CatalogJobStatus.Complete ? new CatalogWork(CatalogOf(job.Account), job, _faults.Refuse, settled.At).Do() : [];
        _jobs[index] = job with { Status = settled.Status, CompletedAt = settled.At, Errors = errors, Data = null };
    }

    private AccountCatalog CatalogOf(string account)
    {
        if (!_catalogs.TryGetValue(account, out var catalog))
            _catalogs[account] = catalog = new();
        return catalog;
    }

    /// <summary>What came in or was done at once.</summary>
    private sealed record CatalogLine
    {
        public CatalogJob? Job { get; init; }

        public JsonElement? Data { get; init; }

        public Settlement? Settled { get; init; }

        public CatalogFaults? Faults { get; init; }

        public Links? Links { get; init; }
    }

    private sealed record Settlement(long Number, CatalogJobStatus Status, DateTimeOffset At);

    private sealed record Links(string Account, string Item, IReadOnlyList<string> Categories);
}
