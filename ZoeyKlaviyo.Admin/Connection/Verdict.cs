using ZoeyKlaviyo.Admin.Shared;
using ZoeyKlaviyo.Core.Scheduling;

namespace ZoeyKlaviyo.Admin.Connection;

/// <summary>Whether the integration works, in the words of its state chip.</summary>
public sealed record Verdict(string State, Tone Tone)
{
    public static Verdict Of(StoreCondition condition) => condition switch
    {
        StoreCondition.NotConnected => new("Not connected", Tone.Neutral),
        StoreCondition.Off => new("Off", Tone.Neutral),
        StoreCondition.NeedsAttention => new("Needs attention", Tone.Warning),
        StoreCondition.Working => new("Working", Tone.Good),
        _ => throw new ArgumentOutOfRangeException(nameof(condition), condition, null),
    };
}
