using ZoeyKlaviyo.Admin.Shared;
using ZoeyKlaviyo.Core.Events.Intake;

namespace ZoeyKlaviyo.Admin.Storefront;

/// <summary>What became of an event from a page of the store, for the people who put the snippet there.</summary>
internal static class ArrivalWords
{
    public static string What(Arrival arrival) => arrival.Metric ?? "An event";

    public static Tone ToneOf(Arrival arrival) => arrival switch
    {
        { Rejected: not null } => Tone.Bad,
        { Ignored: not null } => Tone.Neutral,
        _ => Tone.Good,
    };

    public static string State(Arrival arrival) => arrival switch
    {
        { Rejected: not null } => "Rejected",
        { Ignored: not null } => "Not counted",
        _ => "Recorded",
    };

    /// <summary>Empty where the state says it all.</summary>
    public static string Why(Arrival arrival) => arrival.Rejected ?? arrival.Ignored switch
    {
        null => "",
        "not_connected" => "The store was not connected to Klaviyo.",
        "disabled" => "Is Enabled was No.",
        "function_off" => "The switch of this event was No.",
        "acting_admin" => "An admin was logged in as the customer, and Enable Admin Tracking on Store was No.",
        "tracking_blocked" => "The shopper blocks tracking.",
        "no_identity" => "The shopper was not known: not logged in, and no address entered at the checkout.",
        "before_connection" => "It happened before the store was connected.",
        "same_visit" => "The visit was counted already.",
        "in_cart" => "The product was in the cart already.",
        "duplicate" => "It was sent before.",
        var reason => reason,
    };
}
