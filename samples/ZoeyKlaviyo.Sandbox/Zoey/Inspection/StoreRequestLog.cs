namespace ZoeyKlaviyo.Sandbox.Zoey.Inspection;

/// <summary>The last requests to the store's REST API and token endpoint, oldest first.</summary>
public sealed class StoreRequestLog
{
    public const int Capacity = 20_000;

    private readonly Lock _lock = new();
    private readonly Queue<StoreRequest> _requests = new();

    public IReadOnlyList<StoreRequest> Requests
    {
        get
        {
            lock (_lock)
                return [.. _requests];
        }
    }

    public void Clear()
    {
        lock (_lock)
            _requests.Clear();
    }

    internal void Add(StoreRequest request)
    {
        lock (_lock)
        {
            _requests.Enqueue(request);
            if (_requests.Count > Capacity)
                _requests.Dequeue();
        }
    }
}
