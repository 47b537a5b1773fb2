using System.Diagnostics.Metrics;

namespace ZoeyKlaviyo.Core.Events.Intake;

/// <summary>Counts what arrived and what became of it, for the operator's monitoring.</summary>
public sealed class IntakeMetrics
{
    public const string MeterName = "ZoeyKlaviyo";
    private readonly Counter<long> _events;

    public IntakeMetrics(IMeterFactory meters) =>
        _events = meters.Create(MeterName).CreateCounter<long>(
            "zoeyklaviyo.collect.events", "{event}", "Events from browsers, by outcome (accepted, ignored, rejected) and reason");

    internal void Count(CollectAnswer answer)
    {
        if (answer.Accepted > 0)
            _events.Add(answer.Accepted, new KeyValuePair<string, object?>("outcome", "accepted"));
        foreach (var (_, reason) in answer.Ignored)
            _events.Add(1, new("outcome", "ignored"), new("reason", reason));
        if (answer.Rejected.Count > 0)
            _events.Add(answer.Rejected.Count, new KeyValuePair<string, object?>("outcome", "rejected"));
    }
}
