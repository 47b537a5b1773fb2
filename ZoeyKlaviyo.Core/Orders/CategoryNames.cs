using System.Collections.Concurrent;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Orders;

/// <summary>The names of the categories that a product is in, as shoppers see them; a store's tree is kept for a day.</summary>
public sealed class CategoryNames(IZoeyClient zoey, TimeProvider time)
{
    /// <summary>The invisible root of every tree; its children are the roots of the store's shops (as in Magento 1).</summary>
    private const string TreeRootId = "1";

    private const int MaxNames = 100;
    private const int MaxNameBytes = 500;
    private static readonly TimeSpan s_maxAge = TimeSpan.FromDays(1);
    private readonly ConcurrentDictionary<int, (DateTimeOffset ReadUtc, Dictionary<string, string> Names)> _trees = new();

    /// <exception cref="ZoeyException">The store did not give it.</exception>
    internal async Task<IReadOnlyList<string>> OfProductAsync(int storeId, string productId, CancellationToken cancellationToken)
    {
        var ids = await zoey.ReadCategoryIdsAsync(storeId, productId, cancellationToken);
        var names = ids.Count == 0 ? [] : await TreeAsync(storeId, cancellationToken);
        return ids.Select(id => names.GetValueOrDefault(id)).OfType<string>().Distinct().Take(MaxNames).ToList();
    }

    private async Task<Dictionary<string, string>> TreeAsync(int storeId, CancellationToken cancellationToken)
    {
        if (_trees.TryGetValue(storeId, out var known) && time.GetUtcNow() - known.ReadUtc < s_maxAge)
            return known.Names;
        var names = Visible(await zoey.ReadCategoriesAsync(storeId, cancellationToken));
        _trees[storeId] = (time.GetUtcNow(), names);
        return names;
    }

    /// <summary>Without roots, and without what stands right below the invisible one: no shopper sees these.</summary>
    private static Dictionary<string, string> Visible(IReadOnlyList<ZoeyCategory> categories)
    {
        var parents = categories.Select(category => category.ParentId).OfType<string>().ToHashSet();
        return categories
            .Where(category => category.Id != TreeRootId && category.ParentId != TreeRootId && !(category.ParentId is null && parents.Contains(category.Id)))
            .Select(category => (category.Id, Name: OrderText.Clean(category.Name, MaxNameBytes)))
            .Where(category => category.Name is not null)
            .DistinctBy(category => category.Id)
            .ToDictionary(category => category.Id, category => category.Name!);
    }
}
