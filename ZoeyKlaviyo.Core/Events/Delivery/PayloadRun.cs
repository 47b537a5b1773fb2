using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Events.Delivery;

/// <summary>A run of the delivery lane.</summary>
internal abstract class PayloadRun : ISyncRun
{
    public abstract SyncKind Kind { get; }

    public abstract Task<RunOutcome> ExecuteAsync(RunContext context, CancellationToken stop);

    public Task AbandonAsync(AppDbContext db, Run run, CancellationToken cancellationToken) =>
        PayloadClaims.AbandonAsync(db, run.Id, run.StoreId, cancellationToken);
}
