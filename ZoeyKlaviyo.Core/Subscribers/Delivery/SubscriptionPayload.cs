using System.Text.Json;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Klaviyo;

namespace ZoeyKlaviyo.Core.Subscribers.Delivery;

/// <summary>How a subscribe or unsubscribe stands in the outbox, and what Klaviyo gets of it.</summary>
internal static class SubscriptionPayload
{
    public static Payload Of(Subscriber row, DateTimeOffset now) => new()
    {
        StoreId = row.StoreId,
        AccountId = row.AccountId,
        Metric = MetricOf(row.Status),
        Email = row.Email,
        UniqueId = Guid.CreateVersion7(now).ToString(),
        OccurredUtc = row.ConsentFromUtc ?? row.OutcomeUtc,
        ReceivedUtc = now,
        Properties = "{}",
    };

    public static string MetricOf(SubscriberStatus status) => status == SubscriberStatus.Subscribed ? Metrics.Subscribe : Metrics.Unsubscribe;

    /// <summary>The details of a subscribe, kept so that a person can see what was sent.</summary>
    public static string Properties(SubscribeRow row, string? listId) =>
        JsonSerializer.Serialize(new Details(row.ConsentedUtc, listId));

    /// <summary>For people.</summary>
    /// <exception cref="JsonException">What was kept can't be read.</exception>
    public static string RequestBody(Payload payload)
    {
        if (payload.Metric == Metrics.Unsubscribe)
            return KlaviyoSubscriptionClient.UnsubscribeRequest(payload.Email);
        var details = JsonSerializer.Deserialize<Details>(payload.Properties)!;
        return KlaviyoSubscriptionClient.SubscribeRequest(new SubscribeRow(payload.Email, details.ConsentedUtc), details.ListId);
    }

    private sealed record Details(DateTimeOffset? ConsentedUtc, string? ListId);
}
