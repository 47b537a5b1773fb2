namespace ZoeyKlaviyo.Admin.Shared;

/// <summary>
/// Rows of a list, newest first, that nothing pushes about: what is on the page changes in its place, and what is new is
/// counted until it is asked for.
/// </summary>
/// <param name="key">Tells rows apart.</param>
public sealed class LiveRows<T>(Func<T, object> key)
{
    private readonly HashSet<object> _gone = [];
    private List<T> _rows = [];

    public IReadOnlyList<T> Rows => _rows;

    /// <summary>How many rows wait above the first.</summary>
    public int New { get; private set; }

    /// <summary>It is no longer part of what the list shows.</summary>
    public bool IsGone(T row) => _gone.Contains(key(row));

    public void Show(IReadOnlyList<T> rows)
    {
        _rows = [.. rows];
        _gone.Clear();
        New = 0;
    }

    /// <param name="fresh">The same page, read again.</param>
    public void Update(IReadOnlyList<T> fresh)
    {
        if (_rows.Count == 0)
        {
            Show(fresh);
            return;
        }

        var byKey = fresh.ToDictionary(key);
        New = fresh.TakeWhile(row => !_rows.Exists(known => key(known).Equals(key(row)))).Count();
        // What stands below every row that is still there has only been pushed off the page by new ones.
        var last = _rows.FindLastIndex(row => byKey.ContainsKey(key(row)));
        for (var index = 0; index < _rows.Count; index++)
        {
            if (byKey.TryGetValue(key(_rows[index]), out var changed))
                _rows[index] = changed;
            else if (index < last || fresh.Count == 0)
                _gone.Add(key(_rows[index]));
        }
    }
}
