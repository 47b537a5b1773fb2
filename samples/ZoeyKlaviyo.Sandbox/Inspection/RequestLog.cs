namespace ZoeyKlaviyo.Sandbox.Inspection;

/// <summary>The last requests to the stand-in for Klaviyo, oldest first.</summary>
public sealed class RequestLog
{
    public const int Capacity = 2000;

    private const int MaxBodyCharacters = 64 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Queue<RecordedRequest> _requests = new();
    private long _bodyCharacters;

    public IReadOnlyList<RecordedRequest> Requests
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
        {
            _requests.Clear();
            _bodyCharacters = 0;
        }
    }

    internal void Add(RecordedRequest request)
    {
        lock (_lock)
        {
            _requests.Enqueue(request);
            _bodyCharacters += request.Body.Length;
            while (_requests.Count > Capacity || _bodyCharacters > MaxBodyCharacters)
                _bodyCharacters -= _requests.Dequeue().Body.Length;
        }
    }
}
