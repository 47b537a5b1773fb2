using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Settings;

internal static class SwitchDefaults
{
    /// <summary>Gives a store the switches it does not have yet, new ones of a later version too; the periods of those that are Yes start now.</summary>
    public static async Task EnsureAsync(AppDbContext db, int storeId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var known = await db.SwitchStates.Where(state => state.StoreId == storeId).Select(state => state.Switch).ToListAsync(cancellationToken);
        foreach (var definition in SwitchCatalog.All.ExceptBy(known, definition => definition.Switch))
        {
            db.SwitchStates.Add(new SwitchState
            {
                StoreId = storeId,
                Switch = definition.Switch,
                IsOn = definition.Default,
                Version = 1,
                ChangedUtc = now,
            });
            if (definition.Default)
                ActivePeriods.Open(db, storeId, definition.Switch.ToString(), now);
        }
    }
}
