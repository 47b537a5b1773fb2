using System.Text.Json.Serialization;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Profiles;

/// <summary>One row of an accepted subscribe or unsubscribe call, and what became of it.</summary>
/// <param name="Sequence">Counts rows from 1 over all accounts.</param>
/// <param name="Job">Counts accepted calls from 1.</param>
/// <param name="Historical">Whether the call had <c>historical_import</c>.</param>
/// <param name="At">When the call came.</param>
/// <param name="DueAt">When it takes effect.</param>
/// <param name="ConsentAtCall">The profile's consent when the call came; null: there was no profile.</param>
/// <param name="SuppressionsAtCall">Why mail to it was suppressed then.</param>
public sealed record SubscriptionEntry(
    long Sequence,
    long Job,
    string Account,
    SubscriptionKind Kind,
    string Email,
    string? ListId,
    bool Historical,
    DateTimeOffset? ConsentedAt,
    string? CustomSource,
    DateTimeOffset At,
    DateTimeOffset DueAt,
    ProfileConsent? ConsentAtCall,
    IReadOnlyList<string> SuppressionsAtCall)
{
    public SubscriptionState State { get; init; } = SubscriptionState.Pending;

    /// <summary>Whether the person had left, or was suppressed, when the call to subscribe them came.</summary>
    public bool HadLeft => Kind == SubscriptionKind.Subscribe && (ConsentAtCall == ProfileConsent.Unsubscribed || SuppressionsAtCall.Count > 0);
}

[JsonConverter(typeof(JsonStringEnumConverter<SubscriptionKind>))]
public enum SubscriptionKind
{
    [JsonStringEnumMemberName("subscribe")] Subscribe,

    [JsonStringEnumMemberName("unsubscribe")] Unsubscribe,
}

[JsonConverter(typeof(JsonStringEnumConverter<SubscriptionState>))]
public enum SubscriptionState
{
    /// <summary>Accepted, without effect yet.</summary>
    [JsonStringEnumMemberName("pending")] Pending,

    [JsonStringEnumMemberName("applied")] Applied,

    /// <summary>A mail asks for a confirmation, which holds for 72 hours.</summary>
    [JsonStringEnumMemberName("awaiting-confirmation")] AwaitingConfirmation,

    [JsonStringEnumMemberName("confirmed")] Confirmed,

    /// <summary>The person left between the historical call and its effect.</summary>
    [JsonStringEnumMemberName("overtaken")] Overtaken,
}
