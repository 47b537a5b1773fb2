using Cronos;
using Microsoft.Extensions.Options;

namespace ZoeyKlaviyo.Core.Scheduling;

/// <summary>When each kind is due, from the configuration.</summary>
public sealed class SyncSchedules
{
    private static readonly Dictionary<SyncKind, string> s_defaults = new()
    {
        [SyncKind.Events] = "*/10 * * * *",
        [SyncKind.Subscribers] = "0 0 * * *",
        [SyncKind.Categories] = "0 2 * * *",
        [SyncKind.Products] = "0 3 * * *",
        [SyncKind.Variants] = "0 4 * * *",
    };

    private static readonly TimeSpan s_nearEnough = TimeSpan.FromHours(1);

    private readonly Dictionary<SyncKind, CronExpression> _crons;
    private readonly TimeSpan _retryEvery;

    /// <exception cref="InvalidOperationException">A schedule can't be used; the message names its key.</exception>
    public SyncSchedules(IOptions<SyncOptions> options)
    {
        foreach (var key in options.Value.Schedules.Keys)
        {
            if (!s_defaults.Keys.Any(kind => kind.ToString() == key))
                throw new InvalidOperationException($"Sync:Schedules:{key} is not known; allowed are {string.Join(", ", s_defaults.Keys)}.");
        }

        if (options.Value.RetryEvery <= TimeSpan.Zero)
            throw new InvalidOperationException("Sync:RetryEvery must be longer than zero, such as 10:00:00.");
        if (options.Value.MaxParallelRuns < 1)
            throw new InvalidOperationException("Sync:MaxParallelRuns must be at least 1.");
        _retryEvery = options.Value.RetryEvery;
        _crons = s_defaults.ToDictionary(
            entry => entry.Key,
            entry => Parse(entry.Key, options.Value.Schedules.GetValueOrDefault(entry.Key.ToString(), entry.Value)));
    }

    /// <summary>The first due time after the last run that counts.</summary>
    public DateTimeOffset NextAfter(SyncKind kind, DateTimeOffset lastCountedUtc) =>
        kind == SyncKind.Retries ? lastCountedUtc + _retryEvery : Occurrence(_crons[kind], lastCountedUtc);

    /// <summary>
    /// The last run lies so far ahead that the clock must have been set back since. Waiting for its successor would be a long
    /// silence; a nearer one is believed, so that neither an instance whose clock is late nor an hour set back runs a day twice.
    /// </summary>
    internal bool IsOfAnotherClock(SyncKind kind, DateTimeOffset lastCountedUtc, DateTimeOffset now) =>
        lastCountedUtc - now > (NextAfter(kind, NextAfter(kind, now)) - NextAfter(kind, now)) / 2;

    /// <summary>
    /// A daily run missed while the process was down is made up once, unless the next is under an hour away; what runs more
    /// often than that is simply due.
    /// </summary>
    internal bool IsWorthCatchingUp(SyncKind kind, DateTimeOffset dueUtc, DateTimeOffset now)
    {
        if (kind == SyncKind.Retries)
            return true;
        var cron = _crons[kind];
        var next = Occurrence(cron, now);
        var isFrequent = Occurrence(cron, next) - next <= s_nearEnough;
        var isOnTime = now - dueUtc < TimeSpan.FromMinutes(5);
        return isFrequent || isOnTime || next - now >= s_nearEnough;
    }

    private static DateTimeOffset Occurrence(CronExpression cron, DateTimeOffset after) =>
        new(cron.GetNextOccurrence(after.UtcDateTime) ?? DateTime.MaxValue.AddDays(-1), TimeSpan.Zero);

    private static CronExpression Parse(SyncKind kind, string text)
    {
        try
        {
            var cron = CronExpression.Parse(text);
            return cron.GetNextOccurrence(DateTime.UnixEpoch) is not null
                ? cron
                : throw new InvalidOperationException($"Sync:Schedules:{kind} \"{text}\" never comes due.");
        }
        catch (CronFormatException exception)
        {
            throw new InvalidOperationException($"Sync:Schedules:{kind} \"{text}\" is not a cron expression: {exception.Message}", exception);
        }
    }
}
