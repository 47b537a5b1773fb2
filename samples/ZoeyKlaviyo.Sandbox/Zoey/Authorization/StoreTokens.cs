using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ZoeyKlaviyo.Sandbox.Storage;

namespace ZoeyKlaviyo.Sandbox.Zoey.Authorization;

/// <summary>Tokens are signed, so that one that was given out outlives a restart; those that were used up are kept.</summary>
internal sealed class StoreTokens : IDisposable
{
    public static readonly TimeSpan AccessLifetime = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly Journal<string> _journal;
    private readonly HashSet<string> _ended;

    public StoreTokens(SandboxOptions options)
    {
        _time = options.TimeProvider;
        _journal = new(options.DataDirectory, "ended-store-tokens.jsonl");
        _ended = [.. _journal.Load()];
    }

    public string IssueAccess() =>
        Issue("access", (_time.GetUtcNow() + AccessLifetime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));

    public bool IsGoodAccess(string token) =>
        token.Split('.') is ["access", var end, ..] && IsOwn(token)
        && long.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > _time.GetUtcNow().ToUnixTimeSeconds();

    /// <returns>The refresh token to use from now on; null: the given one is not good.</returns>
    public string? Refresh(string token, bool rotate)
    {
        if (token != SandboxOptions.StoreRefreshToken && !(token.StartsWith("refresh.", StringComparison.Ordinal) && IsOwn(token)))
            return null;
        lock (_lock)
        {
            if (_ended.Contains(token))
                return null;
            if (!rotate)
                return token;
            _ended.Add(token);
            _journal.Append(token);
            return Issue("refresh", "0");
        }
    }

    /// <summary>Nothing counts as used up any more.</summary>
    public void Reset()
    {
        lock (_lock)
        {
            _journal.Clear();
            _ended.Clear();
        }
    }

    public void Dispose() => _journal.Dispose();

    private static string Issue(string kind, string end)
    {
        var content = $"{kind}.{end}.{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
        return $"{content}.{Sign(content)}";
    }

    private static bool IsOwn(string token) =>
        token.LastIndexOf('.') is > 0 and var dot && Sign(token[..dot]) == token[(dot + 1)..];

    private static string Sign(string content) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(SandboxOptions.StoreClientSecret), Encoding.UTF8.GetBytes(content)));
}
