using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Settings;

internal static class SwitchQueries
{
    /// <summary>Whether a switch is Yes now; <see cref="ActivePeriods"/> knows what it was at other times.</summary>
    public static Task<bool> IsOnAsync(AppDbContext db, int storeId, Switch @switch, CancellationToken cancellationToken) =>
        db.SwitchStates.AnyAsync(state => state.StoreId == storeId && state.Switch == @switch && state.IsOn, cancellationToken);
}
