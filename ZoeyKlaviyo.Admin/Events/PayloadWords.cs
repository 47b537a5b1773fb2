using ZoeyKlaviyo.Admin.Shared;
using ZoeyKlaviyo.Core.Events;

namespace ZoeyKlaviyo.Admin.Events;

/// <summary>Payloads in words.</summary>
internal static class PayloadWords
{
    public const string InDoubt =
        "In doubt: it was sent and no answer came, so Klaviyo may have it. It is sent again under the same id, which can't make a second one.";

    /// <summary>The states in the order of their tabs.</summary>
    public static IReadOnlyList<PayloadState> Order { get; } =
    [
        PayloadState.New, PayloadState.Sending, PayloadState.Retry, PayloadState.Failed, PayloadState.Sent, PayloadState.Skipped, PayloadState.Discarded, PayloadState.Superseded,
    ];

    /// <summary>Has a tab even when there is none.</summary>
    public static bool IsCommon(PayloadState state) => state is PayloadState.New or PayloadState.Retry or PayloadState.Failed or PayloadState.Sent;

    public static string State(PayloadState state) => state switch
    {
        PayloadState.New => "Waiting",
        PayloadState.Retry => "Retrying",
        PayloadState.Superseded => "Replaced",
        _ => state.ToString(),
    };

    /// <summary>The state with what is known of its future: <c>Retrying in 3 h 20 min</c>.</summary>
    public static string State(Payload payload, DateTimeOffset now) => payload switch
    {
        { State: PayloadState.Retry, Outage: true } => "Waiting for Klaviyo",
        { State: PayloadState.Retry, NextTryUtc: { } next } when next > now => $"Retrying in {RelativeTime.Duration(next - now)}",
        { State: PayloadState.Retry } => "Retrying with the next run",
        _ => State(payload.State),
    };

    public static Tone ToneOf(Payload payload) => payload.State switch
    {
        PayloadState.Sending => Tone.Busy,
        PayloadState.Sent => Tone.Good,
        PayloadState.Retry => Tone.Warning,
        PayloadState.Failed => Tone.Bad,
        _ => Tone.Neutral,
    };

    public static string Sentence(Payload payload, DateTimeOffset now) => payload switch
    {
        { State: PayloadState.New } => "Waits for the next Events run.",
        { State: PayloadState.Sending } => "Is being sent now.",
        { State: PayloadState.Sent, Attempts: 1 } => "Klaviyo has accepted it.",
        { State: PayloadState.Sent } => $"Klaviyo has accepted it, after {Words.Count(payload.Attempts, "attempt")}.",
        { State: PayloadState.Retry, Outage: true } => "Waiting for Klaviyo: it is sent as soon as Klaviyo answers again.",
        { State: PayloadState.Retry } => $"{State(payload, now)}. If that fails too, it is marked as failed.",
        { State: PayloadState.Failed } => "Failed in its first cycle and in its retry. It stays here until somebody retries or discards it.",
        { State: PayloadState.Skipped } => "There was nothing to send: Klaviyo has them as subscribed already, or they opted out.",
        { State: PayloadState.Discarded } => "Discarded: it is never sent.",
        _ => "A later change of the same address took its place.",
    };
}
