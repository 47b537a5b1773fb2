namespace ZoeyKlaviyo.Sandbox.Klaviyo.Catalog;

/// <summary>All entries of a kind in the order they were made. An entry's number stays its own; a removed one leaves a gap.</summary>
internal sealed class CatalogShelf<T>
    where T : class, ICatalogEntry
{
    private readonly List<T?> _entries = [];
    private readonly Dictionary<string, int> _numbers = [];

    public int Count => _numbers.Count;

    public T? Find(string? id) => id is not null && _numbers.TryGetValue(id, out var number) ? _entries[number] : null;

    public void Set(T entry)
    {
        if (_numbers.TryGetValue(entry.Id, out var number))
            _entries[number] = entry;
        else
        {
            _numbers[entry.Id] = _entries.Count;
            _entries.Add(entry);
        }
    }

    public void Remove(string id)
    {
        if (_numbers.Remove(id, out var number))
            _entries[number] = null;
    }

    /// <param name="after">The number to go on behind, whether or not its entry is still there; null: from the start.</param>
    public IEnumerable<(long Number, T Entry)> Read(long? after = null, bool newestFirst = false)
    {
        var step = newestFirst ? -1 : 1;
        var first = after is { } last ? Math.Clamp(last, -1, _entries.Count) + step : newestFirst ? _entries.Count - 1 : 0;
        for (var number = (int)first; number >= 0 && number < _entries.Count; number += step)
        {
            if (_entries[number] is { } entry)
                yield return (number, entry);
        }
    }

    /// <inheritdoc cref="Read(long?, bool)"/>
    public IEnumerable<(long Number, T Entry)> Read(IEnumerable<string> ids, long? after = null, bool newestFirst = false)
    {
        var numbers = ids.Distinct().Where(_numbers.ContainsKey).Select(id => _numbers[id])
            .Where(number => after is not { } last || (newestFirst ? number < last : number > last));
        return (newestFirst ? numbers.OrderDescending() : numbers.Order()).Select(number => ((long)number, _entries[number]!));
    }
}
