using ZoeyKlaviyo.Admin.Shared;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Subscribers;

namespace ZoeyKlaviyo.Admin.Subscribers;

/// <summary>How soon a change of the newsletter reaches Klaviyo, and what to do where it does not.</summary>
internal static class SubscriberWords
{
    public static Tone ToneOf(SubscriberSummary summary) => summary.Speed == SubscriberSpeed.NotAvailable ? Tone.Warning : Tone.Good;

    public static string State(SubscriberSummary summary) => summary.Speed switch
    {
        SubscriberSpeed.WithinMinutes => "Within 10 minutes",
        SubscriberSpeed.NewWithinMinutes => "New ones within 10 minutes",
        SubscriberSpeed.Daily => "Daily",
        SubscriberSpeed.File => "From the uploaded file",
        _ => "Not available",
    };

    public static string Sentence(SubscriberSummary summary) => summary.Speed switch
    {
        SubscriberSpeed.WithinMinutes => "Who subscribes or unsubscribes in the store reaches Klaviyo within 10 minutes.",
        SubscriberSpeed.NewWithinMinutes =>
            "New subscribers reach Klaviyo within 10 minutes. Who unsubscribes is found by the daily run, as the store can't be asked for what changed.",
        SubscriberSpeed.Daily => "Changes reach Klaviyo with the daily run.",
        SubscriberSpeed.File => "Klaviyo knows what the last uploaded file said. For what changed since then, upload a newer one.",
        _ when !summary.IsApiSetUp => "The store's API is not set up, so its subscribers can't be read. Set up the store API below, or upload a CSV export of the subscribers here.",
        _ => "The store gives no list of its subscribers. Upload a CSV export of them here, or have the store push changes to the feed.",
    };

    public static string Name(KlaviyoList list) => list.IsDoubleOptIn switch
    {
        true => $"{list.Name} (double opt-in)",
        false => $"{list.Name} (single opt-in)",
        null => list.Name,
    };

    public static string Bytes(long bytes) => bytes < 1024 * 1024 ? $"{Words.Number((int)((bytes + 1023) / 1024))} KB" : FormattableString.Invariant($"{bytes / 1024d / 1024d:0.0} MB");
}
