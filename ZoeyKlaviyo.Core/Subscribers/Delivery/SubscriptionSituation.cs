using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Subscribers.Delivery;

/// <summary>What decides now whether, and how, subscribers are sent.</summary>
/// <param name="Held">Why nothing may be sent, in words; null when something may.</param>
/// <param name="ListGone">Why nobody may be subscribed, though unsubscribed; null when they may.</param>
internal sealed record SubscriptionSituation(StoreSituation? Store, string? Held, string? ListId, string? ListGone, bool IsHistoricalOn)
{
    public string AccountId => Store?.AccountId ?? "";

    public static async Task<SubscriptionSituation> ReadAsync(AppDbContext db, int storeId, CancellationToken cancellationToken)
    {
        if (await StoreSituation.ReadAsync(db, storeId, cancellationToken) is not { } store)
            return new SubscriptionSituation(null, "The store is not connected to Klaviyo.", null, null, false);
        var on = await db.SwitchStates.Where(state => state.StoreId == storeId && state.IsOn).Select(state => state.Switch).ToListAsync(cancellationToken);
        var settings = await db.SubscriberSettings.AsNoTracking()
            .SingleOrDefaultAsync(row => row.StoreId == storeId && row.AccountId == store.AccountId, cancellationToken);
        var held = !on.Contains(Switch.IsEnabled) ? "Is Enabled is No: what waits is held."
            : !on.Contains(Switch.Subscribers) ? "Subscribers is No: what waits is held."
            : null;
        var gone = settings?.ListGoneUtc is not null
            ? $"Klaviyo no longer has the list {settings.ListName ?? settings.ListId}: nobody is subscribed until another list, or No list, is chosen on Manage Connection."
            : null;
        return new SubscriptionSituation(store, held, settings?.ListId, gone, on.Contains(Switch.HistoricalSubscribers));
    }

    /// <summary>When the person consented, for somebody who subscribed before the connection; null for all others, for whom opt-in and welcome flows work.</summary>
    public DateTimeOffset? ConsentedUtc(Subscriber row, DateTimeOffset now)
    {
        if (!row.IsHistorical)
            return null;
        // Klaviyo takes only what is past by its own clock.
        var latest = now - TimeSpan.FromMinutes(1);
        var consented = row.ChangedUtc ?? Store!.ConnectedFromUtc;
        return consented < latest ? consented : latest;
    }
}
