using System.Globalization;
using System.Text.Json.Nodes;

namespace ZoeyKlaviyo.Sandbox.Zoey.Catalog;

/// <summary>The catalog at one moment. A product is made when it is asked for.</summary>
internal sealed class CatalogView(
    ICatalogSource source, IReadOnlyDictionary<string, JsonObject?> changes, IReadOnlyDictionary<string, JsonObject?> categoryChanges, StoreQuirks quirks)
{
    private readonly Dictionary<long, JsonObject?> _changes =
        changes.ToDictionary(pair => long.Parse(pair.Key, CultureInfo.InvariantCulture), pair => pair.Value);

    private readonly Lazy<Dictionary<string, StoreCategory>> _categories = new(() => Merge(source.Categories, categoryChanges));

    /// <summary>By ascending ids.</summary>
    public IEnumerable<StoreCategory> Categories => _categories.Value.Values.OrderBy(category => long.Parse(category.Id, CultureInfo.InvariantCulture));

    public StoreCategory? FindCategory(string id) => _categories.Value.GetValueOrDefault(id);

    /// <summary>Of all products, ascending.</summary>
    public IReadOnlyList<long> Ids => Merge(source.Ids, _ => true);

    /// <summary>Ascending.</summary>
    public IReadOnlyList<long> IdsIn(string categoryId) => Merge(source.IdsIn(categoryId), product => product.CategoryIds.Contains(categoryId));

    public StoreProduct? Find(string id) => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Find(number) : null;

    public StoreProduct? Find(long id)
    {
        var isChanged = _changes.TryGetValue(id, out var change);
        var own = isChanged && change is null ? null : source.Find(id) ?? (isChanged ? StoreProduct.New(id.ToString(CultureInfo.InvariantCulture)) : null);
        if (own is null)
            return null;
        if (quirks.ParentId && own.ParentId is not null)
            own.Attributes["parent_id"] = quirks.ParentSku ? own.ParentSku : own.ParentId;
        var product = change is null ? own : own.With(change);
        if (quirks.UpdatedAt)
            product.Attributes.TryAdd("updated_at", "2024-01-02 03:04:05");
        return categoryChanges.Count == 0 ? product : product with { CategoryIds = [.. product.CategoryIds.Where(_categories.Value.ContainsKey)] };
    }

    private IReadOnlyList<long> Merge(IReadOnlyList<long> own, Func<StoreProduct, bool> isWanted) => _changes.Count == 0 ? own
        : [.. own.Where(id => !_changes.ContainsKey(id)).Concat(_changes.Keys.Where(id => Find(id) is { } product && isWanted(product))).Order()];

    private static Dictionary<string, StoreCategory> Merge(IReadOnlyList<StoreCategory> own, IReadOnlyDictionary<string, JsonObject?> changes)
    {
        var merged = own.ToDictionary(category => category.Id);
        foreach (var (id, change) in changes)
        {
            if (change is null)
                merged.Remove(id);
            else
                merged[id] = (merged.GetValueOrDefault(id) ?? StoreCategory.New(id)).With(change);
        }
        return merged;
    }
}
