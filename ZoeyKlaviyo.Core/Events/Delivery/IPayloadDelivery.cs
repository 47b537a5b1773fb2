using ZoeyKlaviyo.Core.Scheduling;

namespace ZoeyKlaviyo.Core.Events.Delivery;

/// <summary>Sends what waits in the outbox, of the payloads that are its own.</summary>
internal interface IPayloadDelivery
{
    /// <param name="stop">As for a run: begin nothing new, and throw <see cref="OperationCanceledException"/>.</param>
    Task SendAsync(RunContext context, PayloadPass pass, DeliveryProgress progress, CancellationToken stop);
}
