using System.Text.Json;
using ZoeyKlaviyo.Sandbox.Klaviyo.Api;
using ZoeyKlaviyo.Sandbox.Klaviyo.Contract;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Catalog;

/// <summary>What is refused of a job beyond the contract's types, whatever the catalog holds. One bad row refuses the job.</summary>
internal static class CatalogRules
{
    public const int MaxRows = 100;

    private static readonly string[] s_texts = ["external_id", "title", "description", "name", "sku"];
    private static readonly string[] s_urls = ["url", "image_full_url", "image_thumbnail_url"];

    public static JsonElement Rows(ApiCall call, CatalogKind kind) => Member(Member(Member(Member(call.Body, "data"), "attributes"), kind.Plural()), "data");

    public static IEnumerable<ContractViolation> Check(ApiCall call, CatalogKind kind, CatalogOperation operation)
    {
        var pointer = $"/data/attributes/{kind.Plural()}/data";
        var rows = Rows(call, kind);
        if (rows.ValueKind != JsonValueKind.Array)
            return [];
        if (rows.GetArrayLength() is 0 or > MaxRows)
            return [new(pointer, $"From 1 to {MaxRows} {kind.Plural()} may be sent in one request.")];
        return rows.EnumerateArray().SelectMany((row, index) => Check(call, operation, row, $"{pointer}/{index}"));
    }

    private static IEnumerable<ContractViolation> Check(ApiCall call, CatalogOperation operation, JsonElement row, string pointer)
    {
        if (call.Refusal is { } fault && (fault.Where is null || row.GetRawText().Contains(fault.Where, StringComparison.Ordinal)))
            yield return new(pointer + "/attributes", "A fault is switched on.");
        if (operation != CatalogOperation.Create && IsBlank(Member(row, "id")))
            yield return new(pointer + "/id", "'id' may not be blank.");
        var attributes = Member(row, "attributes");
        foreach (var name in s_texts.Where(name => IsBlank(Member(attributes, name))))
            yield return new($"{pointer}/attributes/{name}", $"'{name}' may not be blank.");
        foreach (var name in s_urls.Where(name => IsNoUrl(Member(attributes, name))))
            yield return new($"{pointer}/attributes/{name}", $"'{name}' must be a complete URL.");
    }

    private static bool IsBlank(JsonElement value) => value.ValueKind == JsonValueKind.String && string.IsNullOrWhiteSpace(value.GetString());

    private static bool IsNoUrl(JsonElement value) => value.ValueKind == JsonValueKind.String
        && !(Uri.TryCreate(value.GetString(), UriKind.Absolute, out var url) && url.Scheme is "http" or "https");

    /// <summary>Of no kind where it is missing, or not of an object.</summary>
    private static JsonElement Member(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member) ? member : default;
}
