using System.Text.Json.Nodes;

namespace ZoeyKlaviyo.Sandbox.Zoey.Catalog;

/// <summary>What was changed of the store's products, or of its categories: attributes, whole records, deletions.</summary>
public sealed class CatalogChanges
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, JsonObject?> _changes = [];

    /// <summary>By id; null: deleted.</summary>
    public IReadOnlyDictionary<string, JsonObject?> All
    {
        get
        {
            lock (_lock)
                return _changes.ToDictionary(pair => pair.Key, pair => pair.Value?.DeepClone().AsObject());
        }
    }

    /// <summary>Sets attributes as they are given, null taking one away. A record that was not there, or was deleted, is there then.</summary>
    /// <param name="attributes">Of a product, besides its own: <c>qty</c>, <c>category_ids</c> (an array) and <c>picture</c> (an asset's name).</param>
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
