using System.Text.Json;

namespace ZoeyKlaviyo.Core.Zoey.Wire;

internal static class CatalogReader
{
    public static ZoeyProduct Product(ZoeyRecord record, string parentAttribute) => new(
        record.Id,
        WireJson.Text(record.Json, "sku"),
        WireJson.Text(record.Json, "name"),
        WireJson.Text(record.Json, "type_id"),
        WireJson.Id(record.Json, parentAttribute),
        UrlKey(WireJson.Text(record.Json, "url_key")),
        Brand(record.Json));

    /// <summary>What can't be read of it is null.</summary>
    public static ZoeyCatalogProduct CatalogProduct(JsonElement json, string id, string parentAttribute) => new(
        id,
        WireJson.Text(json, "sku"),
        WireJson.Text(json, "name"),
        WireJson.Text(json, "type_id"),
        WireJson.Text(json, "status") == "1",
        WireJson.Text(json, "visibility") != "1",
        WireJson.TryNumber(json, "price"),
        WireJson.TryNumber(json, "special_price"),
        WireJson.Date(json, "special_from_date"),
        WireJson.Date(json, "special_to_date"),
        UrlKey(WireJson.Text(json, "url_key")),
        WireJson.Text(json, "description", "short_description"),
        WireJson.Id(json, parentAttribute) is { } parent && parent != id ? parent : null);

    /// <summary>Null when it does not say which product it is of.</summary>
    public static ZoeyStock? Stock(JsonElement json) => WireJson.Id(json, "product_id") is not { } productId ? null : new(
        productId,
        WireJson.TryNumber(json, "qty") ?? 0,
        WireJson.Flag(json, "is_in_stock"),
        WireJson.Text(json, "manage_stock") is null || WireJson.Flag(json, "manage_stock"),
        WireJson.Text(json, "backorders") == "2" || WireJson.Flag(json, "backorders"));

    /// <summary>A category and those below it. Without a name: the list held no more than the id.</summary>
    public static IEnumerable<(string Id, string? ParentId, string? Name)> Categories(ZoeyRecord record, ZoeyResource resource, string? above = null)
    {
        if (record.Json.ValueKind != JsonValueKind.Object)
        {
            var text = WireJson.Scalar(record.Json);
            // A bare id, or a map of names by id.
            return text is null ? [] : record.Id == WireJson.RawText(record.Json) || text.All(char.IsAsciiDigit) ? [(text, above, null)] : [(record.Id, above, text)];
        }

        var own = (record.Id, WireJson.Id(record.Json, "parent_id") ?? above, WireJson.Text(record.Json, "name"));
        var below = record.Json.Member("children") is { ValueKind: JsonValueKind.Array or JsonValueKind.Object } children
            ? ZoeyPager.Records(children, resource).SelectMany(child => Categories(child, resource, record.Id))
            : [];
        return [own, .. below];
    }

    /// <summary>Of the pictures that are not hidden the one that is called the main one; where the store tells no types, the first.</summary>
    public static string? MainImage(JsonElement images)
    {
        var visible = WireJson.Items(images, ["url"]).Select(item => item.Value)
            .Where(image => image.ValueKind == JsonValueKind.Object && !WireJson.Flag(image, "exclude") && WireJson.Text(image, "url") is not null)
            .ToList();
        var main = visible.Where(image => Types(image).Contains("image", StringComparer.OrdinalIgnoreCase));
        var first = visible.Where(_ => visible.All(image => image.Member("types") is null)).OrderBy(Position);
        return main.Concat(first).Select(image => WireJson.Text(image, "url")).FirstOrDefault();
    }

    public static IReadOnlyList<string> CategoryIds(JsonElement list) =>
    [
        .. WireJson.Items(list, ["category_id"])
            .Select(item => item.Value.ValueKind == JsonValueKind.Object ? WireJson.Id(item.Value, "category_id", "id") ?? item.Key : WireJson.Scalar(item.Value))
            .OfType<string>().Distinct(),
    ];

    private static IEnumerable<string> Types(JsonElement image) => image.Member("types") is not { } types ? []
        : types.ValueKind is JsonValueKind.Array or JsonValueKind.Object ? WireJson.Items(types, []).Select(item => WireJson.Scalar(item.Value)).OfType<string>()
        : WireJson.Scalar(types)?.Split(',', StringSplitOptions.TrimEntries) ?? [];

    private static long Position(JsonElement image) => long.TryParse(WireJson.Text(image, "position"), out var position) ? position : long.MaxValue;

    private static string? UrlKey(string? key) => key?.EndsWith(".html", StringComparison.OrdinalIgnoreCase) == true ? key[..^".html".Length] : key;

    /// <summary>A dropdown's value is an option's id, which nobody can read.</summary>
    private static string? Brand(JsonElement product) =>
        WireJson.Text(product, "brand", "manufacturer") is { } brand && !brand.All(letter => char.IsAsciiDigit(letter) || letter == ',') ? brand : null;
}
