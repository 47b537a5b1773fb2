using System.Globalization;
using System.Text.Json.Nodes;
using ZoeyKlaviyo.Sandbox.Shop;
using ZoeyKlaviyo.Sandbox.Zoey.Api;

namespace ZoeyKlaviyo.Sandbox.Zoey.Customers;

/// <summary>A resource that stock Magento does not have; the API answers only while <see cref="StoreQuirks.Subscribers"/> is on.</summary>
internal sealed class SubscriberResource(SubscriberBook subscribers) : IStoreResource
{
    private const string Changed = "change_status_at";

    private static readonly StoreCollection s_dateless =
        new(["subscriber_id", "store_id", "customer_id", "subscriber_email", "subscriber_status"], IsMap: false);

    private static readonly StoreCollection s_collection = new([.. s_dateless.Attributes, Changed], IsMap: false);

    public IEnumerable<StoreRoute> Routes => [new("newsletter/subscribers", call =>
        (call.Quirks.ChangeStatusFilter ? s_collection : s_dateless).Answer(call, subscribers.Subscribers.Select(Row)))];

    public static JsonObject Write(ShopSubscriber subscriber) => new()
    {
        ["subscriber_id"] = subscriber.SubscriberId,
        ["store_id"] = subscriber.StoreId,
        ["customer_id"] = subscriber.CustomerId ?? "0",
        ["subscriber_email"] = subscriber.Email,
        ["subscriber_status"] = subscriber.Status.ToString(CultureInfo.InvariantCulture),
        [Changed] = subscriber.ChangeStatusAt is { } changed ? StoreFormats.Time(changed) : null,
        ["zoey_unlisted"] = StoreFormats.Unlisted,
    };

    private static StoreRow Row(ShopSubscriber subscriber) => new(subscriber.SubscriberId, () => Write(subscriber), attribute => attribute switch
    {
        "subscriber_id" => subscriber.SubscriberId,
        "subscriber_email" => subscriber.Email,
        Changed when subscriber.ChangeStatusAt is { } changed => StoreFormats.Time(changed),
        _ => null,
    });
}
