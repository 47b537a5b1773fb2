using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Subscribers;

/// <summary>How soon a change in the store's newsletter reaches Klaviyo.</summary>
public enum SubscriberSpeed
{
    /// <summary>There is no source: nothing is sent.</summary>
    NotAvailable,

    /// <summary>Only what was uploaded.</summary>
    File,

    /// <summary>The store's list can't be asked for what is new.</summary>
    Daily,

    /// <summary>New subscribers within 10 minutes; what changes of older ones comes daily.</summary>
    NewWithinMinutes,
    WithinMinutes,
}

/// <summary>What is known of a store's subscribers, for the connected account.</summary>
/// <param name="IsApiSetUp">The store's REST API has an address and credentials.</param>
/// <param name="Subscribed">Whom the store has as subscribed.</param>
/// <param name="Open">Whose last change Klaviyo has not been told yet.</param>
/// <param name="OptOuts">Who gets no mail from Klaviyo, as last read.</param>
public sealed record SubscriberSummary(
    bool IsApiSetUp, SubscriberSpeed Speed, SubscriberReading Reading, SubscriberSettings Settings, int Subscribed, int Open, int OptOuts);

public sealed class SubscriberOverview(Database database, IZoeyClient zoey)
{
    /// <returns>Null while the store is not connected.</returns>
    public async Task<SubscriberSummary?> ReadAsync(AuthorizedStore store, CancellationToken cancellationToken)
    {
        var isSetUp = await zoey.IsSetUpAsync(store.Id, cancellationToken);
        return await database.ReadAsync(
            async db =>
            {
                if (await StoreSituation.ReadAsync(db, store.Id, cancellationToken) is not { AccountId: var accountId })
                    return null;
                var reading = await db.SubscriberReadings.SingleOrDefaultAsync(row => row.StoreId == store.Id && row.AccountId == accountId, cancellationToken)
                    ?? new SubscriberReading { StoreId = store.Id, AccountId = accountId };
                var settings = await db.SubscriberSettings.SingleOrDefaultAsync(row => row.StoreId == store.Id && row.AccountId == accountId, cancellationToken)
                    ?? new SubscriberSettings { StoreId = store.Id, AccountId = accountId };
                var groups = await db.Subscribers.Where(row => row.StoreId == store.Id && row.AccountId == accountId)
                    .GroupBy(row => new { row.Outcome, row.Status }).Select(group => new { group.Key.Outcome, group.Key.Status, Count = group.Count() }).ToListAsync(cancellationToken);
                var optOuts = await db.OptOuts.CountAsync(row => row.StoreId == store.Id && row.AccountId == accountId, cancellationToken);
                return new SubscriberSummary(
                    isSetUp,
                    SpeedOf(isSetUp, reading),
                    reading,
                    settings,
                    groups.Where(group => group.Status == SubscriberStatus.Subscribed && group.Outcome != SubscriberOutcome.Invalid).Sum(group => group.Count),
                    groups.Where(group => group.Outcome is SubscriberOutcome.Open or SubscriberOutcome.Queued).Sum(group => group.Count),
                    optOuts);
            },
            cancellationToken);
    }

    private static SubscriberSpeed SpeedOf(bool isSetUp, SubscriberReading reading) =>
        reading.LastPushUtc is not null ? SubscriberSpeed.WithinMinutes
        : isSetUp && !reading.IsMissing ? reading.CanFilterChanges ? SubscriberSpeed.WithinMinutes : SubscriberSpeed.NewWithinMinutes
        : reading.LastFileUtc is not null ? SubscriberSpeed.File
        : SubscriberSpeed.NotAvailable;
}
