using System.Text.Json;

namespace ZoeyKlaviyo.Core.Klaviyo.Wire;

/// <summary>Cursor paging: <c>links.next</c> is a whole address, to be followed as it is.</summary>
internal static class PageLink
{
    /// <summary>From the host on, as a token must not go to a host that an answer names; null on the last page.</summary>
    /// <exception cref="FormatException">There is a link, and it is none.</exception>
    public static string? Next(JsonElement document)
    {
        if (!document.TryGetProperty("links", out var links) || links.ValueKind != JsonValueKind.Object
            || !links.TryGetProperty("next", out var next) || next.ValueKind == JsonValueKind.Null)
            return null;
        return Uri.TryCreate(next.GetString(), UriKind.Absolute, out var address) && address.AbsolutePath.StartsWith("/api/", StringComparison.Ordinal)
            ? address.PathAndQuery
            : throw new FormatException("links.next is no address of the API.");
    }
}
