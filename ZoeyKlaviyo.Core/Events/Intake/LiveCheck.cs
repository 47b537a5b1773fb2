using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Stores;

namespace ZoeyKlaviyo.Core.Events.Intake;

/// <param name="Metric">Null for an event that could not be read so far.</param>
/// <param name="Ignored">One of <c>/collect</c>'s reasons; null when it was accepted, or rejected.</param>
/// <param name="Rejected">What is wrong with it.</param>
public sealed record Arrival(DateTimeOffset AtUtc, string? Metric, string? Email, string? Ignored = null, string? Rejected = null);

/// <param name="ScriptLoadedUtc">When a browser last asked this instance for the tracking script.</param>
/// <param name="Arrivals">Newest first.</param>
public sealed record LiveView(string PublicKey, DateTimeOffset? ScriptLoadedUtc, IReadOnlyList<Arrival> Arrivals)
{
    public static LiveView Nothing { get; } = new("", null, []);
}

/// <summary>
/// What has just come from a store's pages, so that an admin sees whether the snippet works. What was accepted is in the outbox; what was not
/// is remembered for a while by the instance that it came to.
/// </summary>
public sealed class LiveCheck(Database database, StoreSignals signals, TimeProvider time)
{
    private const int Shown = 8;

    /// <summary>Where none of the last so many payloads came from a page, the next ones are not looked for.</summary>
    private const int LookedAt = 100_000;

    private const int MaxOriginBytes = 200;
    private readonly ConcurrentDictionary<int, Recent> _stores = new();

    public async Task<LiveView> ReadAsync(AuthorizedStore store, CancellationToken cancellationToken)
    {
        var (publicKey, accepted) = await database.ReadAsync(
            async db => (
                await db.Stores.Where(row => row.Id == store.Id).Select(row => row.PublicKey).SingleAsync(cancellationToken),
                await OfPages(db, store.Id, await db.Payloads.MaxAsync(payload => (long?)payload.Id, cancellationToken) ?? 0)
                    .OrderByDescending(payload => payload.Id).Take(Shown)
                    .Select(payload => new Arrival(payload.ReceivedUtc, payload.Metric, payload.Email, null, null)).ToListAsync(cancellationToken)),
            cancellationToken);
        var (scriptLoaded, others) = _stores.TryGetValue(store.Id, out var recent) ? recent.Read() : (null, []);
        return new LiveView(publicKey, scriptLoaded, [.. accepted.Concat(others).OrderByDescending(arrival => arrival.AtUtc).Take(Shown)]);
    }

    public void ScriptLoaded(int storeId) => Of(storeId).ScriptLoaded(time.GetUtcNow());

    internal void Note(int storeId, Arrival arrival)
    {
        Of(storeId).Note(arrival);
        signals.RunsChanged(storeId);
    }

    /// <summary>A page outside <c>Stores:N:AllowedOrigins</c> sent something, which was refused unread.</summary>
    /// <param name="origin">As the browser names it; it may be anything.</param>
    public void OriginRefused(int storeId, string origin) => Note(storeId, new Arrival(
        time.GetUtcNow(), null, null, Rejected: $"comes from a page of {KlaviyoText.Clean(origin, MaxOriginBytes, "…")}, which is not among the addresses of the store's pages (Stores:N:AllowedOrigins)"));

    /// <summary>Orders come from the store itself, and subscribers too: they say nothing about the pages.</summary>
    private static IQueryable<Payload> OfPages(AppDbContext db, int storeId, long newestId) => db.Payloads.Where(payload =>
        payload.StoreId == storeId && payload.Id > newestId - LookedAt && payload.Metric != Metrics.PlacedOrder && payload.Metric != Metrics.OrderedProduct
        && payload.Metric != Metrics.Subscribe && payload.Metric != Metrics.Unsubscribe);

    private Recent Of(int storeId) => _stores.GetOrAdd(storeId, _ => new Recent());

    private sealed class Recent
    {
        private readonly Lock _lock = new();
        private readonly Queue<Arrival> _arrivals = new(Shown);
        private DateTimeOffset? _scriptLoaded;

        public void ScriptLoaded(DateTimeOffset now)
        {
            lock (_lock)
                _scriptLoaded = now;
        }

        public void Note(Arrival arrival)
        {
            lock (_lock)
            {
                if (_arrivals.Count == Shown)
                    _arrivals.Dequeue();
                _arrivals.Enqueue(arrival);
            }
        }

        public (DateTimeOffset? ScriptLoaded, Arrival[] Arrivals) Read()
        {
            lock (_lock)
                return (_scriptLoaded, [.. _arrivals]);
        }
    }
}
