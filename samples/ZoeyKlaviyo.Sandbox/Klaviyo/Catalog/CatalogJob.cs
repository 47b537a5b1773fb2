using System.Text.Json;
using System.Text.Json.Serialization;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Catalog;

/// <param name="Number">Counts all accounts' jobs from 1.</param>
/// <param name="Rows">How many it has.</param>
/// <param name="DueAt">When it is complete, unless a fault keeps it.</param>
public sealed record CatalogJob(
    long Number, string Account, string Id, CatalogKind Kind, CatalogOperation Operation, int Rows, DateTimeOffset CreatedAt, DateTimeOffset DueAt)
{
    public CatalogJobStatus Status { get; init; }

    public DateTimeOffset? CompletedAt { get; init; }

    public IReadOnlyList<CatalogJobError> Errors { get; init; } = [];

    [JsonIgnore]
    public int Failed => Errors.Count;

    [JsonIgnore]
    public int Completed => Status == CatalogJobStatus.Complete ? Rows - Failed : 0;

    [JsonIgnore]
    public DateTimeOffset ExpiresAt => CreatedAt.AddDays(7);

    /// <summary>An array of rows as they were sent, until they are dealt with.</summary>
    internal JsonElement? Data { get; init; }
}

/// <param name="Pointer">The row, or what is wrong in it.</param>
/// <param name="RowId">The compound id.</param>
public sealed record CatalogJobError(string Code, string Title, string Detail, string Pointer, string RowId);
