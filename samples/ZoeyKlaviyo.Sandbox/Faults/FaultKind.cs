using System.Text.Json.Serialization;

namespace ZoeyKlaviyo.Sandbox.Faults;

[JsonConverter(typeof(JsonStringEnumConverter<FaultKind>))]
public enum FaultKind
{
    /// <summary>An error in Klaviyo's form with the given status.</summary>
    [JsonStringEnumMemberName("status")] Status,

    /// <summary>What a proxy in front of Klaviyo answers: HTML.</summary>
    [JsonStringEnumMemberName("html")] Html,

    /// <summary>A JSON content type over something that is not JSON.</summary>
    [JsonStringEnumMemberName("garbage")] Garbage,

    /// <summary>The answer comes, late.</summary>
    [JsonStringEnumMemberName("slow")] Slow,

    /// <summary>The connection breaks before anything was done.</summary>
    [JsonStringEnumMemberName("reset")] Reset,

    /// <summary>Everything is done, then the connection breaks.</summary>
    [JsonStringEnumMemberName("lost-answer")] LostAnswer,

    /// <summary>429 with <c>Retry-After</c>.</summary>
    [JsonStringEnumMemberName("throttle")] Throttle,

    /// <summary>429 that does not say when to come back.</summary>
    [JsonStringEnumMemberName("throttle-silent")] ThrottleSilent,

    /// <summary>The account's owner removes the app: the grant of the token in the request ends.</summary>
    [JsonStringEnumMemberName("token-revoked")] TokenRevoked,

    /// <summary>400 that names the events whose own JSON, or profile, has the text, or the subscribers and catalog rows whose JSON has; nothing of the request is kept.</summary>
    [JsonStringEnumMemberName("refuse")] Refuse,
}
