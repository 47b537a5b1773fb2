using System.Text.Json;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Catalog;

/// <summary>A row of a job that passed the contract.</summary>
internal sealed class CatalogRow
{
    private readonly string _pointer;

    public CatalogRow(CatalogJob job, JsonElement row, int index)
    {
        (Kind, IsCreate) = (job.Kind, job.Operation == CatalogOperation.Create);
        _pointer = $"/data/attributes/{Kind.Plural()}/data/{index}";
        var attributes = row.TryGetProperty("attributes", out var given) ? given : default;
        Attributes = new(attributes);
        CompoundId = IsCreate ? CatalogNames.Compound(attributes.GetProperty("external_id").GetString()!) : row.GetProperty("id").GetString()!;
        Related = [.. ReadRelated(row, Kind == CatalogKind.Variant ? "item" : RelatedKind.Plural())];
    }

    public CatalogKind Kind { get; }

    public bool IsCreate { get; }

    public CatalogAttributes Attributes { get; }

    public string CompoundId { get; }

    /// <summary>The external id; null: what was given is none of the API's.</summary>
    public string? Id => CatalogNames.External(CompoundId);

    public string LabelName => Kind == CatalogKind.Category ? "name" : "title";

    /// <summary>A variant's one item, an item's categories, a category's items: compound ids and where they stand in the row.</summary>
    public IReadOnlyList<(string Compound, string Pointer)> Related { get; }

    public CatalogKind RelatedKind => Kind == CatalogKind.Item ? CatalogKind.Category : CatalogKind.Item;

    /// <summary>External ones.</summary>
    public IReadOnlyList<string> RelatedIds => [.. Related.Select(one => CatalogNames.External(one.Compound)!)];

    public CatalogJobError Missing(CatalogKind kind, string compound, string pointer) => Refuse("not_found", "Not found.", CatalogNames.Missing(kind, compound), pointer);

    public CatalogJobError Refuse(string code, string title, string detail, string pointer) => new(code, title, detail, _pointer + pointer, CompoundId);

    private static IEnumerable<(string Compound, string Pointer)> ReadRelated(JsonElement row, string name)
    {
        if (!row.TryGetProperty("relationships", out var all) || !all.TryGetProperty(name, out var relationship) || !relationship.TryGetProperty("data", out var data))
            return [];
        var pointer = $"/relationships/{name}/data";
        return data.ValueKind == JsonValueKind.Array
            ? data.EnumerateArray().Select((one, index) => (one.GetProperty("id").GetString()!, $"{pointer}/{index}/id"))
            : [(data.GetProperty("id").GetString()!, pointer + "/id")];
    }
}
