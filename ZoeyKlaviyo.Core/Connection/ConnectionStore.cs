using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Settings;
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

/// <summary>Reads, replaces and forgets a store's connection.</summary>
public sealed class ConnectionStore(
    Database database, KlaviyoOAuthClient oauth, ISecretProtector protector, StoreSignals signals, TimeProvider time)
{
    public Task<ConnectionView?> FindAsync(AuthorizedStore store, CancellationToken cancellationToken) => database.ReadAsync(
        async db => await db.KlaviyoConnections.SingleOrDefaultAsync(row => row.StoreId == store.Id, cancellationToken) is { } connection
            ? View(connection)
            : null,
        cancellationToken);

    internal async Task<ConnectOutcome> SaveAsync(
        AuthorizedStore store, KlaviyoAccount account, TokenPair tokens, CancellationToken cancellationToken)
    {
        var secrets = new ProtectedTokens(protector.Protect(tokens.AccessToken), protector.Protect(tokens.RefreshToken!), tokens.ExpiresIn, tokens.Scope);
        ConnectOutcome outcome;
        try
        {
            outcome = await database.WriteAsync(db => SaveAsync(db, store, account, secrets, cancellationToken), cancellationToken);
        }
        catch (DbUpdateException)
        {
            // A token refresh or another person's callback came first; what it left is looked at anew.
            outcome = await database.WriteAsync(db => SaveAsync(db, store, account, secrets, cancellationToken), cancellationToken);
        }

        signals.SettingsChanged(store.Id);
        return outcome;
    }

    /// <summary>Forgets the tokens and asks Klaviyo to end them. What waits stays, for when the same account is connected again.</summary>
    /// <returns>False when Klaviyo could not be told: the app then has to be removed there by hand.</returns>
    /// <exception cref="AccessDeniedException">The person is not an admin of the store.</exception>
    public async Task<bool> DisconnectAsync(AuthorizedStore store, CancellationToken cancellationToken)
    {
        store.RequireManage();
        var forgotten = await database.WriteAsync(db => ForgetAsync(db, store, cancellationToken), cancellationToken);
        signals.SettingsChanged(store.Id);
        return forgotten is null || await RevokeAsync(forgotten, cancellationToken);
    }

    private async Task<bool> RevokeAsync(KlaviyoConnection forgotten, CancellationToken cancellationToken)
    {
        try
        {
            return await oauth.RevokeAsync(protector.Unprotect(forgotten.RefreshTokenProtected), cancellationToken);
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            // The keys are gone, so nobody can name the token to Klaviyo any more.
            return false;
        }
    }

    private async Task<KlaviyoConnection?> ForgetAsync(AppDbContext db, AuthorizedStore store, CancellationToken cancellationToken)
    {
        var connection = await db.KlaviyoConnections.SingleOrDefaultAsync(row => row.StoreId == store.Id, cancellationToken);
        if (connection is null)
            return null;
        db.KlaviyoConnections.Remove(connection);
        await ActivePeriods.CloseAsync(db, store.Id, ActivePeriod.Connection, time.GetUtcNow(), cancellationToken);
        Record(db, store, Name(connection.AccountId, connection.AccountName), "Not connected");
        return connection;
    }

    private async Task<ConnectOutcome> SaveAsync(
        AppDbContext db, AuthorizedStore store, KlaviyoAccount account, ProtectedTokens tokens, CancellationToken cancellationToken)
    {
        var connection = await db.KlaviyoConnections.SingleOrDefaultAsync(row => row.StoreId == store.Id, cancellationToken);
        if (connection is not null && connection.AccountId != account.Id)
            return ConnectOutcome.OtherAccount;
        if (await IsPrefixTakenAsync(db, store.Id, account.Id, cancellationToken))
            return ConnectOutcome.PrefixTaken;
        var before = connection is null ? "Not connected" : Name(connection.AccountId, connection.AccountName);
        if (connection is null)
        {
            connection = NewConnection(store.Id, account.Id);
            db.KlaviyoConnections.Add(connection);
            ActivePeriods.Open(db, store.Id, ActivePeriod.Connection, time.GetUtcNow());
            await PayloadCommands.DiscardOtherAccountsAsync(db, store.Id, account.Id, cancellationToken);
        }

        Fill(connection, store.Person.Name, account, tokens);
        Record(db, store, before, Name(account.Id, account.Name));
        return ConnectOutcome.Connected;
    }

    /// <summary>Catalog ids are one namespace an account: two stores must not write over each other's products.</summary>
    private static async Task<bool> IsPrefixTakenAsync(AppDbContext db, int storeId, string accountId, CancellationToken cancellationToken)
    {
        var prefix = await db.Stores.Where(row => row.Id == storeId).Select(row => row.IdPrefix).SingleAsync(cancellationToken);
        return await db.KlaviyoConnections
            .Where(row => row.AccountId == accountId && row.StoreId != storeId)
            .Join(db.Stores, row => row.StoreId, other => other.Id, (_, other) => other.IdPrefix)
            .AnyAsync(other => other == prefix, cancellationToken);
    }

    private static KlaviyoConnection NewConnection(int storeId, string accountId) => new()
    {
        StoreId = storeId,
        AccountId = accountId,
        AccountName = "",
        Scopes = "",
        ConnectedBy = "",
        AccessTokenProtected = "",
        RefreshTokenProtected = "",
        // Starts anywhere, so that a caller that still holds a token of the connection before can't speak for this one.
        TokenVersion = Random.Shared.Next(int.MaxValue / 2),
    };

    private void Fill(KlaviyoConnection connection, string who, KlaviyoAccount account, ProtectedTokens tokens)
    {
        var now = time.GetUtcNow();
        connection.AccountName = account.Name;
        connection.Scopes = tokens.Scope ?? string.Join(' ', KlaviyoScopes.All);
        connection.ConnectedBy = who;
        connection.ConnectedUtc = now;
        connection.Status = ConnectionStatus.Connected;
        connection.StatusReason = null;
        connection.StatusSinceUtc = now;
        connection.AccessTokenProtected = tokens.AccessToken;
        connection.RefreshTokenProtected = tokens.RefreshToken;
        connection.AccessTokenExpiresUtc = now + tokens.ExpiresIn;
        connection.TokensRefreshedUtc = now;
        connection.TokenVersion++;
        connection.RefreshLeaseOwner = null;
        connection.RefreshLeaseUntilUtc = null;
    }

    private void Record(AppDbContext db, AuthorizedStore store, string from, string to) => db.SettingChanges.Add(new SettingChange
    {
        StoreId = store.Id,
        AtUtc = time.GetUtcNow(),
        Who = store.Person.Name,
        Subject = "Klaviyo connection",
        From = from,
        To = to,
    });

    private sealed record ProtectedTokens(string AccessToken, string RefreshToken, TimeSpan ExpiresIn, string? Scope);

    private static string Name(string accountId, string accountName) => $"{accountName} ({accountId})";

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
