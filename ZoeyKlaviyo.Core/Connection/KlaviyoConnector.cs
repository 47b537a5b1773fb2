using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Connection;

/// <summary>What came of asking for consent.</summary>
public enum ConnectOutcome
{
    Connected,

    /// <summary>The person pressed Cancel at Klaviyo.</summary>
    ConsentRefused,

    /// <summary>No such attempt: used, too old, forged, or begun by somebody else.</summary>
    StateUnknown,

    /// <summary>The code was used, is too old, or does not fit the attempt.</summary>
    CodeRejected,

    /// <summary>Klaviyo does not accept our client id and secret.</summary>
    ClientRejected,

    Unreachable,

    /// <summary>Klaviyo gave tokens but not the account they belong to.</summary>
    AccountUnreadable,

    /// <summary>Another account was chosen than before: somebody has to confirm the switch (<see cref="AccountSwitch"/>).</summary>
    OtherAccount,

    /// <summary>Another store is connected to the account and uses the same id prefix.</summary>
    PrefixTaken,
}

/// <param name="Code">The parameter <c>code</c> of the redirect back from Klaviyo.</param>
/// <param name="Error">The parameter <c>error</c>, such as <c>access_denied</c>.</param>
public sealed record ConnectCallback(string? State, string? Code, string? Error);

/// <summary>The authorization code flow with PKCE, from our side. State and verifier stay on the server and are used once.</summary>
public sealed class KlaviyoConnector(
    Database database,
    KlaviyoOAuthClient oauth,
    KlaviyoClient klaviyo,
    ConnectionStore connections,
    TokenRevocation revocation,
    ISecretProtector protector,
    IOptions<KlaviyoOptions> options,
    TimeProvider time)
{
    /// <summary>Time enough to log in at Klaviyo first.</summary>
    internal static readonly TimeSpan MaxAge = TimeSpan.FromMinutes(30);

    /// <summary>Where to send the browser.</summary>
    /// <param name="redirectUri">Registered in the Klaviyo app; Klaviyo compares it letter by letter.</param>
    /// <exception cref="AccessDeniedException">The person is not an admin of the store.</exception>
    /// <exception cref="InvalidOperationException"><c>Klaviyo:ClientId</c> or <c>Klaviyo:ClientSecret</c> is missing.</exception>
    public async Task<Uri> StartAsync(AuthorizedStore store, string redirectUri, CancellationToken cancellationToken)
    {
        store.RequireManage();
        if (!options.Value.IsConfigured)
            throw new InvalidOperationException("Klaviyo:ClientId and Klaviyo:ClientSecret are not set; the operator has to enter those of the Klaviyo app.");
        var state = $"{store.Key}.{RandomText()}";
        var verifier = RandomText();
        var now = time.GetUtcNow();
        var verifierProtected = protector.Protect(verifier);
        await database.WriteAsync(
            async db =>
            {
                await db.ConnectAttempts.Where(attempt => attempt.CreatedUtc < now - MaxAge).ExecuteDeleteAsync(cancellationToken);
                db.ConnectAttempts.Add(new ConnectAttempt
                {
                    StateHash = Hash(state),
                    StoreId = store.Id,
                    PersonId = store.Person.Id,
                    VerifierProtected = verifierProtected,
                    RedirectUri = redirectUri,
                    CreatedUtc = now,
                });
            },
            cancellationToken);
        var challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));
        return oauth.AuthorizeUrl(state, challenge, redirectUri);
    }

    /// <summary>The store whose page to return to: what the state says, which proves nothing and is checked like any other store key.</summary>
    public static string? StoreKeyOf(string? state) => state?.Split('.') is [{ Length: > 0 } key, _] ? key : null;

    /// <summary>Ends the journey. Whatever goes wrong, a connection that was there before stays as it was.</summary>
    /// <exception cref="AccessDeniedException">The person is not an admin of the store.</exception>
    public async Task<ConnectOutcome> FinishAsync(AuthorizedStore store, ConnectCallback callback, CancellationToken cancellationToken)
    {
        store.RequireManage();
        var attempt = callback.State is { } state ? await UseAttemptAsync(store, state, cancellationToken) : null;
        if (attempt is null)
            return ConnectOutcome.StateUnknown;
        if (callback.Error is not null || string.IsNullOrEmpty(callback.Code))
            return ConnectOutcome.ConsentRefused;
        var verifier = protector.Unprotect(attempt.VerifierProtected);
        var answer = await oauth.ExchangeAsync(callback.Code, verifier, attempt.RedirectUri, cancellationToken);
        return answer.Outcome switch
        {
            TokenOutcome.Granted => await AcceptAsync(store, answer.Tokens!, cancellationToken),
            TokenOutcome.InvalidClient => ConnectOutcome.ClientRejected,
            TokenOutcome.Unavailable => ConnectOutcome.Unreachable,
            _ => ConnectOutcome.CodeRejected,
        };
    }

    private Task<ConnectAttempt?> UseAttemptAsync(AuthorizedStore store, string state, CancellationToken cancellationToken)
    {
        var (hash, oldest) = (Hash(state), time.GetUtcNow() - MaxAge);
        return database.WriteAsync(
            async db =>
            {
                var attempt = await db.ConnectAttempts.AsNoTracking().SingleOrDefaultAsync(
                    row => row.StateHash == hash && row.StoreId == store.Id && row.PersonId == store.Person.Id && row.CreatedUtc >= oldest,
                    cancellationToken);
                var deleted = await db.ConnectAttempts.Where(row => row.StateHash == hash).ExecuteDeleteAsync(cancellationToken);
                return deleted > 0 ? attempt : null;
            },
            cancellationToken);
    }

    private async Task<ConnectOutcome> AcceptAsync(AuthorizedStore store, TokenPair tokens, CancellationToken cancellationToken)
    {
        var (answer, account) = await klaviyo.GetAccountAsync(new KlaviyoCredential("", tokens.AccessToken), cancellationToken);
        var outcome = tokens.RefreshToken is null || account is null
            ? answer.Verdict is Verdict.NoVerdict or Verdict.Throttled ? ConnectOutcome.Unreachable : ConnectOutcome.AccountUnreadable
            : await connections.SaveAsync(store, account, tokens, cancellationToken);
        // Tokens that nobody keeps must not stay valid; another store may have the same.
        if (outcome is not (ConnectOutcome.Connected or ConnectOutcome.OtherAccount) && tokens.RefreshToken is { } refreshToken)
            await revocation.RevokeAsync(account?.Id, refreshToken, cancellationToken);
        return outcome;
    }

    private static string RandomText() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(48));

    private static string Hash(string state) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(state)));
}
