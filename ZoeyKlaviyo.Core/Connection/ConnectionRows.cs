using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Subscribers;

namespace ZoeyKlaviyo.Core.Connection;

/// <summary>A store's connection in the database, inside somebody's transaction.</summary>
internal static class ConnectionRows
{
    public const string Subject = "Klaviyo connection";
    private const string NotConnected = "Not connected";

    public static Task<KlaviyoConnection?> FindAsync(AppDbContext db, int storeId, CancellationToken cancellationToken) =>
        db.KlaviyoConnections.SingleOrDefaultAsync(row => row.StoreId == storeId, cancellationToken);

    public static Task<PendingConnection?> FindPendingAsync(AppDbContext db, int storeId, CancellationToken cancellationToken) =>
        db.PendingConnections.SingleOrDefaultAsync(row => row.StoreId == storeId, cancellationToken);

    /// <summary>The account that the store is connected to, or, while it is not, was connected to last.</summary>
    public static async Task<KlaviyoAccount?> LastAccountAsync(AppDbContext db, int storeId, KlaviyoConnection? connection, CancellationToken cancellationToken)
    {
        if (connection is not null)
            return new KlaviyoAccount(connection.AccountId, connection.AccountName);
        var former = await db.Stores.Where(row => row.Id == storeId)
            .Select(row => new { row.FormerAccountId, row.FormerAccountName })
            .SingleAsync(cancellationToken);
        return former is { FormerAccountId: { } id, FormerAccountName: { } name } ? new KlaviyoAccount(id, name) : null;
    }

    /// <summary>Catalog ids are one namespace an account: two stores must not write over each other's products.</summary>
    public static async Task<bool> IsPrefixTakenAsync(AppDbContext db, int storeId, string accountId, CancellationToken cancellationToken)
    {
        var prefix = await db.Stores.Where(row => row.Id == storeId).Select(row => row.IdPrefix).SingleAsync(cancellationToken);
        var others = await db.KlaviyoConnections
            .Where(row => row.AccountId == accountId && row.StoreId != storeId)
            .Join(db.Stores, row => row.StoreId, other => other.Id, (_, other) => other.IdPrefix)
            .ToListAsync(cancellationToken);
        return others.Exists(other => AreAlike(prefix, other) || AreAlike(other, prefix));
    }

    /// <summary>A number after the one may be the same as a number after the other: <c>shop</c> with 215 and <c>shop2</c> with 15.</summary>
    private static bool AreAlike(string prefix, string longer) =>
        longer.StartsWith(prefix, StringComparison.Ordinal) && longer.AsSpan(prefix.Length).IndexOfAnyExceptInRange('0', '9') < 0;

    /// <summary>Makes the granted account the store's, now; what waits for another account is discarded.</summary>
    /// <returns>How many were discarded.</returns>
    public static async Task<int> ConnectAsync(
        AppDbContext db, AuthorizedStore store, KlaviyoConnection? connection, AccountGrant grant, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Record(db, store, connection is null ? NotConnected : Name(connection), Name(grant.Account.Id, grant.Account.Name), now);
        if (connection is null)
        {
            connection = KlaviyoConnection.Of(store.Id);
            db.KlaviyoConnections.Add(connection);
            ActivePeriods.Open(db, store.Id, ActivePeriod.Connection, now, grant.Account.Id);
        }
        else if (connection.AccountId != grant.Account.Id)
        {
            await ActivePeriods.CloseAsync(db, store.Id, ActivePeriod.Connection, now, cancellationToken);
            ActivePeriods.Open(db, store.Id, ActivePeriod.Connection, now, grant.Account.Id);
        }

        connection.Take(grant, store.Person.Name, now);
        await db.SaveChangesAsync(cancellationToken);
        var discarded = await PayloadCommands.DiscardAllOtherAccountsAsync(db, store.Id, cancellationToken);
        // Should the store come back to the account that it leaves, its subscribers' changes are still to be told there.
        await db.Subscribers.Where(row => row.StoreId == store.Id && row.Outcome == SubscriberOutcome.Queued
                && db.KlaviyoConnections.Any(connection => connection.StoreId == store.Id && connection.AccountId != row.AccountId))
            .ExecuteUpdateAsync(update => update.SetProperty(row => row.Outcome, SubscriberOutcome.Open), cancellationToken);
        return discarded;
    }

    public static async Task DisconnectAsync(
        AppDbContext db, AuthorizedStore store, KlaviyoConnection connection, DateTimeOffset now, CancellationToken cancellationToken)
    {
        db.KlaviyoConnections.Remove(connection);
        await db.Stores.Where(row => row.Id == store.Id).ExecuteUpdateAsync(
            update => update
                .SetProperty(row => row.FormerAccountId, connection.AccountId)
                .SetProperty(row => row.FormerAccountName, connection.AccountName),
            cancellationToken);
        await ActivePeriods.CloseAsync(db, store.Id, ActivePeriod.Connection, now, cancellationToken);
        Record(db, store, Name(connection), NotConnected, now);
    }

    private static void Record(AppDbContext db, AuthorizedStore store, string from, string to, DateTimeOffset now) => db.SettingChanges.Add(new SettingChange
    {
        StoreId = store.Id,
        AtUtc = now,
        Who = store.Person.Name,
        Subject = Subject,
        From = from,
        To = to,
    });

    private static string Name(KlaviyoConnection connection) => Name(connection.AccountId, connection.AccountName);

    private static string Name(string accountId, string accountName) => $"{accountName} ({accountId})";
}
