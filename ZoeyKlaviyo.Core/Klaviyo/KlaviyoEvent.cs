namespace ZoeyKlaviyo.Core.Klaviyo;

/// <summary>An event as Klaviyo takes it.</summary>
/// <param name="Email">The whole profile.</param>
/// <param name="UniqueId">1–255 characters; a second event with the same metric, profile and id is ignored by Klaviyo.</param>
/// <param name="Properties">A JSON object.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Backfill">Recorded, but starts no flow.</param>
public sealed record KlaviyoEvent(
    string Metric,
    string Email,
    string UniqueId,
    DateTimeOffset OccurredUtc,
    string Properties,
    decimal? Value,
    string? Currency,
    bool Backfill)
{
    /// <summary>The request body as text, for people who want to see what was sent.</summary>
    public string ToRequestBody() => Wire.EventBody.WriteText(this);
}
