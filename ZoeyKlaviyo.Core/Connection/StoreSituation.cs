using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Connection;

/// <summary>What an order or a consent is judged by: the connected Klaviyo account, and all periods ever, as an order may be paid days after it was placed.</summary>
/// <param name="ConnectedFromUtc">When the store was first connected to this account.</param>
internal sealed record StoreSituation(string AccountId, string IdPrefix, ActivePeriods Periods, DateTimeOffset ConnectedFromUtc)
{
    /// <returns>Null while the store is not connected.</returns>
    public static async Task<StoreSituation?> ReadAsync(AppDbContext db, int storeId, CancellationToken cancellationToken)
    {
        var store = await db.KlaviyoConnections.Where(connection => connection.StoreId == storeId)
            .Join(db.Stores, connection => connection.StoreId, store => store.Id, (connection, store) => new { connection.AccountId, connection.ConnectedUtc, store.IdPrefix })
            .SingleOrDefaultAsync(cancellationToken);
        if (store is null)
            return null;
        var periods = await db.ActivePeriods.AsNoTracking().Where(period => period.StoreId == storeId).ToListAsync(cancellationToken);
        var first = periods
            .Where(period => period.Subject == ActivePeriod.Connection && (period.AccountId is null || period.AccountId == store.AccountId))
            .Min(period => (DateTimeOffset?)period.FromUtc);
        return new StoreSituation(store.AccountId, store.IdPrefix, new ActivePeriods(periods, store.AccountId), first ?? store.ConnectedUtc);
    }
}
