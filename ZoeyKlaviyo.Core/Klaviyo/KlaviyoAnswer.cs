namespace ZoeyKlaviyo.Core.Klaviyo;

/// <summary>What an answer means for the thing that was sent.</summary>
public enum Verdict
{
    /// <summary>202 (or 200 on a read): Klaviyo has it.</summary>
    Accepted,

    /// <summary>400, 409, 413 or 422: Klaviyo will not take this row.</summary>
    Refused,

    /// <summary>Timeout, reset, 5xx or a body that is not Klaviyo's: nobody knows.</summary>
    NoVerdict,

    /// <summary>429 for longer than a run waits.</summary>
    Throttled,

    /// <summary>401 or <c>invalid_grant</c>: a person has to connect again.</summary>
    Unauthorized,

    /// <summary>Klaviyo's own 403, 404, 405, 410 or 415: the request can't work until a person changes something.</summary>
    Misconfigured,
}

/// <summary>One entry of a JSON:API <c>errors</c> array.</summary>
/// <param name="Pointer">Where in the request body, a JSON pointer.</param>
/// <param name="Json">The entry as it was sent.</param>
public sealed record KlaviyoError(string? Code, string? Title, string Detail, string? Pointer, string Json);

/// <param name="Status">The last HTTP status; null when there was none.</param>
/// <param name="Body">The last body; cut to 4,000 characters unless accepted.</param>
/// <param name="MayHaveArrived">A try was sent and got no answer, so Klaviyo may have it although this answer says otherwise.</param>
/// <param name="IsSent">False when no request left at all, for want of a token.</param>
/// <param name="RetryAfter">How long Klaviyo asked to wait, on <see cref="Verdict.Throttled"/>.</param>
public sealed record KlaviyoAnswer(
    Verdict Verdict,
    int? Status,
    string Body,
    IReadOnlyList<KlaviyoError> Errors,
    bool MayHaveArrived = false,
    bool IsSent = true,
    TimeSpan? RetryAfter = null)
{
    internal static KlaviyoAnswer NotSent(Verdict verdict, string reason) => new(verdict, null, reason, [], IsSent: false);

    /// <summary>The part of a refusal that is about one of several rows.</summary>
    internal KlaviyoAnswer Only(IReadOnlyList<KlaviyoError> errors) => this with
    {
        Errors = errors,
        Body = AnswerReader.Cut($"{{\"errors\":[{string.Join(',', errors.Select(error => error.Json))}]}}"),
    };

    /// <summary>Klaviyo's words, or ours when it gave none.</summary>
    public string Detail => Errors.Count > 0 ? string.Join(" ", Errors.Select(error => error.Detail)) : Fallback;

    private string Fallback => Status is null ? Body : $"HTTP {Status} without an explanation";
}
