namespace ZoeyKlaviyo.Core.Zoey;

public static class ZoeySubscriberStatuses
{
    /// <summary>Magento's number of a status, or its name in whatever spelling: <c>Not Activated</c>, <c>not_active</c>.</summary>
    /// <returns>Null for anything else: what a status means is never guessed.</returns>
    public static ZoeySubscriberStatus? Parse(string text) => Plain(text) switch
    {
        "1" or "SUBSCRIBED" => ZoeySubscriberStatus.Subscribed,
        "2" or "NOTACTIVE" or "NOTACTIVATED" => ZoeySubscriberStatus.NotActive,
        "3" or "UNSUBSCRIBED" => ZoeySubscriberStatus.Unsubscribed,
        "4" or "UNCONFIRMED" => ZoeySubscriberStatus.Unconfirmed,
        _ => null,
    };

    /// <summary>Without what stands between words. Nothing else is dropped: a minus before a number or a "!" turns the meaning round.</summary>
    internal static string Plain(string text)
    {
        var words = text.Trim().ToUpperInvariant();
        return words.Length > 0 && char.IsLetter(words[0]) ? string.Concat(words.Split(' ', '_', '-')) : words;
    }
}
