using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Scheduling;

/// <summary>Claims queued runs for this process, keeps the claims alive and gives them back.</summary>
public sealed class LaneLeases(Database database, IEnumerable<ISyncRun> syncs, TimeProvider time)
{
    internal static readonly TimeSpan Length = TimeSpan.FromSeconds(60);
    internal static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    // A newer version may queue kinds that this one does not know.
    private readonly List<SyncKind> _kinds = syncs.Select(sync => sync.Kind).ToList();
    private readonly string _owner = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}";
    private readonly ConcurrentDictionary<(int StoreId, Lane Lane, long Fence), bool> _held = new();

    /// <summary>The next queued run of a free lane; null when there is none.</summary>
    internal async Task<Run?> ClaimAsync(Lane lane, CancellationToken cancellationToken)
    {
        var claimed = await database.WriteContestedAsync(db => ClaimAsync(db, lane, cancellationToken), cancellationToken);
        if (claimed is not null)
            _held[(claimed.StoreId, claimed.Lane, claimed.Fence)] = true;
        return claimed;
    }

    /// <summary>A run of this process works under it: however late it is, it will be renewed.</summary>
    internal bool IsHeld(LaneLease lease) => _held.ContainsKey((lease.StoreId, lease.Lane, lease.Fence));

    /// <summary>The run works no more in this process, whether its end could be written or not.</summary>
    internal void LetGo(Run run) => _held.TryRemove((run.StoreId, run.Lane, run.Fence), out _);

    /// <summary>Renews the claim.</summary>
    /// <returns>Who asked to cancel the run, or null.</returns>
    /// <exception cref="LeaseLostException">Somebody else has the lane.</exception>
    internal Task<string?> RenewAsync(Run run, CancellationToken cancellationToken) => database.WriteAsync(
        async db =>
        {
            await RequireAsync(db, run, cancellationToken);
            await db.LaneLeases.Where(lease => lease.StoreId == run.StoreId && lease.Lane == run.Lane)
                .ExecuteUpdateAsync(update => update.SetProperty(lease => lease.UntilUtc, time.GetUtcNow() + Length), cancellationToken);
            return await db.Runs.Where(row => row.Id == run.Id).Select(row => row.CancelRequestedBy).SingleAsync(cancellationToken);
        },
        cancellationToken);

    /// <summary>Locks the lease until the transaction ends: whoever wants to take the lane over waits, or was here before.</summary>
    /// <exception cref="LeaseLostException">Somebody else has the lane.</exception>
    internal static async Task RequireAsync(AppDbContext db, Run run, CancellationToken cancellationToken)
    {
        var held = await db.LaneLeases
            .Where(lease => lease.StoreId == run.StoreId && lease.Lane == run.Lane && lease.Fence == run.Fence && lease.Owner != null)
            .ExecuteUpdateAsync(update => update.SetProperty(lease => lease.Fence, lease => lease.Fence), cancellationToken);
        if (held == 0)
            throw new LeaseLostException();
    }

    internal static Task ReleaseAsync(AppDbContext db, Run run, CancellationToken cancellationToken) =>
        db.LaneLeases.Where(lease => lease.StoreId == run.StoreId && lease.Lane == run.Lane && lease.Fence == run.Fence)
            .ExecuteUpdateAsync(
                update => update.SetProperty(lease => lease.Owner, (string?)null).SetProperty(lease => lease.UntilUtc, (DateTimeOffset?)null),
                cancellationToken);

    private async Task<Run?> ClaimAsync(AppDbContext db, Lane lane, CancellationToken cancellationToken)
    {
        var queued = await db.Runs
            .Where(run => run.Status == RunStatus.Queued && run.Lane == lane && _kinds.Contains(run.Kind)
                && !db.LaneLeases.Any(lease => lease.StoreId == run.StoreId && lease.Lane == run.Lane && lease.Owner != null))
            .OrderBy(run => run.Id)
            .Take(20)
            .ToListAsync(cancellationToken);
        foreach (var run in queued)
        {
            if (await TakeAsync(db, run, cancellationToken))
                return run;
        }

        return null;
    }

    private async Task<bool> TakeAsync(AppDbContext db, Run run, CancellationToken cancellationToken)
    {
        var lease = await db.LaneLeases.AsNoTracking()
            .SingleOrDefaultAsync(row => row.StoreId == run.StoreId && row.Lane == run.Lane, cancellationToken);
        if (lease is null)
        {
            lease = new LaneLease { StoreId = run.StoreId, Lane = run.Lane };
            db.LaneLeases.Add(lease);
            await db.SaveChangesAsync(cancellationToken);
            db.Entry(lease).State = EntityState.Detached;
        }

        var now = time.GetUtcNow();
        var taken = await db.LaneLeases
            .Where(row => row.StoreId == run.StoreId && row.Lane == run.Lane && row.Fence == lease.Fence && row.Owner == null)
            .ExecuteUpdateAsync(
                update => update
                    .SetProperty(row => row.Owner, _owner)
                    .SetProperty(row => row.UntilUtc, now + Length)
                    .SetProperty(row => row.Fence, row => row.Fence + 1),
                cancellationToken);
        if (taken == 0)
            return false;
        run.Fence = lease.Fence + 1;
        run.Status = RunStatus.Running;
        run.StartedUtc = now;
        return true;
    }
}
