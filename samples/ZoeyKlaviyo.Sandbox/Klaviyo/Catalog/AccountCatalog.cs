namespace ZoeyKlaviyo.Sandbox.Klaviyo.Catalog;

/// <summary>One account's categories, items and variants, and how they hang together. Not safe for threads.</summary>
internal sealed class AccountCatalog
{
    private readonly Dictionary<string, HashSet<string>> _itemsOf = [];
    private readonly Dictionary<string, HashSet<string>> _variantsOf = [];

    public CatalogShelf<CatalogCategory> Categories { get; } = new();

    public CatalogShelf<CatalogItem> Items { get; } = new();

    public CatalogShelf<CatalogVariant> Variants { get; } = new();

    public IReadOnlyCollection<string> ItemsOf(string category) => _itemsOf.GetValueOrDefault(category) ?? [];

    public IReadOnlyCollection<string> VariantsOf(string item) => _variantsOf.GetValueOrDefault(item) ?? [];

    public bool Has(CatalogKind kind, string? id) => kind switch
    {
        CatalogKind.Category => Categories.Find(id) is not null,
        CatalogKind.Item => Items.Find(id) is not null,
        _ => Variants.Find(id) is not null,
    };

    public void Set(CatalogItem item)
    {
        var before = Items.Find(item.Id)?.Categories ?? [];
        foreach (var category in before.Except(item.Categories))
            Remove(_itemsOf, category, item.Id);
        foreach (var category in item.Categories.Except(before))
            Add(_itemsOf, category, item.Id);
        Items.Set(item);
    }

    public void Set(CatalogVariant variant)
    {
        Add(_variantsOf, variant.Item, variant.Id);
        Variants.Set(variant);
    }

    public void Remove(CatalogKind kind, string id)
    {
        if (kind == CatalogKind.Category)
            RemoveCategory(id);
        else if (kind == CatalogKind.Item)
            RemoveItem(id);
        else if (Variants.Find(id) is { } variant)
            RemoveVariant(variant);
    }

    /// <summary>Its items stay.</summary>
    private void RemoveCategory(string id)
    {
        foreach (var item in ItemsOf(id).Select(Items.Find).OfType<CatalogItem>().ToList())
            Set(item with { Categories = [.. item.Categories.Where(category => category != id)] });
        Categories.Remove(id);
    }

    /// <summary>With its variants.</summary>
    private void RemoveItem(string id)
    {
        if (Items.Find(id) is not { } item)
            return;
        foreach (var variant in VariantsOf(id).Select(Variants.Find).OfType<CatalogVariant>().ToList())
            RemoveVariant(variant);
        Set(item with { Categories = [] });
        Items.Remove(id);
    }

    private void RemoveVariant(CatalogVariant variant)
    {
        Remove(_variantsOf, variant.Item, variant.Id);
        Variants.Remove(variant.Id);
    }

    private static void Add(Dictionary<string, HashSet<string>> index, string key, string id)
    {
        if (!index.TryGetValue(key, out var ids))
            index[key] = ids = [];
        ids.Add(id);
    }

    private static void Remove(Dictionary<string, HashSet<string>> index, string key, string id)
    {
        if (index.TryGetValue(key, out var ids) && ids.Remove(id) && ids.Count == 0)
            index.Remove(key);
    }
}
