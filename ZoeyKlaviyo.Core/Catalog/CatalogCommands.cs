using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Stores;

namespace ZoeyKlaviyo.Core.Catalog;

/// <param name="Count">Deletions that are held.</param>
/// <param name="Moved">Of these, what the store still has, with another id or product: it is created anew afterwards.</param>
/// <param name="Variants">Variants that Klaviyo deletes with their products.</param>
public sealed record DeletionPreview(int Count, int Moved, int Variants);

/// <summary>What people decide about a store's catalog.</summary>
public sealed class CatalogCommands(Database database, RunQueue queue, StoreSignals signals, TimeProvider time)
{
    /// <summary>What confirming would do now.</summary>
    public Task<DeletionPreview> PreviewAsync(AuthorizedStore store, CatalogKind kind, CancellationToken cancellationToken) => database.ReadAsync(
        async db =>
        {
            var situation = await CatalogSituation.ReadAsync(db, store.Id, null, cancellationToken);
            var held = CatalogBook.Of(db, situation, kind).Where(CatalogParts.Filter(CatalogPart.Held));
            var variants = kind != CatalogKind.Item ? 0 : await held
                .Join(CatalogBook.Of(db, situation, CatalogKind.Variant).Where(row => row.IsInKlaviyo), item => item.KlaviyoExternalId ?? item.ExternalId, row => row.KlaviyoParentId, (_, row) => row.Id)
                .CountAsync(cancellationToken);
            return new DeletionPreview(await held.CountAsync(cancellationToken), await held.CountAsync(row => !row.IsGone, cancellationToken), variants);
        },
        cancellationToken);

    /// <inheritdoc cref="ConfirmDeletionsAsync(AuthorizedStore, CatalogKind, int?, CancellationToken)"/>
    public Task<(int Count, QueuedRun? Run)> ConfirmDeletionsAsync(AuthorizedStore store, CatalogKind kind, CancellationToken cancellationToken) =>
        ConfirmDeletionsAsync(store, kind, null, cancellationToken);

    /// <summary>Deletions that are held are done by the run this queues, but for what the store's list has again.</summary>
    /// <param name="shown">How many the person was told of: when there are more now, nothing is done. Null: any number.</param>
    /// <returns>How many; and the run, unless there were none.</returns>
    /// <exception cref="AccessDeniedException">The person is not an admin of the store.</exception>
    public async Task<(int Count, QueuedRun? Run)> ConfirmDeletionsAsync(AuthorizedStore store, CatalogKind kind, int? shown, CancellationToken cancellationToken)
    {
        var count = await DecideAsync(store, kind, Removal.Confirmed, CatalogState.Held, "confirmed", shown, cancellationToken);
        return (count, count == 0 ? null : await queue.QueueAsync(store.Id, CatalogOverview.SyncKindOf(kind), RunTrigger.Manual, store.Person.Name, cancellationToken));
    }

    /// <summary>What is held stays in Klaviyo, and is not asked about again unless the store has it, and loses it, once more.</summary>
    /// <returns>How many.</returns>
    /// <exception cref="AccessDeniedException">The person is not an admin of the store.</exception>
    public Task<int> KeepAsync(AuthorizedStore store, CatalogKind kind, CancellationToken cancellationToken) =>
        DecideAsync(store, kind, Removal.Kept, CatalogState.Kept, "declined: kept in Klaviyo", null, cancellationToken);

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

    private async Task<int> DecideAsync(
        AuthorizedStore store, CatalogKind kind, Removal removal, CatalogState state, string words, int? most, CancellationToken cancellationToken)
    {
        store.RequireManage();
        var count = await database.WriteAsync(
            async db =>
            {
                var situation = await CatalogSituation.ReadAsync(db, store.Id, null, cancellationToken);
                var held = CatalogBook.Of(db, situation, kind).Where(CatalogParts.Filter(CatalogPart.Held));
                if (most is not null && await held.CountAsync(cancellationToken) > most)
                    return 0;
                var decided = await held
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
