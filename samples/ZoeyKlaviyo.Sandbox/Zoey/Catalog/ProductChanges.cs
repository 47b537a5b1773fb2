using System.Text.Json.Nodes;

namespace ZoeyKlaviyo.Sandbox.Zoey.Catalog;

/// <summary>What has changed in the store's catalog since the shop's own: attributes, whole products, deletions.</summary>
public sealed class ProductChanges
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, JsonObject?> _changes = [];

    /// <summary>By product id; null: deleted.</summary>
    public IReadOnlyDictionary<string, JsonObject?> All
    {
        get
        {
            lock (_lock)
                return _changes.ToDictionary(pair => pair.Key, pair => pair.Value?.DeepClone().AsObject());
        }
    }

    /// <summary>Sets attributes as they are given, null taking one away. A product that was not there, or was deleted, is there then.</summary>
    /// <param name="attributes">Besides the product's own: <c>qty</c>, <c>category_ids</c> (an array) and <c>picture</c> (an asset's name).</param>
    public void Change(string id, JsonObject attributes)
    {
        lock (_lock)
        {
            var changed = _changes.GetValueOrDefault(id) ?? [];
            foreach (var (name, value) in attributes)
                changed[name] = value?.DeepClone();
            _changes[id] = changed;
        }
    }

    public void Delete(string id)
    {
        lock (_lock)
            _changes[id] = null;
    }

    public void Clear()
    {
        lock (_lock)
            _changes.Clear();
    }
}
