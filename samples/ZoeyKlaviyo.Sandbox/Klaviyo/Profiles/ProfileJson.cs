using System.Text.Json.Nodes;
using ZoeyKlaviyo.Sandbox.Klaviyo.Api;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Profiles;

internal static class ProfileJson
{
    private static readonly string[] s_unknown =
        ["phone_number", "external_id", "first_name", "last_name", "organization", "locale", "title", "image", "last_event_date"];

    /// <summary>Consent is shown only where it is asked for, and <c>updated</c> does not move with it.</summary>
    public static JsonObject Write(ApiCall call, KlaviyoProfile profile)
    {
        var attributes = new JsonObject { ["email"] = profile.Email };
        foreach (var name in s_unknown)
            attributes[name] = null;
        attributes["created"] = ApiResource.Time(profile.Created);
        attributes["updated"] = ApiResource.Time(profile.Created);
        attributes["location"] = new JsonObject();
        attributes["properties"] = new JsonObject();
        if (call.Query("additional-fields[profile]") is not null)
            attributes["subscriptions"] = Subscriptions(profile);
        return ApiResource.Of(call, "profile", profile.Id, attributes);
    }

    private static JsonObject Subscriptions(KlaviyoProfile profile) => new()
    {
        ["email"] = new JsonObject
        {
            ["marketing"] = new JsonObject
            {
                ["can_receive_email_marketing"] = profile.CanReceive,
                ["consent"] = profile.Consent switch
                {
                    ProfileConsent.Subscribed => "SUBSCRIBED",
                    ProfileConsent.Unsubscribed => "UNSUBSCRIBED",
                    _ => "NEVER_SUBSCRIBED",
                },
                ["consent_timestamp"] = Time(profile.ConsentTimestamp),
                ["last_updated"] = Time(profile.LastUpdated),
                ["method"] = profile.Method,
                ["method_detail"] = "",
                ["custom_method_detail"] = profile.CustomMethodDetail,
                ["double_optin"] = profile.DoubleOptin,
                ["suppression"] = new JsonArray([.. profile.Suppressions.Select(one => new JsonObject
                {
                    ["reason"] = one.Reason,
                    ["timestamp"] = Time(one.Timestamp),
                })]),
                ["list_suppressions"] = new JsonArray([.. profile.ListSuppressions.Select(one => new JsonObject
                {
                    ["list_id"] = one.ListId,
                    ["reason"] = one.Reason,
                    ["timestamp"] = Time(one.Timestamp),
                })]),
            },
            ["open_tracking"] = null,
        },
        ["sms"] = null,
        ["mobile_push"] = null,
        ["whatsapp"] = null,
    };

    private static string? Time(DateTimeOffset? time) => time is { } at ? ApiResource.Time(at) : null;
}
