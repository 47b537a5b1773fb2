using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Stores;

namespace ZoeyKlaviyo.Core.Scheduling;

/// <summary>A run as its work sees it: who it is for, the only way to write, and the way to wait.</summary>
public sealed class RunContext
{
    private readonly Database _database;
    private readonly StoreSignals _signals;
    private readonly Run _run;
    private readonly RunSlot _slot;

    internal RunContext(Database database, StoreSignals signals, Run run, RunSlot slot) =>
        (_database, _signals, _run, _slot) = (database, signals, run, slot);

    public long RunId => _run.Id;

    public int StoreId => _run.StoreId;

    public SyncKind Kind => _run.Kind;

    public Task<T> ReadAsync<T>(Func<AppDbContext, Task<T>> read, CancellationToken cancellationToken) => _database.ReadAsync(read, cancellationToken);

    /// <summary>
    /// Writes in one transaction together with the run's own row, which <paramref name="write"/> receives for its counts and
    /// progress. Locks the lane's lease first, so that nobody can take it over half-way.
    /// </summary>
    /// <exception cref="LeaseLostException">Somebody else has the lane; nothing was written.</exception>
    public async Task<T> WriteAsync<T>(Func<AppDbContext, Run, Task<T>> write, CancellationToken cancellationToken)
    {
        var result = await _database.WriteAsync(
            async db =>
            {
                await LaneLeases.RequireAsync(db, _run, cancellationToken);
                return await write(db, await db.Runs.SingleAsync(row => row.Id == _run.Id, cancellationToken));
            },
            cancellationToken);
        _signals.RunsChanged(_run.StoreId);
        return result;
    }

    /// <summary>
    /// Waits for something far away, such as a job at Klaviyo, while other runs work in its place. The lane stays this run's;
    /// it goes on when the time is over and there is room for it again.
    /// </summary>
    public Task WaitAsync(TimeSpan duration, CancellationToken stop) => _slot.WaitAsync(duration, stop);
}
