using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Scheduling;

/// <summary>One line of the Syncs table.</summary>
/// <param name="Active">Queued or running.</param>
/// <param name="Last">The last run that has ended.</param>
/// <param name="NextUtc">When it is due; null while nothing is sent.</param>
/// <param name="Waiting">Payloads that wait for this kind; null where nothing waits in that sense.</param>
/// <param name="Behind">What a queued run waits for: the one that its lane is at.</param>
public sealed record SyncLine(SyncKind Kind, Run? Active, Run? Last, DateTimeOffset? NextUtc, int? Waiting, SyncKind? Behind = null);

public enum StoreCondition
{
    NotConnected,
    Off,
    NeedsAttention,
    Working,
}

public sealed record StoreOverview(StoreCondition Condition, string? Reason, IReadOnlyList<SyncLine> Lines, int Failed);

/// <summary>Whether a store's syncs work, on one page.</summary>
public sealed class SyncOverview(Database database, SyncSchedules schedules, TimeProvider time)
{
    public Task<StoreOverview> ReadAsync(AuthorizedStore store, CancellationToken cancellationToken) =>
        database.ReadAsync(db => ReadAsync(db, store.Id, cancellationToken), cancellationToken);

    private async Task<StoreOverview> ReadAsync(AppDbContext db, int storeId, CancellationToken cancellationToken)
    {
        var (condition, reason) = await ConditionAsync(db, storeId, cancellationToken);
        var waiting = await db.Payloads
            .Where(payload => payload.StoreId == storeId && (payload.State == PayloadState.New || payload.State == PayloadState.Sending
                || payload.State == PayloadState.Retry || payload.State == PayloadState.Failed))
            .GroupBy(payload => payload.State)
            .Select(group => new { group.Key, Count = group.Count() })
            .ToDictionaryAsync(group => group.Key, group => group.Count, cancellationToken);
        int Count(PayloadState state) => waiting.GetValueOrDefault(state);
        var states = await db.ScheduleStates.Where(row => row.StoreId == storeId).ToDictionaryAsync(row => row.Kind, cancellationToken);
        var running = await db.Runs.Where(run => run.StoreId == storeId && run.Status == RunStatus.Running)
            .Select(run => new { run.Lane, run.Kind }).ToListAsync(cancellationToken);
        var lines = new List<SyncLine>();
        foreach (var kind in SyncKinds.Scheduled)
        {
            var runs = db.Runs.Where(run => run.StoreId == storeId && run.Kind == kind).OrderByDescending(run => run.QueuedUtc).ThenByDescending(run => run.Id);
            var newest = await runs.Take(2).ToListAsync(cancellationToken);
            int? count = kind switch
            {
                SyncKind.Events => Count(PayloadState.New) + Count(PayloadState.Sending),
                SyncKind.Retries => Count(PayloadState.Retry),
                _ => null,
            };
            var active = newest.FirstOrDefault(run => run.IsActive);
            lines.Add(new SyncLine(
                kind,
                active,
                newest.FirstOrDefault(run => !run.IsActive),
                condition == StoreCondition.Working ? Next(kind, states.GetValueOrDefault(kind)) : null,
                count,
                active is { Status: RunStatus.Queued } ? running.Find(run => run.Lane == active.Lane)?.Kind : null));
        }

        return new StoreOverview(condition, reason, lines, Count(PayloadState.Failed));
    }

    private DateTimeOffset Next(SyncKind kind, ScheduleState? state)
    {
        var now = time.GetUtcNow();
        var next = schedules.NextAfter(kind, state is null || schedules.IsOfAnotherClock(kind, state.LastCountedUtc, now) ? now : state.LastCountedUtc);
        return state?.NotBeforeUtc is { } notBefore && notBefore > next ? notBefore : next;
    }

    private static async Task<(StoreCondition, string?)> ConditionAsync(AppDbContext db, int storeId, CancellationToken cancellationToken)
    {
        var connection = await db.KlaviyoConnections.SingleOrDefaultAsync(row => row.StoreId == storeId, cancellationToken);
        if (connection is null)
            return (StoreCondition.NotConnected, null);
        if (connection.Status == ConnectionStatus.NeedsAttention)
            return (StoreCondition.NeedsAttention, connection.StatusReason);
        return (await SwitchQueries.IsOnAsync(db, storeId, Switch.IsEnabled, cancellationToken) ? StoreCondition.Working : StoreCondition.Off, null);
    }
}
