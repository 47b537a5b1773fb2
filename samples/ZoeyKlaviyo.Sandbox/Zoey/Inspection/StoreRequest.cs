using ZoeyKlaviyo.Sandbox.Zoey.Faults;

namespace ZoeyKlaviyo.Sandbox.Zoey.Inspection;

/// <param name="Path">With the query, as it was sent.</param>
/// <param name="Status">0 when the connection broke before an answer.</param>
/// <param name="Scheme">Of the Authorization header, such as <c>OAuth</c>; null without one.</param>
/// <param name="Fault">The switched-on fault that hit it.</param>
public sealed record StoreRequest(
    string Method, string Path, int Status, DateTimeOffset At, string? Scheme, string? UserAgent, StoreFaultKind? Fault);
