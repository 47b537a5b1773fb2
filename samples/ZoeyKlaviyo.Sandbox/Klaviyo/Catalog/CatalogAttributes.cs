using System.Text.Json;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Catalog;

/// <summary>A row's attributes over what was there: one that is not given leaves it, null empties it where it may be empty.</summary>
internal readonly struct CatalogAttributes(JsonElement attributes)
{
    public string Text(string name, string before) => Find(name) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : before;

    public string? TextOrNull(string name, string? before) => Find(name) is { } value ? value.GetString() : before;

    public decimal? Number(string name, decimal? before) =>
        Find(name) is not { } value ? before : value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) ? number : null;

    public int Integer(string name, int before) => Find(name) is { ValueKind: JsonValueKind.Number } value ? value.GetInt32() : before;

    public bool Flag(string name, bool before) => Find(name) is { ValueKind: not JsonValueKind.Null } value ? value.GetBoolean() : before;

    public IReadOnlyList<string> Texts(string name, IReadOnlyList<string> before) => Find(name) switch
    {
        null => before,
        { ValueKind: JsonValueKind.Array } texts => [.. texts.EnumerateArray().Select(text => text.GetString()!)],
        _ => [],
    };

    public string? Json(string name, string? before) =>
        Find(name) is not { } value ? before : value.ValueKind == JsonValueKind.Null ? null : value.GetRawText();

    private JsonElement? Find(string name) => attributes.ValueKind == JsonValueKind.Object && attributes.TryGetProperty(name, out var value) ? value : null;
}
