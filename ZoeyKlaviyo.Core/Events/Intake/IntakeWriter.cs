using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Stores;

namespace ZoeyKlaviyo.Core.Events.Intake;

/// <summary>One event on its way into the database.</summary>
/// <param name="IsSent">False for a mere sign of life: it moves the visit and is not stored.</param>
internal sealed record IntakeEvent(int StoreId, string AccountId, string Email, CollectedEvent Event, DateTimeOffset ReceivedUtc, bool IsSent);

/// <summary>A cart that a team member works on in a customer's name.</summary>
/// <param name="Email">Normalized.</param>
internal sealed record IntakeCart(int StoreId, string CartId, string Email, DateTimeOffset SeenUtc);

/// <summary>
/// Writes events of many requests in one transaction: the commit, which waits for the disk, is what costs. A request is
/// answered when the transaction that holds its events is on disk.
/// </summary>
public sealed partial class IntakeWriter : IAsyncDisposable
{
    private const int MaxWaiting = 4096;
    private const int MaxRowsPerWrite = 512;

    /// <summary>Of all waiting events' properties and carts; 64 MB of memory.</summary>
    internal const int MaxWaitingCharacters = 32 * 1024 * 1024;

    private readonly Channel<Pending> _channel = Channel.CreateBounded<Pending>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
    private readonly Database _database;
    private readonly IntakeSql _sql;
    private readonly StoreSignals _signals;
    private readonly ILogger<IntakeWriter> _logger;
    private readonly Task _loop;
    private long _waitingCharacters;

    public IntakeWriter(Database database, StoreSignals signals, ILogger<IntakeWriter> logger)
    {
        _database = database;
        _sql = IntakeSql.For(database.Provider);
        _signals = signals;
        _logger = logger;
        _loop = Task.Run(LoopAsync);
    }

    /// <returns>For each event null when it is stored, or why it is not; false as a whole when too much is waiting already.</returns>
    internal bool TryWrite(List<IntakeEvent> events, IReadOnlyList<IntakeCart> carts, out Task<ArraySegment<string?>> result)
    {
        var pending = new Pending(events, carts);
        result = pending.Done.Task;
        if (Interlocked.Add(ref _waitingCharacters, pending.Characters) <= MaxWaitingCharacters && _channel.Writer.TryWrite(pending))
            return true;
        Interlocked.Add(ref _waitingCharacters, -pending.Characters);
        return false;
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Writer.TryComplete();
        await _loop;
    }

    private async Task LoopAsync()
    {
        var batch = new List<Pending>();
        while (await _channel.Reader.WaitToReadAsync())
        {
            // Requests that are being parsed at this moment get a chance to come along.
            for (var i = 0; i < 4; i++)
                await Task.Yield();
            var count = 0;
            while (count < MaxRowsPerWrite && _channel.Reader.TryRead(out var pending))
            {
                batch.Add(pending);
                count += pending.Events.Count + pending.Carts.Count;
            }

            await WriteAsync(batch);
            Interlocked.Add(ref _waitingCharacters, -batch.Sum(pending => pending.Characters));
            batch.Clear();
        }
    }

    private async Task WriteAsync(List<Pending> batch)
    {
        try
        {
            var events = batch.SelectMany(pending => pending.Events).ToList();
            var carts = batch.SelectMany(pending => pending.Carts).ToList();
            var reasons = await _database.WriteAsync(
                async db =>
                {
                    await AdminCartRows.SaveAsync(db, carts);
                    return await WriteAsync(db, events);
                },
                CancellationToken.None);
            var from = 0;
            foreach (var pending in batch)
            {
                pending.Done.SetResult(new(reasons, from, pending.Events.Count));
                from += pending.Events.Count;
            }

            foreach (var storeId in events.Select(item => item.StoreId).Distinct())
                _signals.RunsChanged(storeId);
        }
#pragma warning disable CA1031 // every waiting request must be answered, whatever failed
        catch (Exception exception)
#pragma warning restore CA1031
        {
            Log.WriteFailed(_logger, exception, batch.Count);
            foreach (var pending in batch)
                pending.Done.TrySetException(exception);
        }
    }

    private async Task<string?[]> WriteAsync(AppDbContext db, List<IntakeEvent> events)
    {
        if (events.Count == 0)
            return [];
        var transaction = Microsoft.EntityFrameworkCore.Storage.DbContextTransactionExtensions.GetDbTransaction(db.Database.CurrentTransaction!);
        var reasons = new string?[events.Count];
        var visits = await _sql.LockVisitsAsync(transaction, events.Select(item => (item.StoreId, item.Email)).Distinct().ToList());
        var seen = new HashSet<(int, string, string, string, string)>();
        var insert = new List<(int Index, IntakeEvent Item)>(events.Count);
        for (var i = 0; i < events.Count; i++)
        {
            var item = events[i];
            var isActive = item.IsSent && item.Event.Metric == Metrics.ActiveOnSite;
            var visit = visits[(item.StoreId, item.Email)];
            var counts = isActive && visit.IsBefore(item.Event.OccurredUtc)
                ? !await WasActiveAsync(db, insert.ConvertAll(entry => entry.Item), item)
                : visit.See(item.Event.OccurredUtc, isActive);
            if (!item.IsSent)
                continue;
            if (isActive && !counts)
                reasons[i] = IgnoredReasons.SameVisit;
            else if (!seen.Add((item.StoreId, item.AccountId, item.Event.Metric, item.Email, item.Event.UniqueId)))
                reasons[i] = IgnoredReasons.Duplicate;
            else
                insert.Add((i, item));
        }

        var isNew = await _sql.SaveAsync(transaction, visits, insert.ConvertAll(entry => entry.Item));
        for (var i = 0; i < insert.Count; i++)
        {
            if (!isNew[i])
                reasons[insert[i].Index] = IgnoredReasons.Duplicate;
        }

        return reasons;
    }

    /// <summary>Nothing is kept of a visit that another one has followed but its event, stored or about to be.</summary>
    private static async Task<bool> WasActiveAsync(AppDbContext db, List<IntakeEvent> insert, IntakeEvent late)
    {
        var (from, to) = (late.Event.OccurredUtc - VisitState.Timeout, late.Event.OccurredUtc + VisitState.Timeout);
        return insert.Exists(item => item.StoreId == late.StoreId && item.Email == late.Email && item.Event.Metric == Metrics.ActiveOnSite
                && item.Event.OccurredUtc > from && item.Event.OccurredUtc < to)
            || await db.Payloads.AnyAsync(payload => payload.StoreId == late.StoreId && payload.AccountId == late.AccountId
                && payload.Metric == Metrics.ActiveOnSite && payload.Email == late.Email && payload.OccurredUtc > from && payload.OccurredUtc < to);
    }

    private sealed class Pending(List<IntakeEvent> events, IReadOnlyList<IntakeCart> carts)
    {
        public IReadOnlyList<IntakeCart> Carts { get; } = carts;

        public List<IntakeEvent> Events { get; } = events;

        public long Characters { get; } =
            events.Sum(item => (long)item.Event.Properties.Length) + carts.Sum(cart => (long)cart.CartId.Length + cart.Email.Length);

        public TaskCompletionSource<ArraySegment<string?>> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private static partial class Log
    {
        [LoggerMessage(500, LogLevel.Error, "Events of {Requests} requests could not be stored; the shops were told to send them again")]
        public static partial void WriteFailed(ILogger logger, Exception exception, int requests);
    }
}
