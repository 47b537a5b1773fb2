namespace ZoeyKlaviyo.Sandbox.Inspection;

/// <summary>The last requests to the stand-in for Klaviyo, oldest first.</summary>
public sealed class RequestLog
{
    public const int Capacity = 2000;

    private const int MaxBodyCharacters = 64 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Queue<RecordedRequest> _requests = new();
    private readonly Dictionary<string, Dictionary<int, long>> _totals = [];
    private long _bodyCharacters;

    public IReadOnlyList<RecordedRequest> Requests
    {
        get
        {
            lock (_lock)
                return [.. _requests];
        }
    }

    /// <summary>How often each status was answered since the start or the last reset, by <c>METHOD /path</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<int, long>> Totals
    {
        get
        {
            lock (_lock)
                return _totals.ToDictionary(pair => pair.Key, pair => (IReadOnlyDictionary<int, long>)new SortedDictionary<int, long>(pair.Value));
        }
    }

    public long CountOf(int status)
    {
        lock (_lock)
            return _totals.Values.Sum(statuses => statuses.GetValueOrDefault(status));
    }

    public void Clear()
    {
        lock (_lock)
        {
            _requests.Clear();
            _totals.Clear();
            _bodyCharacters = 0;
        }
    }

    internal void Add(RecordedRequest request)
    {
        lock (_lock)
        {
            var key = $"{request.Method} {request.Path.Split('?')[0]}";
            if (!_totals.TryGetValue(key, out var statuses))
                _totals[key] = statuses = [];
            statuses[request.Status] = statuses.GetValueOrDefault(request.Status) + 1;
            _requests.Enqueue(request);
            _bodyCharacters += request.Body.Length;
            while (_requests.Count > Capacity || _bodyCharacters > MaxBodyCharacters)
                _bodyCharacters -= _requests.Dequeue().Body.Length;
        }
    }
}
