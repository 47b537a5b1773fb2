using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.OAuth;

/// <summary>
/// Tokens carry their grant and are signed with the client secret, so that a connection outlives a restart of the sandbox.
/// To a client they are opaque, like Klaviyo's.
/// </summary>
internal sealed class OAuthTokens(SandboxOptions options)
{
    private readonly ConcurrentDictionary<string, bool> _ended = new();

    public string IssueAccess(Grant grant) =>
        Sign(new("access", NewId(), grant, options.TimeProvider.GetUtcNow() + options.AccessTokenLifetime));

    public string IssueRefresh(Grant grant) => Sign(new("refresh", NewId(), grant, null));

    public Grant? ReadAccess(string token) =>
        Read(token) is { Kind: "access" } content && content.ExpiresAt > options.TimeProvider.GetUtcNow() ? content.Grant : null;

    public Grant? ReadRefresh(string token) => Read(token) is { Kind: "refresh" } content ? content.Grant : null;

    public void End(string refreshToken)
    {
        if (Read(refreshToken) is { } content)
            _ended[content.Id] = true;
    }

    /// <summary>What the account's owner does by removing the app: no token of the grant works any more.</summary>
    public void EndGrantOf(string token)
    {
        if (Read(token) is { } content)
            _ended[content.Grant.Id] = true;
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

    private byte[] Mac(byte[] payload) => HMACSHA256.HashData(Encoding.UTF8.GetBytes(options.ClientSecret), payload);

    private static string NewId() => RandomNumberGenerator.GetHexString(16, lowercase: true);

    private sealed record TokenContent(string Kind, string Id, Grant Grant, DateTimeOffset? ExpiresAt);
}
