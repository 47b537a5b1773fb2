using System.Collections.Concurrent;
using ZoeyKlaviyo.Core.Catalog;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Orders;

/// <summary>The names of the categories that a product is in, as shoppers see them; a store's tree is kept for a day.</summary>
public sealed class CategoryNames(IZoeyClient zoey, TimeProvider time)
{
    private const int MaxNames = 100;
    private static readonly TimeSpan s_maxAge = TimeSpan.FromDays(1);
    private readonly ConcurrentDictionary<int, (DateTimeOffset ReadUtc, IReadOnlyDictionary<string, string> Names)> _trees = new();

    /// <exception cref="ZoeyException">The store did not give it.</exception>
    internal async Task<IReadOnlyList<string>> OfProductAsync(int storeId, string productId, CancellationToken cancellationToken)
    {
        var ids = await zoey.ReadCategoryIdsAsync(storeId, productId, cancellationToken);
        IReadOnlyDictionary<string, string> names = ids.Count == 0 ? new Dictionary<string, string>() : await TreeAsync(storeId, cancellationToken);
        return ids.Select(id => names.GetValueOrDefault(id)).OfType<string>().Distinct().Take(MaxNames).ToList();
    }

    private async Task<IReadOnlyDictionary<string, string>> TreeAsync(int storeId, CancellationToken cancellationToken)
    {
        if (_trees.TryGetValue(storeId, out var known) && time.GetUtcNow() - known.ReadUtc < s_maxAge)
            return known.Names;
        var names = new CategoryTree(await zoey.ReadCategoriesAsync(storeId, cancellationToken)).Names;
        _trees[storeId] = (time.GetUtcNow(), names);
        return names;
    }
}
