using ZoeyKlaviyo.Core.Klaviyo;

namespace ZoeyKlaviyo.Core.Events.Delivery;

/// <summary>A claimed payload, ready to be sent.</summary>
internal sealed record PayloadRow(Payload Payload, KlaviyoEvent Event, BulkEvent Bulk)
{
    /// <exception cref="Exception">Of any kind: what is stored can't be made into an event.</exception>
    public static PayloadRow Prepare(Payload payload, string idPrefix, DateTimeOffset sentUtc)
    {
        var source = PayloadMapper.Map(payload, idPrefix, sentUtc);
        return new PayloadRow(payload, source, new BulkEvent(source));
    }
}
