using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Settings;

/// <summary>When a store was connected and each of its switches was Yes: what decides whether an event counts.</summary>
public sealed class ActivePeriods
{
    private readonly Dictionary<string, List<(DateTimeOffset From, DateTimeOffset? To)>> _periods;

    /// <param name="accountId">The connected Klaviyo account: a time of another account's counts as not connected.</param>
    internal ActivePeriods(IEnumerable<ActivePeriod> periods, string? accountId) =>
        _periods = periods
            .Where(period => period.AccountId is null || period.AccountId == accountId)
            .GroupBy(period => period.Subject)
            .ToDictionary(group => group.Key, group => group.Select(period => (period.FromUtc, period.ToUtc)).ToList());

    public bool WasOn(Switch @switch, DateTimeOffset at) => Covers(@switch.ToString(), at);

    public bool WasConnected(DateTimeOffset at) => Covers(ActivePeriod.Connection, at);

    public bool IsConnected => _periods.TryGetValue(ActivePeriod.Connection, out var periods) && periods.Any(period => period.To is null);

    private bool Covers(string subject, DateTimeOffset at) =>
        _periods.TryGetValue(subject, out var periods)
        && periods.Any(period => period.From <= at && (period.To is null || at < period.To));

    internal static void Open(AppDbContext db, int storeId, string subject, DateTimeOffset now, string? accountId = null) =>
        db.ActivePeriods.Add(new ActivePeriod { StoreId = storeId, Subject = subject, AccountId = accountId, FromUtc = now });

    internal static async Task CloseAsync(AppDbContext db, int storeId, string subject, DateTimeOffset now, CancellationToken cancellationToken) =>
        await db.ActivePeriods
            .Where(period => period.StoreId == storeId && period.Subject == subject && period.ToUtc == null)
            .ExecuteUpdateAsync(update => update.SetProperty(period => period.ToUtc, (DateTimeOffset?)now), cancellationToken);
}
