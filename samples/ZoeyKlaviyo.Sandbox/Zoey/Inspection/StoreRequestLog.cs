namespace ZoeyKlaviyo.Sandbox.Zoey.Inspection;

/// <summary>The last requests to the store's REST API and token endpoint, oldest first, and how many there were of each kind.</summary>
public sealed class StoreRequestLog
{
    public const int Capacity = 20_000;

    /// <summary>Paths that nobody could foresee count together, under <see cref="Others"/>.</summary>
    public const int MaxPaths = 200;

    public const string Others = "others";

    private readonly Lock _lock = new();
    private readonly Queue<StoreRequest> _requests = new();
    private readonly SortedDictionary<string, int> _counts = new(StringComparer.Ordinal);

    public IReadOnlyList<StoreRequest> Requests
    {
        get
        {
            lock (_lock)
                return [.. _requests];
        }
    }

    /// <summary>Of all since the start, by the path below <c>/api/rest</c> with <c>{id}</c> for each id: <c>products/{id}/images</c>.</summary>
    public IReadOnlyDictionary<string, int> Counts
    {
        get
        {
            lock (_lock)
                return new SortedDictionary<string, int>(_counts, StringComparer.Ordinal);
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            _requests.Clear();
            _counts.Clear();
        }
    }

    internal void Add(StoreRequest request)
    {
        var kind = Kind(request.Path);
        lock (_lock)
        {
            _requests.Enqueue(request);
            if (_requests.Count > Capacity)
                _requests.Dequeue();
            if (!_counts.ContainsKey(kind) && _counts.Count >= MaxPaths)
                kind = Others;
            _counts[kind] = _counts.GetValueOrDefault(kind) + 1;
        }
    }

    private static string Kind(string path)
    {
        var parts = path.Split('?')[0].Split('/', StringSplitOptions.RemoveEmptyEntries).Select(part => part.All(char.IsAsciiDigit) ? "{id}" : part).ToList();
        return string.Join('/', parts is ["api", "rest", ..] ? parts[2..] : parts);
    }
}
