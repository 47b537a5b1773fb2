using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Events.Delivery;

/// <param name="LastId">Where the next batch begins; null when nothing waits any more.</param>
/// <param name="Held">Why nothing may be sent now, in words; null when something may.</param>
internal sealed record PayloadBatch(IReadOnlyList<Payload> Payloads, string AccountId, string IdPrefix, long? LastId, string? Held = null);

/// <summary>Takes payloads out of the outbox, so that each is in one batch of one run at a time.</summary>
internal static class PayloadClaims
{
    /// <summary>What goes out singly is settled more often, so that a process that dies does not send all of a thousand again.</summary>
    private const int MaxSingles = 100;

    /// <summary>Marks the next payloads Sending: about as many as one bulk call holds. They are read before, so that others can write meanwhile.</summary>
    public static async Task<PayloadBatch> ClaimAsync(RunContext context, PayloadPass pass, long afterId, CancellationToken cancellationToken)
    {
        if (afterId == 0)
            await BeginAsync(context, pass, cancellationToken);
        var batch = await context.ReadAsync(db => NextAsync(db, context.StoreId, pass, afterId, cancellationToken), cancellationToken);
        if (batch.LastId is null)
            return batch;
        return await context.WriteAsync(
            async (db, _) =>
            {
                var (accountId, _, held) = await MaySendAsync(db, context.StoreId, cancellationToken);
                if (held is not null || accountId != batch.AccountId)
                    return new PayloadBatch([], accountId, "", null, held ?? "The store was connected to another Klaviyo account meanwhile.");
                return await MarkAsync(db, context, Waiting(db, context.StoreId, accountId, pass), batch, cancellationToken);
            },
            cancellationToken);
    }

    private static Task BeginAsync(RunContext context, PayloadPass pass, CancellationToken cancellationToken) => context.WriteAsync(
        async (db, run) =>
        {
            await PayloadCommands.SettleOtherAccountsAsync(db, context.StoreId, cancellationToken);
            var (accountId, _, held) = await MaySendAsync(db, context.StoreId, cancellationToken);
            if (held is null)
                run.ProgressTotal = run.ProgressDone + await Waiting(db, context.StoreId, accountId, pass).CountAsync(cancellationToken);
            return true;
        },
        cancellationToken);

    private static async Task<PayloadBatch> NextAsync(AppDbContext db, int storeId, PayloadPass pass, long afterId, CancellationToken cancellationToken)
    {
        var (accountId, idPrefix, held) = await MaySendAsync(db, storeId, cancellationToken);
        if (held is not null)
            return new PayloadBatch([], accountId, idPrefix, null, held);
        var waiting = await Waiting(db, storeId, accountId, pass).Where(payload => payload.Id > afterId)
            .OrderBy(payload => payload.Id).Take(EventBatch.MaxEvents).ToListAsync(cancellationToken);
        var (size, doubtful) = (0L, 0);
        var payloads = waiting.TakeWhile((payload, index) =>
            ((size += payload.Properties.Length) <= EventBatch.MaxBytes && (doubtful += payload.InDoubt ? 1 : 0) <= MaxSingles) || index == 0).ToList();
        return new PayloadBatch(payloads, accountId, idPrefix, payloads.Count == 0 ? null : payloads[^1].Id);
    }

    private static async Task<PayloadBatch> MarkAsync(
        AppDbContext db, RunContext context, IQueryable<Payload> waiting, PayloadBatch batch, CancellationToken cancellationToken)
    {
        var ids = batch.Payloads.Select(payload => payload.Id).ToList();
        var marked = await waiting.Where(payload => EF.Parameter(ids).Contains(payload.Id)).ExecuteUpdateAsync(
            update => update.SetProperty(payload => payload.State, PayloadState.Sending).SetProperty(payload => payload.RunId, context.RunId),
            cancellationToken);
        if (marked == ids.Count)
            return batch;
        // Some were discarded since they were read.
        var left = await Sending(db, context).Where(payload => EF.Parameter(ids).Contains(payload.Id)).Select(payload => payload.Id).ToHashSetAsync(cancellationToken);
        return batch with { Payloads = batch.Payloads.Where(payload => left.Contains(payload.Id)).ToList() };
    }

    /// <summary>
    /// After a process ended half-way: what it had in Sending may have arrived, and goes out again under the same id. What came
    /// back from a run whose store has gone over to another account meanwhile does not.
    /// </summary>
    public static async Task AbandonAsync(AppDbContext db, long runId, int storeId, CancellationToken cancellationToken)
    {
        await db.Payloads
            .Where(payload => payload.StoreId == storeId && payload.State == PayloadState.Sending && payload.RunId == runId)
            .ExecuteUpdateAsync(
                update => update
                    .SetProperty(payload => payload.State, payload => payload.IsRetry ? PayloadState.Retry : PayloadState.New)
                    .SetProperty(payload => payload.InDoubt, true)
                    .SetProperty(payload => payload.RunId, (long?)null),
                cancellationToken);
        await PayloadCommands.SettleOtherAccountsAsync(db, storeId, cancellationToken);
    }

    /// <summary>What this run has in Sending.</summary>
    public static IQueryable<Payload> Sending(AppDbContext db, RunContext context) => db.Payloads
        .Where(payload => payload.StoreId == context.StoreId && payload.State == PayloadState.Sending && payload.RunId == context.RunId);

    private static IQueryable<Payload> Waiting(AppDbContext db, int storeId, string accountId, PayloadPass pass)
    {
        var waiting = db.Payloads.Where(payload => payload.StoreId == storeId && payload.AccountId == accountId
            && payload.Metric != Metrics.Subscribe && payload.Metric != Metrics.Unsubscribe);
        return pass switch
        {
            PayloadPass.New => waiting.Where(payload => payload.State == PayloadState.New),
            PayloadPass.AfterOutage => waiting.Where(payload => payload.State == PayloadState.Retry && payload.Outage),
            PayloadPass.Retries => waiting.Where(payload => payload.State == PayloadState.Retry),
            _ => throw new ArgumentOutOfRangeException(nameof(pass), pass, null),
        };
    }

    private static async Task<(string AccountId, string IdPrefix, string? Held)> MaySendAsync(AppDbContext db, int storeId, CancellationToken cancellationToken)
    {
        var store = await db.KlaviyoConnections.Where(connection => connection.StoreId == storeId)
            .Join(db.Stores, connection => connection.StoreId, store => store.Id, (connection, store) => new { connection.AccountId, store.IdPrefix })
            .SingleOrDefaultAsync(cancellationToken);
        if (store is null)
            return ("", "", "The store is not connected to Klaviyo.");
        var isEnabled = await SwitchQueries.IsOnAsync(db, storeId, Switch.IsEnabled, cancellationToken);
        return (store.AccountId, store.IdPrefix, isEnabled ? null : "Is Enabled is No: what waits is held.");
    }
}
