using ZoeyKlaviyo.Core.Klaviyo;

namespace ZoeyKlaviyo.Core.Connection;

/// <summary>Makes calls with a store's tokens: refreshed before they expire, and once more when Klaviyo says 401.</summary>
public sealed class KlaviyoCalls(KlaviyoTokens tokens)
{
    /// <param name="accountId">The account the call is meant for; when the store is connected to another by now, nothing is sent.</param>
    /// <param name="call">The call with its credential; must be repeatable after a 401.</param>
    public async Task<KlaviyoAnswer> SendAsync(
        int storeId, string accountId, Func<KlaviyoCredential, CancellationToken, Task<KlaviyoAnswer>> call, CancellationToken cancellationToken)
    {
        var token = await tokens.GetAsync(storeId, cancellationToken);
        if (NotSent(token, accountId) is { } notSent)
            return notSent;
        var answer = await call(token.Credential!, cancellationToken);
        if (answer.Verdict != Verdict.Unauthorized)
            return answer;
        var fresh = await tokens.RefreshAsync(storeId, token.Version, cancellationToken);
        // Where there is no access any more, a refused token decides nothing; a try before it may have arrived all the same.
        if (NotSent(fresh, accountId) is { } notSentAgain)
            return notSentAgain with { IsSent = notSentAgain.Verdict != Verdict.Misconfigured, MayHaveArrived = answer.MayHaveArrived };
        var second = await call(fresh.Credential!, cancellationToken);
        if (second.Verdict == Verdict.Unauthorized)
            await tokens.RejectAsync(storeId, fresh.Version, $"Klaviyo refuses the connection: {second.Detail} Connect again.", cancellationToken);
        return second with { MayHaveArrived = second.MayHaveArrived || (answer.MayHaveArrived && second.Verdict != Verdict.Accepted) };
    }

    private static KlaviyoAnswer? NotSent(TokenResult token, string accountId) => token.Credential switch
    {
        null => KlaviyoAnswer.NotSent(VerdictOf(token.State), token.Reason),
        { } credential when credential.AccountId != accountId =>
            KlaviyoAnswer.NotSent(Verdict.Misconfigured, "The store was connected to another Klaviyo account meanwhile."),
        _ => null,
    };

    private static Verdict VerdictOf(TokenState state) => state switch
    {
        TokenState.Unavailable => Verdict.NoVerdict,
        TokenState.Misconfigured or TokenState.NotConnected => Verdict.Misconfigured,
        _ => Verdict.Unauthorized,
    };
}
