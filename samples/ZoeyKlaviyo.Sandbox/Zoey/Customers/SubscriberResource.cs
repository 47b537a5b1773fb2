using System.Globalization;
using ZoeyKlaviyo.Sandbox.Shop;
using ZoeyKlaviyo.Sandbox.Zoey.Api;

namespace ZoeyKlaviyo.Sandbox.Zoey.Customers;

/// <summary>A resource that stock Magento does not have; the API answers only while <see cref="StoreQuirks.Subscribers"/> is on.</summary>
internal sealed class SubscriberResource(SubscriberBook subscribers) : IStoreResource
{
    private static readonly StoreCollection s_collection =
        new(["subscriber_id", "store_id", "customer_id", "subscriber_email", "subscriber_status", "change_status_at"], IsMap: false);

    public IEnumerable<StoreRoute> Routes => [new("newsletter/subscribers", call => s_collection.Answer(call, subscribers.Subscribers.Select(Row)))];

    private static StoreRow Row(ShopSubscriber subscriber) => new(subscriber.SubscriberId, new()
    {
        ["subscriber_id"] = subscriber.SubscriberId,
        ["store_id"] = subscriber.StoreId,
        ["customer_id"] = subscriber.CustomerId ?? "0",
        ["subscriber_email"] = subscriber.Email,
        ["subscriber_status"] = subscriber.Status.ToString(CultureInfo.InvariantCulture),
        ["change_status_at"] = subscriber.ChangeStatusAt is { } changed ? StoreFormats.Time(changed) : null,
        ["zoey_unlisted"] = StoreFormats.Unlisted,
    });
}
