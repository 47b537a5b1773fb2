using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Stores;

namespace ZoeyKlaviyo.Core.Connection;

/// <summary>A connection as its page shows it: never a token.</summary>
/// <param name="MissingScopes">What we need and Klaviyo did not grant.</param>
public sealed record ConnectionView(
    string AccountId,
    string AccountName,
    IReadOnlyList<string> Scopes,
    IReadOnlyList<string> MissingScopes,
    string ConnectedBy,
    DateTimeOffset ConnectedUtc,
    ConnectionStatus Status,
    string? StatusReason,
    DateTimeOffset StatusSinceUtc,
    DateTimeOffset TokensRefreshedUtc,
    DateTimeOffset AccessTokenExpiresUtc);

/// <summary>Reads, replaces and forgets a store's connection. Each change of it ends a choice of another account that is still open.</summary>
public sealed class ConnectionStore(
    Database database, TokenRevocation revocation, ISecretProtector protector, StoreSignals signals, TimeProvider time)
{
    public Task<ConnectionView?> FindAsync(AuthorizedStore store, CancellationToken cancellationToken) => database.ReadAsync(
        async db => await ConnectionRows.FindAsync(db, store.Id, cancellationToken) is { } connection ? View(connection) : null,
        cancellationToken);

    /// <summary>Connects the account, or keeps it aside as <see cref="ConnectOutcome.OtherAccount"/> until somebody confirms the switch.</summary>
    internal async Task<ConnectOutcome> SaveAsync(
        AuthorizedStore store, KlaviyoAccount account, TokenPair tokens, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var grant = new AccountGrant(
            account,
            tokens.Scope ?? string.Join(' ', KlaviyoScopes.All),
            protector.Protect(tokens.AccessToken),
            protector.Protect(tokens.RefreshToken!),
            now,
            now + tokens.ExpiresIn);
        var (outcome, unused) = await database.WriteContestedAsync(db => SaveAsync(db, store, grant, cancellationToken), cancellationToken);
        Tell(store);
        if (unused is not null)
            await revocation.RevokeAsync(unused, cancellationToken);
        return outcome;
    }

    /// <summary>Forgets the tokens and asks Klaviyo to end them. What waits stays, for when the same account is connected again.</summary>
    /// <returns>False when Klaviyo could not be told: the app then has to be removed there by hand.</returns>
    /// <exception cref="AccessDeniedException">The person is not an admin of the store.</exception>
    public async Task<bool> DisconnectAsync(AuthorizedStore store, CancellationToken cancellationToken)
    {
        store.RequireManage();
        var forgotten = await database.WriteContestedAsync(db => ForgetAsync(db, store, cancellationToken), cancellationToken);
        Tell(store);
        var isTold = true;
        foreach (var token in forgotten)
            isTold &= await revocation.RevokeAsync(token, cancellationToken);
        return isTold;
    }

    /// <returns>The refresh tokens that the store keeps no more.</returns>
    private async Task<List<StoredToken>> ForgetAsync(AppDbContext db, AuthorizedStore store, CancellationToken cancellationToken)
    {
        var connection = await ConnectionRows.FindAsync(db, store.Id, cancellationToken);
        if (connection is null)
            return [];
        await ConnectionRows.DisconnectAsync(db, store, connection, time.GetUtcNow(), cancellationToken);
        var pending = await ConnectionRows.FindPendingAsync(db, store.Id, cancellationToken);
        if (pending is null)
            return [connection.Token];
        db.PendingConnections.Remove(pending);
        return [connection.Token, pending.Token];
    }

    /// <returns>The outcome, and the refresh token of an earlier choice that this one replaces.</returns>
    private async Task<(ConnectOutcome Outcome, StoredToken? Unused)> SaveAsync(
        AppDbContext db, AuthorizedStore store, AccountGrant grant, CancellationToken cancellationToken)
    {
        if (await ConnectionRows.IsPrefixTakenAsync(db, store.Id, grant.Account.Id, cancellationToken))
            return (ConnectOutcome.PrefixTaken, null);
        var connection = await ConnectionRows.FindAsync(db, store.Id, cancellationToken);
        var pending = await ConnectionRows.FindPendingAsync(db, store.Id, cancellationToken);
        var unused = pending?.Token;
        if (await IsToBeConfirmedAsync(db, store.Id, connection, grant.Account.Id, cancellationToken))
        {
            if (pending is null)
                db.PendingConnections.Add(pending = PendingConnection.Of(store.Id));
            pending.Take(grant, store.Person.Name);
            return (ConnectOutcome.OtherAccount, unused);
        }

        if (pending is not null)
            db.PendingConnections.Remove(pending);
        await ConnectionRows.ConnectAsync(db, store, connection, grant, time.GetUtcNow(), cancellationToken);
        return (ConnectOutcome.Connected, unused);
    }

    /// <summary>Another account ends a connection, or costs what waits for the former account.</summary>
    private static async Task<bool> IsToBeConfirmedAsync(
        AppDbContext db, int storeId, KlaviyoConnection? connection, string accountId, CancellationToken cancellationToken)
    {
        if (connection is not null)
            return connection.AccountId != accountId;
        var former = await ConnectionRows.LastAccountAsync(db, storeId, null, cancellationToken);
        return former?.Id != accountId && await PayloadCommands.WaitingForOthers(db, storeId, accountId).AnyAsync(cancellationToken);
    }

    private void Tell(AuthorizedStore store)
    {
        signals.SettingsChanged(store.Id);
        signals.RunsChanged(store.Id);
    }

    private static ConnectionView View(KlaviyoConnection connection) => new(
        connection.AccountId,
        connection.AccountName,
        connection.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        KlaviyoScopes.MissingFrom(connection.Scopes),
        connection.ConnectedBy,
        connection.ConnectedUtc,
        connection.Status,
        connection.StatusReason,
        connection.StatusSinceUtc,
        connection.TokensRefreshedUtc,
        connection.AccessTokenExpiresUtc);
}
