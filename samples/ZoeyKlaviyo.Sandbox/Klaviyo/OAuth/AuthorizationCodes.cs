using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.OAuth;

/// <summary>Codes live five minutes and are spent by the first attempt to exchange them.</summary>
internal sealed class AuthorizationCodes(TimeProvider time)
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, IssuedCode> _codes = new();

    public string Issue(AuthorizationRequest request, string account)
    {
        var code = RandomNumberGenerator.GetHexString(40, lowercase: true);
        var grant = new Grant(RandomNumberGenerator.GetHexString(16, lowercase: true), account, request.Scopes);
        _codes[code] = new(grant, request.RedirectUri, request.CodeChallenge, time.GetUtcNow() + s_lifetime);
        return code;
    }

    public Grant? Redeem(string code, string redirectUri, string verifier) =>
        _codes.TryRemove(code, out var issued)
        && time.GetUtcNow() < issued.ExpiresAt
        && issued.RedirectUri == redirectUri
        && Pkce.Matches(verifier, issued.CodeChallenge) ? issued.Grant : null;

    private sealed record IssuedCode(Grant Grant, string RedirectUri, string CodeChallenge, DateTimeOffset ExpiresAt);
}
