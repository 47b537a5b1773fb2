using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ZoeyKlaviyo.Sandbox.Storage;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.OAuth;

/// <summary>
/// Tokens carry their grant and are signed with the client secret, so that a connection outlives a restart of the sandbox.
/// To a client they are opaque, like Klaviyo's.
/// </summary>
internal sealed class OAuthTokens : IDisposable
{
    private readonly SandboxOptions _options;
    private readonly Journal<string> _journal;
    private readonly ConcurrentDictionary<string, bool> _ended;

    public OAuthTokens(SandboxOptions options)
    {
        _options = options;
        _journal = new(options.DataDirectory, "ended-tokens.jsonl");
        _ended = new(_journal.Load().Distinct().Select(id => KeyValuePair.Create(id, true)));
    }

    public string IssueAccess(Grant grant) =>
        Sign(new("access", NewId(), grant, _options.TimeProvider.GetUtcNow() + _options.AccessTokenLifetime));

    public string IssueRefresh(Grant grant) => Sign(new("refresh", NewId(), grant, null));

    public Grant? ReadAccess(string token) =>
        Read(token) is { Kind: "access" } content && content.ExpiresAt > _options.TimeProvider.GetUtcNow() ? content.Grant : null;

    public Grant? ReadRefresh(string token) => Read(token) is { Kind: "refresh" } content ? content.Grant : null;

    public void End(string refreshToken)
    {
        if (Read(refreshToken) is { } content)
            EndId(content.Id);
    }

    /// <summary>What the account's owner does by removing the app: no token of the grant works any more.</summary>
    public void EndGrantOf(string token)
    {
        if (Read(token) is { } content)
            EndId(content.Grant.Id);
    }

    public void Dispose() => _journal.Dispose();

    private void EndId(string id)
    {
        if (_ended.TryAdd(id, true))
            _journal.Append(id);
    }

    private string Sign(TokenContent content)
    {
        var payload = JsonSerializer.SerializeToUtf8Bytes(content);
        return $"{Base64Url.EncodeToString(payload)}.{Base64Url.EncodeToString(Mac(payload))}";
    }

    private TokenContent? Read(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 2 || !Base64Url.IsValid(parts[0]) || !Base64Url.IsValid(parts[1]))
            return null;
        var payload = Base64Url.DecodeFromChars(parts[0]);
        if (!CryptographicOperations.FixedTimeEquals(Mac(payload), Base64Url.DecodeFromChars(parts[1])))
            return null;
        var content = JsonSerializer.Deserialize<TokenContent>(payload)!;
        return _ended.ContainsKey(content.Grant.Id) || _ended.ContainsKey(content.Id) ? null : content;
    }

    private byte[] Mac(byte[] payload) => HMACSHA256.HashData(Encoding.UTF8.GetBytes(_options.ClientSecret), payload);

    private static string NewId() => RandomNumberGenerator.GetHexString(16, lowercase: true);

    private sealed record TokenContent(string Kind, string Id, Grant Grant, DateTimeOffset? ExpiresAt);
}
