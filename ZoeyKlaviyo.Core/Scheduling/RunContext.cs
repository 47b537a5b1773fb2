using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Stores;

namespace ZoeyKlaviyo.Core.Scheduling;

/// <summary>A run as its work sees it: who it is for, and the only way to write.</summary>
public sealed class RunContext(Database database, StoreSignals signals, Run run)
{
    public long RunId => run.Id;

    public int StoreId => run.StoreId;

    public SyncKind Kind => run.Kind;

    /// <summary>
    /// Writes in one transaction together with the run's own row, which <paramref name="write"/> receives for its counts and
    /// progress. Locks the lane's lease first, so that nobody can take it over half-way.
    /// </summary>
    /// <exception cref="LeaseLostException">Somebody else has the lane; nothing was written.</exception>
    public async Task<T> WriteAsync<T>(Func<AppDbContext, Run, Task<T>> write, CancellationToken cancellationToken)
    {
        var result = await database.WriteAsync(
            async db =>
            {
                await RequireLeaseAsync(db, run, cancellationToken);
                return await write(db, await db.Runs.SingleAsync(row => row.Id == run.Id, cancellationToken));
            },
            cancellationToken);
        signals.RunsChanged(run.StoreId);
        return result;
    }

    /// <exception cref="LeaseLostException">Somebody else has the lane.</exception>
    internal static async Task RequireLeaseAsync(AppDbContext db, Run run, CancellationToken cancellationToken)
    {
        var held = await db.LaneLeases
            .Where(lease => lease.StoreId == run.StoreId && lease.Lane == run.Lane && lease.Fence == run.Fence && lease.Owner != null)
            .ExecuteUpdateAsync(update => update.SetProperty(lease => lease.Fence, lease => lease.Fence), cancellationToken);
        if (held == 0)
            throw new LeaseLostException();
    }
}
