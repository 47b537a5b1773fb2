using ZoeyKlaviyo.Sandbox.Faults;

namespace ZoeyKlaviyo.Sandbox.Inspection;

/// <param name="Path">With the query.</param>
/// <param name="Status">What was or would have been answered; 0 when the connection broke before an answer.</param>
/// <param name="Fault">The switched-on fault that hit it.</param>
public sealed record RecordedRequest(string Method, string Path, int Status, DateTimeOffset At, string Body, FaultKind? Fault);
