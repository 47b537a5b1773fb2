using System.Text.Json;
using System.Text.RegularExpressions;

namespace ZoeyKlaviyo.Core.Klaviyo.Wire;

/// <summary>Which rows of a catalog job an error is about.</summary>
internal static partial class CatalogErrorBody
{
    public static CatalogJobError Read(KlaviyoError error)
    {
        using var document = JsonDocument.Parse(error.Json);
        return Read(document.RootElement);
    }

    /// <summary>An error's own member says so, or else its words quote an id.</summary>
    public static CatalogJobError Read(JsonElement error)
    {
        var read = ErrorBody.Read(error);
        var named = error.TryGetProperty("meta", out var meta) && meta.ValueKind == JsonValueKind.Object && meta.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String
            ? ExternalId(id.GetString()!) : null;
        var quoted = QuotedId().Matches(read.Detail).Select(match => match.Groups[1].Value).Distinct().ToList();
        var own = named ?? (CatalogBody.RowOf(read.Pointer) is null && quoted.Count == 1 ? quoted[0] : null);
        return new CatalogJobError(own, quoted.Find(other => other != own), read);
    }

    private static string? ExternalId(string id) => id.StartsWith(CatalogBody.IdPrefix, StringComparison.Ordinal) ? id[CatalogBody.IdPrefix.Length..] : null;

    /// <summary>Our id as far as words quote it.</summary>
    [GeneratedRegex(@"\$custom:::\$default:::([^\s`'"",]+)")]
    private static partial Regex QuotedId();
}
