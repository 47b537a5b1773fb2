using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Stores;

namespace ZoeyKlaviyo.Core.Catalog;

/// <summary>What people decide about a store's catalog.</summary>
public sealed class CatalogCommands(Database database, RunQueue queue, StoreSignals signals, TimeProvider time)
{
    /// <summary>Deletions that are held are done by the run this queues, but for what the store's list has again.</summary>
    /// <returns>How many; and the run, unless there were none.</returns>
    /// <exception cref="AccessDeniedException">The person is no admin of the store.</exception>
    public async Task<(int Count, QueuedRun? Run)> ConfirmDeletionsAsync(AuthorizedStore store, CatalogKind kind, CancellationToken cancellationToken)
    {
        var count = await DecideAsync(store, kind, Removal.Confirmed, CatalogState.Held, "confirmed", cancellationToken);
        return (count, count == 0 ? null : await queue.QueueAsync(store.Id, CatalogOverview.SyncKindOf(kind), RunTrigger.Manual, store.Person.Name, cancellationToken));
    }

    /// <summary>What is held stays in Klaviyo, and is not asked about again unless the store has it, and loses it, once more.</summary>
    /// <returns>How many.</returns>
    /// <exception cref="AccessDeniedException">The person is no admin of the store.</exception>
    public Task<int> KeepAsync(AuthorizedStore store, CatalogKind kind, CancellationToken cancellationToken) =>
        DecideAsync(store, kind, Removal.Kept, CatalogState.Kept, "declined: kept in Klaviyo", cancellationToken);

    /// <summary>Reads one record again from the store, and sends it if it differs.</summary>
    /// <returns>Null when there is no such record.</returns>
    public async Task<QueuedRun?> SyncRecordAsync(AuthorizedStore store, long recordId, CancellationToken cancellationToken)
    {
        var isFound = await database.WriteAsync(
            async db => await db.CatalogRecords.Where(row => row.Id == recordId && row.StoreId == store.Id)
                .ExecuteUpdateAsync(update => update.SetProperty(row => row.RequestedBy, store.Person.Name).SetProperty(row => row.RefusedUtc, (DateTimeOffset?)null), cancellationToken) > 0,
            cancellationToken);
        return isFound ? await queue.QueueAsync(store.Id, SyncKind.CatalogRecord, RunTrigger.Manual, store.Person.Name, cancellationToken) : null;
    }

    private async Task<int> DecideAsync(AuthorizedStore store, CatalogKind kind, Removal removal, CatalogState state, string words, CancellationToken cancellationToken)
    {
        store.RequireManage();
        var count = await database.WriteAsync(
            async db =>
            {
                var situation = await CatalogSituation.ReadAsync(db, store.Id, null, cancellationToken);
                var decided = await CatalogBook.Of(db, situation, kind).Where(row => row.Removal == Removal.Held)
                    .ExecuteUpdateAsync(update => update.SetProperty(row => row.Removal, removal).SetProperty(row => row.State, state), cancellationToken);
                if (decided > 0)
                {
                    db.SettingChanges.Add(new SettingChange
                    {
                        StoreId = store.Id,
                        AtUtc = time.GetUtcNow(),
                        Who = store.Person.Name,
                        Subject = $"Deletions of {CatalogOverview.SyncKindOf(kind).ToString().ToLowerInvariant()}",
                        From = $"{decided} held",
                        To = words,
                    });
                }

                return decided;
            },
            cancellationToken);
        signals.RunsChanged(store.Id);
        return count;
    }
}
