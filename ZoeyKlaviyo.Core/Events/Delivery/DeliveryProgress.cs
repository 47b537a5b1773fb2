using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Klaviyo;

namespace ZoeyKlaviyo.Core.Events.Delivery;

/// <summary>What the passes of a run came to, and whether they may go on; several batches write to it at a time.</summary>
internal sealed class DeliveryProgress
{
    private readonly Lock _lock = new();

    public int Sent { get; private set; }

    /// <summary>Refused, or without an answer.</summary>
    public int NotSent { get; private set; }

    public (StopReason Reason, KlaviyoAnswer Answer)? Stop { get; private set; }

    /// <summary>The store was disabled or disconnected while the run was under way.</summary>
    public string? Held { get; private set; }

    /// <summary>What sources brought that does not count.</summary>
    public int Skipped { get; set; }

    /// <summary>What sources could not read, in sentences; null when all was read.</summary>
    public string? Missed { get; private set; }

    public int Total => Sent + NotSent;

    public bool IsEnded => Stop is not null || Held is not null;

    public void Add(IReadOnlyCollection<PayloadAttempt> attempts)
    {
        var sent = attempts.Count(attempt => attempt.Fate.Result == RecordResult.Sent);
        lock (_lock)
        {
            Sent += sent;
            NotSent += attempts.Count - sent;
        }
    }

    /// <param name="results">Of records, whatever they were.</param>
    public void Add(IEnumerable<RecordResult> results)
    {
        lock (_lock)
        {
            foreach (var result in results)
            {
                if (result == RecordResult.Sent)
                    Sent++;
                else if (result is RecordResult.Skipped or RecordResult.Unchanged)
                    Skipped++;
                else
                    NotSent++;
            }
        }
    }

    public void StopFor(StopReason reason, KlaviyoAnswer answer)
    {
        lock (_lock)
            Stop ??= (reason, answer);
    }

    public void HoldFor(string reason)
    {
        lock (_lock)
            Held ??= reason;
    }

    public void MissFor(string sentence) => Missed = Missed is null ? sentence : $"{Missed} {sentence}";
}
