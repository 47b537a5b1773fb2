using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Stores;

namespace ZoeyKlaviyo.Core.Events.Intake;

/// <summary>A store as intake sees it.</summary>
/// <param name="AccountId">The connected Klaviyo account; null when there is none.</param>
public sealed record IntakeStore(int Id, string PublicKey, FrozenSet<string> AllowedOrigins, string? AccountId, ActivePeriods Periods);

/// <summary>
/// Every store in memory, so that an event costs no query: read again as soon as this process changes a setting, and every
/// few seconds for changes that another instance makes.
/// </summary>
public sealed class IntakeStores : IDisposable
{
    private static readonly TimeSpan s_maxAge = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_minAge = TimeSpan.FromSeconds(1);

    /// <summary>Events are at most two days old; periods that ended before that decide nothing.</summary>
    private static readonly TimeSpan s_periodsBack = TimeSpan.FromHours(49);

    private readonly Database _database;
    private readonly TimeProvider _time;
    private readonly IDisposable _subscription;
    private readonly SemaphoreSlim _loading = new(1, 1);
    private Snapshot? _snapshot;
    private int _version;

    public IntakeStores(Database database, StoreSignals signals, TimeProvider time)
    {
        _database = database;
        _time = time;
        _subscription = signals.OnSettingsChanged(_ => Interlocked.Increment(ref _version));
    }

    public async ValueTask<IntakeStore?> FindAsync(string publicKey, CancellationToken cancellationToken)
    {
        var snapshot = await LoadAsync(IsCurrent, cancellationToken);
        return snapshot.Stores.GetValueOrDefault(publicKey);
    }

    /// <summary>
    /// The store as it was at <paramref name="timestamp"/> or later, for a decision that a change on another instance may have
    /// overtaken. Reads once a second at most, however many ask: within that second the answer may be as old.
    /// </summary>
    internal async ValueTask<IntakeStore> FindSinceAsync(IntakeStore store, long timestamp, CancellationToken cancellationToken)
    {
        var snapshot = await LoadAsync(
            loaded => IsCurrent(loaded) && (loaded.LoadedAt >= timestamp || _time.GetElapsedTime(loaded.LoadedAt) < s_minAge), cancellationToken);
        return snapshot.Stores.GetValueOrDefault(store.PublicKey) ?? store;
    }

    public void Dispose()
    {
        _subscription.Dispose();
        _loading.Dispose();
    }

    private bool IsCurrent(Snapshot snapshot) =>
        snapshot.Version == Volatile.Read(ref _version) && _time.GetElapsedTime(snapshot.LoadedAt) < s_maxAge;

    private async ValueTask<Snapshot> LoadAsync(Func<Snapshot, bool> isFreshEnough, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _snapshot) is { } known && isFreshEnough(known))
            return known;
        await _loading.WaitAsync(cancellationToken);
        try
        {
            if (_snapshot is { } loaded && isFreshEnough(loaded))
                return loaded;
            // Both are taken before reading: a change during the read makes the snapshot old at once.
            var version = Volatile.Read(ref _version);
            var loadedAt = _time.GetTimestamp();
            var now = _time.GetUtcNow();
            var stores = await _database.ReadAsync(db => ReadAsync(db, now, cancellationToken), cancellationToken);
            var snapshot = new Snapshot(version, loadedAt, stores.ToFrozenDictionary(store => store.PublicKey));
            Volatile.Write(ref _snapshot, snapshot);
            return snapshot;
        }
        finally
        {
            _loading.Release();
        }
    }

    private static async Task<List<IntakeStore>> ReadAsync(AppDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var stores = await db.Stores.ToListAsync(cancellationToken);
        var accounts = await db.KlaviyoConnections.ToDictionaryAsync(row => row.StoreId, row => row.AccountId, cancellationToken);
        var since = now - s_periodsBack;
        var periods = (await db.ActivePeriods.Where(period => period.ToUtc == null || period.ToUtc > since).ToListAsync(cancellationToken))
            .ToLookup(period => period.StoreId);
        return stores.ConvertAll(store => new IntakeStore(
            store.Id,
            store.PublicKey,
            store.AllowedOrigins.Split('\n', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.OrdinalIgnoreCase),
            accounts.GetValueOrDefault(store.Id),
            new ActivePeriods(periods[store.Id], accounts.GetValueOrDefault(store.Id))));
    }

    private sealed record Snapshot(int Version, long LoadedAt, FrozenDictionary<string, IntakeStore> Stores);
}
