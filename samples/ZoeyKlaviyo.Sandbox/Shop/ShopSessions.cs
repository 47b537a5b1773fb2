using System.Security.Cryptography;

namespace ZoeyKlaviyo.Sandbox.Shop;

internal sealed class ShopSessions(TimeProvider time)
{
    public const string CookieName = "acme-tools";

    private const int MaxSessions = 10_000;

    private static readonly DateTimeOffset s_firstCart = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, ShopSession> _sessions = [];
    private readonly Queue<string> _oldest = new();

    // Carts are not kept over a restart, but their ids must not come again: the admin counts a checkout once for ever.
    private long _lastCart = 771 + (long)(time.GetUtcNow() - s_firstCart).TotalMinutes;

    public Cart NewCart() => new(Interlocked.Increment(ref _lastCart));

    /// <summary>The browser's own session, or a new one and its cookie.</summary>
    public ShopSession Open(HttpContext context)
    {
        lock (_lock)
        {
            if (context.Request.Cookies.TryGetValue(CookieName, out var known) && _sessions.TryGetValue(known, out var session))
                return session;
            var key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
            context.Response.Cookies.Append(CookieName, key, new() { HttpOnly = true, SameSite = SameSiteMode.Lax, Path = "/shop" });
            _oldest.Enqueue(key);
            if (_oldest.Count > MaxSessions)
                _sessions.Remove(_oldest.Dequeue());
            return _sessions[key] = new(NewCart());
        }
    }
}
