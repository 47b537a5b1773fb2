using System.Text.Json;
using System.Text.Json.Serialization;
using ZoeyKlaviyo.Sandbox.Klaviyo.Accounts;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Events;

/// <summary>An event that was accepted and kept.</summary>
/// <param name="Sequence">Counts arrivals from 1 over all accounts.</param>
/// <param name="Time">When it happened, to the second.</param>
/// <param name="Profile">The profile's attributes as they were sent.</param>
/// <param name="Via"><c>single</c> or <c>bulk</c>: the endpoint it came by.</param>
public sealed record ReceivedEvent(
    long Sequence,
    string Account,
    string Metric,
    string? Email,
    string UniqueId,
    DateTimeOffset Time,
    decimal? Value,
    string? ValueCurrency,
    JsonElement Properties,
    JsonElement Profile,
    bool Backfill,
    string Via,
    DateTimeOffset ReceivedAt)
{
    public string ProfileId { get; init; } = "";

    [JsonIgnore]
    internal string MetricId => StableIds.Short(Account, Metric);

    [JsonIgnore]
    internal string Id => StableIds.Profile(Account, Metric, ProfileId, UniqueId);
}
