using System.Text.Json.Serialization;

namespace ZoeyKlaviyo.Sandbox.Zoey.Faults;

/// <param name="Path">Part of the path with its query, such as <c>orders</c>; null: every request.</param>
/// <param name="Times">How many requests it still hits; null: until cleared.</param>
/// <param name="Status">For <c>status</c> (500) and <c>redirect</c> (308).</param>
/// <param name="RetryAfter">Seconds: the header of <c>throttle</c> (1) and <c>html503</c> (none), the delay of <c>slow</c> (5).</param>
/// <param name="Skip">How many fitting requests pass it by first: 2 hits a list's third page.</param>
public sealed record StoreFault(StoreFaultKind Kind, string? Path = null, int? Times = null, int? Status = null, int? RetryAfter = null, int? Skip = null);

[JsonConverter(typeof(JsonStringEnumConverter<StoreFaultKind>))]
public enum StoreFaultKind
{
    /// <summary>An error in the store's form.</summary>
    [JsonStringEnumMemberName("status")] Status,

    /// <summary>Cloudflare's page for a blocked caller.</summary>
    [JsonStringEnumMemberName("html403")] Html403,

    /// <summary>Cloudflare's page for a store that does not answer.</summary>
    [JsonStringEnumMemberName("html503")] Html503,

    /// <summary>429 with <c>Retry-After</c>.</summary>
    [JsonStringEnumMemberName("throttle")] Throttle,

    /// <summary>200 with a JSON content type over a body that ends in its middle.</summary>
    [JsonStringEnumMemberName("garbage")] Garbage,

    /// <summary>The answer comes, late.</summary>
    [JsonStringEnumMemberName("slow")] Slow,

    /// <summary>The connection breaks.</summary>
    [JsonStringEnumMemberName("reset")] Reset,

    /// <summary>204.</summary>
    [JsonStringEnumMemberName("no-content")] NoContent,

    /// <summary>200 with text.</summary>
    [JsonStringEnumMemberName("non-json")] NonJson,

    /// <summary>200 with a list that has nothing.</summary>
    [JsonStringEnumMemberName("empty")] Empty,

    /// <summary>On to https at the same address.</summary>
    [JsonStringEnumMemberName("redirect")] Redirect,

    /// <summary>401 <c>oauth_problem=nonce_used</c>.</summary>
    [JsonStringEnumMemberName("nonce")] Nonce,
}
