using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Settings;

/// <summary>When a store was connected and each of its switches was Yes: what decides whether an event counts.</summary>
public sealed class ActivePeriods
{
    private readonly Dictionary<string, List<(DateTimeOffset From, DateTimeOffset? To)>> _periods;

    internal ActivePeriods(IEnumerable<ActivePeriod> periods) =>
        _periods = periods
            .GroupBy(period => period.Subject)
            .ToDictionary(group => group.Key, group => group.Select(period => (period.FromUtc, period.ToUtc)).ToList());

    public bool WasOn(Switch @switch, DateTimeOffset at) => Covers(@switch.ToString(), at);

    public bool WasConnected(DateTimeOffset at) => Covers(ActivePeriod.Connection, at);

    public bool IsConnected => _periods.TryGetValue(ActivePeriod.Connection, out var periods) && periods.Any(period => period.To is null);

    private bool Covers(string subject, DateTimeOffset at) =>
        _periods.TryGetValue(subject, out var periods)
        && periods.Any(period => period.From <= at && (period.To is null || at < period.To));

    internal static void Open(AppDbContext db, int storeId, string subject, DateTimeOffset now) =>
        db.ActivePeriods.Add(new ActivePeriod { StoreId = storeId, Subject = subject, FromUtc = now });

    internal static async Task CloseAsync(AppDbContext db, int storeId, string subject, DateTimeOffset now, CancellationToken cancellationToken) =>
        await db.ActivePeriods
            .Where(period => period.StoreId == storeId && period.Subject == subject && period.ToUtc == null)
            .ExecuteUpdateAsync(update => update.SetProperty(period => period.ToUtc, (DateTimeOffset?)now), cancellationToken);
}
