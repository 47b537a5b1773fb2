using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Scheduling;

/// <summary>The work of one kind.</summary>
public interface ISyncRun
{
    SyncKind Kind { get; }

    /// <param name="stop">
    /// Asked to stop, by a person or because the process ends: begin nothing new, finish what is under way, and throw
    /// <see cref="OperationCanceledException"/>. What was not attempted must stay as it was.
    /// </param>
    Task<RunOutcome> ExecuteAsync(RunContext context, CancellationToken stop);

    /// <summary>Puts right what an interrupted run left half-done; in the transaction that ends it.</summary>
    Task AbandonAsync(AppDbContext db, Run run, CancellationToken cancellationToken);
}

/// <param name="IsIdle">There was nothing to do.</param>
/// <param name="IsStopped">It ended before its work was done, for a reason outside the records: for retries, the cycle does not count.</param>
public sealed record RunOutcome(RunStatus Status, string Message, bool IsIdle = false, bool IsStopped = false);

/// <summary>The lane was given to somebody else, because this process did not renew its lease in time. Nothing more may be written.</summary>
public sealed class LeaseLostException() : Exception("The run's lease was taken over.");
