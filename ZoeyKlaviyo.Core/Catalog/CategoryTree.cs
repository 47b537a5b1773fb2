using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Catalog;

/// <summary>The categories as shoppers see them. Roots are none of them: neither the invisible one nor a shop's own (as in Magento 1).</summary>
internal sealed class CategoryTree
{
    /// <summary>The invisible root of every tree; its children are the roots of the store's shops.</summary>
    private const string TreeRootId = "1";

    private const int MaxNameBytes = 500;
    private const int MaxBreadcrumbBytes = 1000;
    private const int MaxDepth = 20;
    private readonly Dictionary<string, (string? ParentId, string Name)> _visible;

    public CategoryTree(IReadOnlyList<ZoeyCategory> categories)
    {
        var parents = categories.Select(category => category.ParentId).OfType<string>().ToHashSet();
        _visible = categories
            .Where(category => category.Id != TreeRootId && category.ParentId != TreeRootId && !(category.ParentId is null && parents.Contains(category.Id)))
            .Select(category => (category.Id, category.ParentId, Name: KlaviyoText.Clean(category.Name, MaxNameBytes)))
            .Where(category => category.Name is not null)
            .DistinctBy(category => category.Id)
            .ToDictionary(category => category.Id, category => (category.ParentId, category.Name!));
    }

    public IReadOnlyCollection<string> Ids => _visible.Keys;

    public IReadOnlyDictionary<string, string> Names => _visible.ToDictionary(pair => pair.Key, pair => pair.Value.Name);

    /// <summary>Klaviyo has no trees, so a name tells the way: <c>Hand tools &gt; Hammers</c>.</summary>
    public string Breadcrumb(string id)
    {
        var names = new Stack<string>();
        // A tree that is none must not go round for ever.
        for (string? at = id; at is not null && names.Count < MaxDepth && _visible.TryGetValue(at, out var category); at = category.ParentId)
            names.Push(category.Name);
        return KlaviyoText.Clean(string.Join(" > ", names), MaxBreadcrumbBytes)!;
    }
}
