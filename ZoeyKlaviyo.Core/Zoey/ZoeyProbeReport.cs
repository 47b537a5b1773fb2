using System.Text.Json;
using System.Text.Json.Serialization;

namespace ZoeyKlaviyo.Core.Zoey;

public enum ZoeyAvailability
{
    Available,
    NotPermitted,

    /// <summary>The store has no such resource.</summary>
    NotThere,
    Blocked,
    Credentials,

    /// <summary>The store does not answer, or not in a way that can be read.</summary>
    Unavailable,

    /// <summary>What went wrong before would have gone wrong here too.</summary>
    NotTested,
}

/// <param name="Message">What it means and what to do, for the merchant.</param>
public sealed record ZoeyProbedResource(string Name, string Path, ZoeyAvailability Availability, string Message);

/// <summary>What a store's API can be used for, as found by asking it.</summary>
/// <param name="Verdict">In one sentence.</param>
/// <param name="OrdersHaveLines">Null when that is not known, as without any order.</param>
/// <param name="OrdersFilterByTime">Whether new orders can be asked for; null when that is not known.</param>
public sealed record ZoeyProbeReport(
    bool IsUsable, string Verdict, IReadOnlyList<ZoeyProbedResource> Resources, bool? OrdersHaveLines, bool? OrdersFilterByTime)
{
    private static readonly JsonSerializerOptions s_json = new() { Converters = { new JsonStringEnumConverter() } };

    internal string ToJson() => JsonSerializer.Serialize(this, s_json);

    internal static ZoeyProbeReport? FromJson(string? json)
    {
        try
        {
            return json is null ? null : JsonSerializer.Deserialize<ZoeyProbeReport>(json, s_json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
