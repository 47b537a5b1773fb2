using System.Globalization;
using ZoeyKlaviyo.Sandbox.Zoey.Api;

namespace ZoeyKlaviyo.Sandbox.Zoey.Customers;

/// <summary>A resource that stock Magento does not have; the API answers only while <see cref="StoreQuirks.Subscribers"/> is on.</summary>
internal sealed class SubscriberResource(ISubscriberRows subscribers) : IStoreResource
{
    private static readonly StoreCollection s_collection =
        new(["subscriber_id", "store_id", "customer_id", "subscriber_email", "subscriber_status", "change_status_at"], IsMap: false);

    public IEnumerable<StoreRoute> Routes => [new("newsletter/subscribers", call => s_collection.Answer(call, subscribers.Rows.Select(Row)))];

    private static StoreRow Row(SubscriberRow row) => new(row.Id, new()
    {
        ["subscriber_id"] = row.Id,
        ["store_id"] = "1",
        ["customer_id"] = row.CustomerId ?? "0",
        ["subscriber_email"] = row.Email,
        ["subscriber_status"] = row.Status.ToString(CultureInfo.InvariantCulture),
        ["change_status_at"] = row.ChangedUtc is { } changed ? StoreFormats.Time(changed) : null,
        ["zoey_unlisted"] = StoreFormats.Unlisted,
    });
}

/// <summary>The shop's newsletter subscribers, by id.</summary>
internal interface ISubscriberRows
{
    IEnumerable<SubscriberRow> Rows { get; }
}

/// <param name="CustomerId">Null for a guest.</param>
/// <param name="Status">1 subscribed, 2 not active, 3 unsubscribed, 4 unconfirmed.</param>
/// <param name="ChangedUtc">Null as in stock Magento, which never sets it.</param>
internal sealed record SubscriberRow(string Id, string? CustomerId, string Email, int Status, DateTimeOffset? ChangedUtc);

internal sealed class NoSubscribers : ISubscriberRows
{
    public IEnumerable<SubscriberRow> Rows => [];
}
