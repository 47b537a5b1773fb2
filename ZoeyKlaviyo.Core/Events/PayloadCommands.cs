using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Stores;

namespace ZoeyKlaviyo.Core.Events;

/// <summary>What people do with payloads that did not go through.</summary>
public sealed class PayloadCommands(Database database, StoreSignals signals, TimeProvider time)
{
    /// <summary>Failed → Retry: it goes out in the next retry run.</summary>
    /// <returns>False when it is no longer failed.</returns>
    public Task<bool> RetryAsync(AuthorizedStore store, long payloadId, CancellationToken cancellationToken) => ChangeAsync(
        store,
        db => db.Payloads.Where(payload => payload.Id == payloadId && payload.StoreId == store.Id && payload.State == PayloadState.Failed)
            .ExecuteUpdateAsync(
                update => update.SetProperty(payload => payload.State, PayloadState.Retry).SetProperty(payload => payload.NextTryUtc, time.GetUtcNow()),
                cancellationToken),
        cancellationToken);

    /// <summary>Retry or Failed → Discarded: it is never sent.</summary>
    /// <returns>False when it is neither any more.</returns>
    public Task<bool> DiscardAsync(AuthorizedStore store, long payloadId, CancellationToken cancellationToken) => ChangeAsync(
        store,
        db => db.Payloads
            .Where(payload => payload.Id == payloadId && payload.StoreId == store.Id
                && (payload.State == PayloadState.Failed || payload.State == PayloadState.Retry))
            .ExecuteUpdateAsync(
                update => update.SetProperty(payload => payload.State, PayloadState.Discarded).SetProperty(payload => payload.NextTryUtc, (DateTimeOffset?)null),
                cancellationToken),
        cancellationToken);

    /// <summary>What was recorded for another Klaviyo account and is not sent yet.</summary>
    internal static IQueryable<Payload> WaitingForOthers(AppDbContext db, int storeId, string accountId) => db.Payloads.Where(payload =>
        payload.StoreId == storeId && payload.AccountId != accountId
        && (payload.State == PayloadState.New || payload.State == PayloadState.Sending || payload.State == PayloadState.Retry));

    /// <summary>At a switch: all that waits was recorded for another Klaviyo account than the one now connected, and is never sent to it.</summary>
    internal static Task<int> DiscardAllOtherAccountsAsync(AppDbContext db, int storeId, CancellationToken cancellationToken) =>
        DiscardAsync(ForOthers(db, storeId), cancellationToken);

    /// <summary>
    /// After a switch: discards what was recorded for another Klaviyo account than the connected one. What happened and was received
    /// since the switch is sent to it instead: an instance of the application, or a request under way, had not seen the switch yet.
    /// Without a connection all stays.
    /// </summary>
    internal static async Task SettleOtherAccountsAsync(AppDbContext db, int storeId, CancellationToken cancellationToken)
    {
        // Nearly always there is none, and the database need not compare each payload with all others.
        var accountId = await db.KlaviyoConnections.Where(row => row.StoreId == storeId).Select(row => row.AccountId).SingleOrDefaultAsync(cancellationToken);
        if (accountId is null || !await WaitingForOthers(db, storeId, accountId).AnyAsync(cancellationToken))
            return;
        var late = ReceivedSinceTheSwitch(db, storeId);
        await DiscardAsync(ForOthers(db, storeId).Where(payload => !late.Any(row => row.Id == payload.Id)), cancellationToken);
        await late.ExecuteUpdateAsync(
            update => update.SetProperty(
                payload => payload.AccountId,
                payload => db.KlaviyoConnections.Where(connection => connection.StoreId == payload.StoreId).Select(connection => connection.AccountId).First()),
            cancellationToken);
    }

    private static IQueryable<Payload> ForOthers(AppDbContext db, int storeId) => db.Payloads.Where(payload =>
        payload.StoreId == storeId
        && (payload.State == PayloadState.New || payload.State == PayloadState.Retry)
        && db.KlaviyoConnections.Any(connection => connection.StoreId == storeId && connection.AccountId != payload.AccountId));

    /// <summary>Never tried and unlike anything the connected account has; of those that are alike the newest.</summary>
    private static IQueryable<Payload> ReceivedSinceTheSwitch(AppDbContext db, int storeId) => db.Payloads.Where(payload =>
        payload.StoreId == storeId
        && payload.State == PayloadState.New && payload.Attempts == 0 && !payload.InDoubt
        && db.KlaviyoConnections.Any(connection => connection.StoreId == storeId
            && connection.AccountId != payload.AccountId
            // Connecting the same account again is no switch, and leaves its period open. One without an account may be older than the switch.
            && db.ActivePeriods.Any(period => period.StoreId == storeId && period.Subject == ActivePeriod.Connection && period.ToUtc == null
                && (period.AccountId == connection.AccountId || (period.AccountId == null && connection.ConnectedUtc <= payload.OccurredUtc))
                && period.FromUtc <= payload.OccurredUtc && period.FromUtc <= payload.ReceivedUtc)
            && !db.Payloads.Any(other => other.StoreId == storeId && other.Metric == payload.Metric && other.Email == payload.Email
                && other.UniqueId == payload.UniqueId && (other.AccountId == connection.AccountId || other.Id > payload.Id))));

    private static Task<int> DiscardAsync(IQueryable<Payload> payloads, CancellationToken cancellationToken) => payloads.ExecuteUpdateAsync(
        update => update
            .SetProperty(payload => payload.State, PayloadState.Discarded)
            .SetProperty(payload => payload.NextTryUtc, (DateTimeOffset?)null)
            .SetProperty(payload => payload.Error, "Discarded: the store was connected to another Klaviyo account."),
        cancellationToken);

    private async Task<bool> ChangeAsync(AuthorizedStore store, Func<AppDbContext, Task<int>> change, CancellationToken cancellationToken)
    {
        var changed = await database.WriteAsync(change, cancellationToken);
        signals.RunsChanged(store.Id);
        return changed > 0;
    }
}
