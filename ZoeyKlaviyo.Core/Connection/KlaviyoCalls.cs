using ZoeyKlaviyo.Core.Klaviyo;

namespace ZoeyKlaviyo.Core.Connection;

/// <summary>Makes calls with a store's tokens: refreshed before they expire, and once more when Klaviyo says 401.</summary>
public sealed class KlaviyoCalls(KlaviyoTokens tokens)
{
    /// <param name="call">The call with its credential; must be repeatable.</param>
    public async Task<KlaviyoAnswer> SendAsync(
        int storeId, Func<KlaviyoCredential, CancellationToken, Task<KlaviyoAnswer>> call, CancellationToken cancellationToken)
    {
        var token = await tokens.GetAsync(storeId, cancellationToken);
        if (token.Credential is null)
            return WithoutToken(token);
        var answer = await call(token.Credential, cancellationToken);
        if (answer.Verdict != Verdict.Unauthorized)
            return answer;
        var fresh = await tokens.RefreshAsync(storeId, token.Version, cancellationToken);
        if (fresh.Credential is null)
            return WithoutToken(fresh) with { MayHaveArrived = answer.MayHaveArrived };
        var second = await call(fresh.Credential, cancellationToken);
        if (second.Verdict == Verdict.Unauthorized)
            await tokens.RejectAsync(storeId, fresh.Version, $"Klaviyo refuses the connection: {second.Detail} Connect again.", cancellationToken);
        return second with { MayHaveArrived = second.MayHaveArrived || (answer.MayHaveArrived && second.Verdict != Verdict.Accepted) };
    }

    private static KlaviyoAnswer WithoutToken(TokenResult token) => new(
        token.State switch
        {
            TokenState.Unavailable => Verdict.NoVerdict,
            TokenState.Misconfigured => Verdict.Misconfigured,
            _ => Verdict.Unauthorized,
        },
        null,
        token.Reason,
        []);
}
