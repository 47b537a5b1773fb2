using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Access;
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

    /// <summary>What was recorded for another Klaviyo account than the connected one is never sent to it. Without a connection it stays.</summary>
    internal static Task<int> DiscardOtherAccountsAsync(AppDbContext db, int storeId, CancellationToken cancellationToken) =>
        db.Payloads
            .Where(payload => payload.StoreId == storeId
                && (payload.State == PayloadState.New || payload.State == PayloadState.Retry)
                && db.KlaviyoConnections.Any(connection => connection.StoreId == storeId && connection.AccountId != payload.AccountId))
            .ExecuteUpdateAsync(
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
