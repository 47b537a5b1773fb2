using System.Globalization;
using System.Text.Json;

namespace ZoeyKlaviyo.Core.Klaviyo.Wire;

/// <summary><c>GET /api/profiles</c> with <c>subscriptions</c>.</summary>
internal static class ProfileBody
{
    public static ProfilePage Read(KlaviyoAnswer answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer.Body);
            var profiles = document.RootElement.GetProperty("data").EnumerateArray().Select(Profile).ToList();
            return new ProfilePage(answer with { Body = "" }, profiles, PageLink.Next(document.RootElement));
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            // Whoever asked must not take it for an empty page.
            return new ProfilePage(AnswerReader.None("Klaviyo's answer can't be read.", mayHaveArrived: false) with { Status = answer.Status }, null);
        }
    }

    private static KlaviyoProfile Profile(JsonElement profile)
    {
        var attributes = profile.GetProperty("attributes");
        var email = attributes.TryGetProperty("email", out var address) && address.ValueKind == JsonValueKind.String ? address.GetString() : null;
        return new KlaviyoProfile(profile.GetProperty("id").GetString() ?? "", email, Consent(attributes));
    }

    private static EmailConsent? Consent(JsonElement attributes) =>
        Member(Member(Member(attributes, "subscriptions"), "email"), "marketing") is not { ValueKind: JsonValueKind.Object } marketing ? null
        : new EmailConsent(
            State(Member(marketing, "consent")),
            Time(Member(marketing, "consent_timestamp")),
            Time(Member(marketing, "last_updated")),
            Suppressions(marketing),
            List(Member(marketing, "list_suppressions")));

    /// <summary>Also one that is not named: Klaviyo says that they get nothing, and it is not because they left.</summary>
    private static List<Suppression> Suppressions(JsonElement marketing)
    {
        var named = List(Member(marketing, "suppression"));
        var isUnnamed = named.Count == 0 && Member(marketing, "can_receive_email_marketing") is { ValueKind: JsonValueKind.False }
            && State(Member(marketing, "consent")) != ConsentState.Unsubscribed;
        return isUnnamed ? [new Suppression("", null)] : named;
    }

    private static ConsentState State(JsonElement? consent) => Text(consent) switch
    {
        "SUBSCRIBED" => ConsentState.Subscribed,
        "UNSUBSCRIBED" => ConsentState.Unsubscribed,
        "NEVER_SUBSCRIBED" => ConsentState.NeverSubscribed,
        _ => ConsentState.Unknown,
    };

    private static List<Suppression> List(JsonElement? list) => list switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } array =>
        [
            .. from entry in array.EnumerateArray()
               select new Suppression(Text(Member(entry, "reason")) ?? "", Time(Member(entry, "timestamp")), Text(Member(entry, "list_id"))),
        ],
        // Not as documented: better one suppression too many.
        _ => [new Suppression("", null)],
    };

    private static DateTimeOffset? Time(JsonElement? value) =>
        DateTimeOffset.TryParse(Text(value), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    private static string? Text(JsonElement? value) => value is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static JsonElement? Member(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } parent && parent.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
