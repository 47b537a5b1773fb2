using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Events.Delivery;

/// <summary>Something that an Events run asks, before it sends, for what is new.</summary>
public interface IPayloadSource
{
    /// <summary>What it reads, as the beginning of a sentence.</summary>
    string Name { get; }

    /// <summary>Writes what is new into the outbox. What was brought in before it fails is kept, and sent.</summary>
    /// <param name="stop">As for a run: begin nothing new, and throw <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ZoeyException">The store did not give all; the message is for people.</exception>
    Task BringInAsync(RunContext context, CancellationToken stop);
}
