using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Events.Delivery;
using ZoeyKlaviyo.Core.Klaviyo;

namespace ZoeyKlaviyo.Core.Subscribers.Delivery;

/// <summary>A change on its way, with the payload that carries it.</summary>
/// <param name="Row">As it was when it was taken.</param>
/// <param name="Payload">Null while it is not decided whether anything is sent.</param>
internal sealed record SubscriptionItem(Subscriber Row, Payload? Payload);

/// <summary>What became of a change.</summary>
/// <param name="State">Of its payload.</param>
/// <param name="Error">Klaviyo's words.</param>
/// <param name="IsSent">A request with it may have reached Klaviyo.</param>
internal sealed record SubscriptionFate(
    RecordResult Result, SubscriberOutcome Outcome, PayloadState State, string? Code, string? Error, KlaviyoAnswer? Answer, DateTimeOffset AtUtc,
    bool Outage = false, bool InDoubt = false, bool IsSent = true)
{
    /// <summary>Decided by what Klaviyo knows of the person, without sending anything.</summary>
    public static SubscriptionFate Of(ConsentVerdict verdict, Payload? payload, DateTimeOffset now) => verdict.Decision switch
    {
        ConsentDecision.AlreadySubscribed => Decided(RecordResult.Unchanged, SubscriberOutcome.AlreadySubscribed, SubscriptionReasons.AlreadySubscribed, verdict, now),
        ConsentDecision.OptedOut => Decided(RecordResult.Skipped, SubscriberOutcome.OptedOut, SubscriptionReasons.OptedOut, verdict, now),
        ConsentDecision.Suppressed => Decided(RecordResult.Skipped, SubscriberOutcome.OptedOut, SubscriptionReasons.Suppressed, verdict, now),
        _ when payload is null => new(RecordResult.Failed, SubscriberOutcome.Open, PayloadState.Retry, SubscriptionReasons.Unreadable, verdict.Words, null, now, IsSent: false),
        _ when payload.IsRetry => new(RecordResult.Failed, SubscriberOutcome.Refused, PayloadState.Failed, SubscriptionReasons.Unreadable, verdict.Words, null, now, IsSent: false),
        _ => new(RecordResult.Retry, SubscriberOutcome.Queued, PayloadState.Retry, SubscriptionReasons.Unreadable, verdict.Words, null, now, IsSent: false),
    };

    public static SubscriptionFate HistoricalOff(DateTimeOffset now) =>
        new(RecordResult.Skipped, SubscriberOutcome.HistoricalOff, PayloadState.Skipped, SubscriptionReasons.HistoricalOff, null, null, now, IsSent: false);

    /// <param name="isKlaviyoUp">Whether another endpoint answers; only asked when there was no verdict.</param>
    /// <param name="stop">Not null: the run begins nothing new.</param>
    public static SubscriptionFate Of(SubscriptionItem item, RowAnswer row, bool isKlaviyoUp, out StopReason? stop)
    {
        var (payload, answer) = (item.Payload!, row.Answer);
        stop = null;
        if (answer.Verdict == Verdict.Accepted)
            return new(RecordResult.Sent, Told(item.Row, row.SentUtc), PayloadState.Sent, null, null, answer, row.SentUtc);
        if (answer.Verdict == Verdict.Refused && OfRefusal(item.Row, answer) is var (result, outcome, state, code))
            return new(result, outcome, state, code, answer.Detail, answer, row.SentUtc, IsSent: answer.MayHaveArrived);
        var fate = AnswerRules.Of(payload, answer, isKlaviyoUp);
        stop = fate.Stop;
        return new(
            fate.Result, fate.Result == RecordResult.Failed ? SubscriberOutcome.Refused : SubscriberOutcome.Queued, fate.State,
            ErrorAdvice.CodeOf(answer, isFinal: fate.Result == RecordResult.Failed), answer.Detail, answer, row.SentUtc, fate.Outage, fate.InDoubt, answer.MayHaveArrived);
    }

    private static SubscriptionFate Decided(RecordResult result, SubscriberOutcome outcome, string code, ConsentVerdict verdict, DateTimeOffset now) =>
        new(result, outcome, PayloadState.Skipped, code, verdict.Words, null, now, IsSent: false);

    /// <summary>
    /// Klaviyo works on its jobs in no promised order: an unsubscribe that followed a subscribe closely is sent once more when both have taken effect.
    /// </summary>
    private static SubscriberOutcome Told(Subscriber row, DateTimeOffset now) =>
        row.Status == SubscriberStatus.Subscribed ? SubscriberOutcome.Subscribed
        : now - row.SubscribeSentUtc < SubscriptionTiming.UntilEffect ? SubscriberOutcome.Open
        : SubscriberOutcome.Unsubscribed;

    /// <summary>Null for a refusal that says nothing of the person: it is tried again as any other payload.</summary>
    private static (RecordResult, SubscriberOutcome, PayloadState, string)? OfRefusal(Subscriber row, KlaviyoAnswer answer)
    {
        bool Says(string words) => answer.Errors.Any(error => error.Detail.Contains(words, StringComparison.OrdinalIgnoreCase));
        if (row.Status == SubscriberStatus.Subscribed && Says("before current unsubscription date"))
            return (RecordResult.Skipped, SubscriberOutcome.OptedOut, PayloadState.Skipped, SubscriptionReasons.OptedOutBackdated);
        if (row.Status == SubscriberStatus.Subscribed && Says("after current subscription date"))
            return (RecordResult.Unchanged, SubscriberOutcome.AlreadySubscribed, PayloadState.Skipped, SubscriptionReasons.AlreadyBackdated);
        return answer.Errors.Any(error => error.Pointer?.EndsWith("/attributes/email", StringComparison.Ordinal) == true)
            ? (RecordResult.Failed, SubscriberOutcome.Invalid, PayloadState.Failed, SubscriptionReasons.InvalidAddress)
            : null;
    }
}
