namespace ZoeyKlaviyo.Sandbox.Faults;

/// <summary>The kinds as they are written in JSON, and what they do.</summary>
internal static class FaultWords
{
    public static IReadOnlyList<(FaultKind Kind, string Name, string Meaning)> Kinds { get; } =
    [
        (FaultKind.Status, "status", "an error in Klaviyo's form, 500 or the given status"),
        (FaultKind.Html, "html", "an HTML page, 503 or the given status"),
        (FaultKind.Garbage, "garbage", "not JSON, 200 or the given status"),
        (FaultKind.Slow, "slow", "done, answered 5 or the given seconds late"),
        (FaultKind.Reset, "reset", "connection broken, nothing done"),
        (FaultKind.LostAnswer, "lost-answer", "done, then connection broken"),
        (FaultKind.Throttle, "throttle", "429, Retry-After 1 or the given seconds"),
        (FaultKind.ThrottleSilent, "throttle-silent", "429 without Retry-After"),
        (FaultKind.TokenRevoked, "token-revoked", "the app is removed from the account"),
        (FaultKind.Refuse, "refuse", "400 that names the events, subscribers or catalog rows with the text"),
    ];

    public static IReadOnlyDictionary<string, string> Members { get; } = new Dictionary<string, string>
    {
        ["match"] = "part of \"METHOD /path?query\"; required",
        ["kind"] = "required; see kinds",
        ["status"] = "for status, html and garbage",
        ["retryAfter"] = "seconds, for throttle and slow",
        ["times"] = "how many requests it hits; without it, until it is removed",
        ["skip"] = "how many fitting requests pass first: 2 fails the third",
        ["where"] = "part of the request's body; for refuse also of each event that is named, or of its profile",
    };

    public static string Name(FaultKind kind) => Kinds.Single(one => one.Kind == kind).Name;

    public static string Describe(Fault fault) => fault.Kind switch
    {
        FaultKind.Status => $"error {fault.Status ?? 500}",
        FaultKind.Html => $"an HTML page with status {fault.Status ?? 503}",
        FaultKind.Garbage => $"an answer that is not JSON with status {fault.Status ?? 200}",
        FaultKind.Slow => $"answered {fault.RetryAfter ?? 5} seconds late",
        FaultKind.Throttle => $"throttled, retry after {fault.RetryAfter ?? 1} seconds",
        FaultKind.ThrottleSilent => "throttled, without Retry-After",
        FaultKind.Refuse => fault.Where is null ? "every event is refused" : "events with the text are refused",
        _ => Kinds.Single(one => one.Kind == fault.Kind).Meaning,
    };
}
