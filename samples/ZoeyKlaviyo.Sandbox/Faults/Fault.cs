namespace ZoeyKlaviyo.Sandbox.Faults;

/// <param name="Match">Part of <c>METHOD /path?query</c>.</param>
/// <param name="Status">For <c>status</c> (500), <c>html</c> (503) and <c>garbage</c> (200).</param>
/// <param name="RetryAfter">Seconds: for <c>throttle</c> the header (1), for <c>slow</c> the delay (5).</param>
/// <param name="Times">How many requests it still hits; null: until cleared.</param>
/// <param name="Skip">How many fitting requests pass it by first.</param>
/// <param name="Where">Part of the request's body; for <c>refuse</c> also part of each event that is refused.</param>
public sealed record Fault(
    string Match, FaultKind Kind, int? Status = null, int? RetryAfter = null, int? Times = null, string? Where = null, int? Skip = null)
{
    /// <summary>Given when it is switched on.</summary>
    public int Id { get; init; }
}
