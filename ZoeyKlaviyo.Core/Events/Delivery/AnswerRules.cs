using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Klaviyo;

namespace ZoeyKlaviyo.Core.Events.Delivery;

/// <summary>Why a run ends before its work is done.</summary>
internal enum StopReason
{
    Unavailable,
    Waiting,
    NeedsAttention,
    Configuration,

    /// <summary>Klaviyo answers, but not what consent people have given.</summary>
    ConsentUnread,

    /// <summary>There is no token to send with, or not for this account.</summary>
    NoAccess,
}

/// <summary>What an answer does to its payload.</summary>
/// <param name="Stop">Not null: the run begins nothing new.</param>
internal sealed record Fate(RecordResult Result, PayloadState State, bool Outage, bool InDoubt, StopReason? Stop);

/// <summary>The table of answers: what each of Klaviyo's answers makes of a payload, and of the run.</summary>
internal static class AnswerRules
{
    /// <param name="isKlaviyoUp">Whether another endpoint answers; only asked when there was no verdict.</param>
    public static Fate Of(Payload payload, KlaviyoAnswer answer, bool isKlaviyoUp)
    {
        var inDoubt = payload.InDoubt || answer.MayHaveArrived;
        return answer.Verdict switch
        {
            Verdict.Accepted => new Fate(RecordResult.Sent, PayloadState.Sent, false, false, null),
            Verdict.Refused => Refused(payload, inDoubt),
            // It waited out an outage and has not been judged yet: the retry cycle decides.
            Verdict.NoVerdict when isKlaviyoUp && payload.Outage => new Fate(RecordResult.Retry, PayloadState.Retry, false, inDoubt, null),
            // Klaviyo answers others, so it is this payload that gets no answer: three tries alone are a refusal.
            Verdict.NoVerdict when isKlaviyoUp => Refused(payload, inDoubt),
            _ => new Fate(RecordResult.Retry, PayloadState.Retry, true, inDoubt, StopOf(answer.Verdict)),
        };
    }

    /// <summary>Why a run stops whose request could not even be sent.</summary>
    public static StopReason WhyNotSent(KlaviyoAnswer answer) =>
        answer.Verdict == Verdict.Misconfigured ? StopReason.NoAccess : StopOf(answer.Verdict);

    public static string Sentence(StopReason stop, KlaviyoAnswer answer) => stop switch
    {
        StopReason.Unavailable => "Klaviyo unavailable: it gave no usable answer. What waits is sent as soon as it answers again.",
        StopReason.Waiting => "Waiting for Klaviyo: it asked us to slow down for more than a minute. What waits is sent in the next run.",
        StopReason.NeedsAttention => $"Needs attention: {answer.Detail}",
        StopReason.Configuration => $"Configuration: Klaviyo refused every request like this. {answer.Detail}",
        StopReason.ConsentUnread => "Klaviyo does not say who has opted out, so nobody is subscribed. What waits is sent in the next run.",
        StopReason.NoAccess => answer.Detail,
        _ => throw new ArgumentOutOfRangeException(nameof(stop), stop, null),
    };

    private static Fate Refused(Payload payload, bool inDoubt) => payload.IsRetry
        ? new Fate(RecordResult.Failed, PayloadState.Failed, false, inDoubt, null)
        : new Fate(RecordResult.Retry, PayloadState.Retry, false, inDoubt, null);

    public static StopReason StopOf(Verdict verdict) => verdict switch
    {
        Verdict.NoVerdict => StopReason.Unavailable,
        Verdict.Throttled => StopReason.Waiting,
        Verdict.Unauthorized => StopReason.NeedsAttention,
        Verdict.Misconfigured => StopReason.Configuration,
        _ => throw new ArgumentOutOfRangeException(nameof(verdict), verdict, null),
    };
}
