namespace ZoeyKlaviyo.Sandbox.Zoey.Authorization;

internal sealed class StoreNonces
{
    private readonly Lock _lock = new();
    private readonly HashSet<(string Nonce, string Timestamp)> _used = [];

    /// <summary>False when the pair was used before.</summary>
    public bool Use(string nonce, string timestamp)
    {
        lock (_lock)
            return _used.Add((nonce, timestamp));
    }

    public void Clear()
    {
        lock (_lock)
            _used.Clear();
    }
}
