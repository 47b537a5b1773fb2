using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;

namespace ZoeyKlaviyo.Core.Catalog.Sending;

/// <summary>Sends what is open of a kind, while the store is still read, and follows each job to its end.</summary>
internal sealed class CatalogSender(RunContext context, CatalogSituation situation, CatalogKind kind, CatalogProgress progress, CatalogServices services)
{
    private const int AtOnce = 4;
    private const int PollsAtOnce = 8;

    /// <summary>Klaviyo takes many minutes for a job at times; after this a run ends, and the next one asks again.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(40);

    /// <summary>Further ahead no job is asked again, unless the clock was set back.</summary>
    private static readonly TimeSpan s_farthest = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_room = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_countAge = TimeSpan.FromSeconds(2);
    /// <summary>Klaviyo forgets jobs by then.</summary>
    private static readonly TimeSpan s_stale = TimeSpan.FromDays(7);

    private readonly TimeProvider _time = services.Time;
    private readonly CatalogClaims _claims = new(situation, kind, services.Time);
    private readonly JobCalls _calls = new(context, situation, kind, progress, services);
    private readonly RelinkCalls _relinks = new(context, situation, progress, services);
    private DateTimeOffset? _countedUtc;
    private DateTimeOffset? _fullSinceUtc;

    /// <summary>Klaviyo took no further job when the last ones were to be sent, of whichever kind or store.</summary>
    private bool _isFull;

    /// <summary>Returns once all is sent and every job has ended, or when it makes no sense to go on, which the progress tells.</summary>
    public async Task SendAsync(Task reading, CancellationToken stop)
    {
        await _calls.RecoverAsync(stop);
        while (!progress.IsEnded)
        {
            stop.ThrowIfCancellationRequested();
            var isReading = !reading.IsCompleted;
            await CountAsync(stop);
            if (await StepAsync(isReading, stop) || progress.IsEnded)
                continue;
            if (reading.IsFaulted)
                return;
            var (next, isPatient) = await NextPollAsync(stop);
            if (!isReading && next is null && !await WaitForRoomAsync(stop))
                return;
            if (!isReading && next is not null && !isPatient)
            {
                progress.MissFor($"Klaviyo is still at work on {Jobs(progress.Jobs)}, the oldest waiting since {progress.OldestJobUtc:yyyy-MM-dd HH:mm} UTC. The next run asks again.");
                return;
            }

            if (isReading || next is not null)
                await WaitAsync(reading, isReading, next, stop);
        }
    }

    /// <returns>False when there is nothing to send, or no room for too long.</returns>
    private async Task<bool> WaitForRoomAsync(CancellationToken stop)
    {
        if (!_isFull)
            return false;
        _countedUtc = null;
        await CountAsync(stop);
        if (progress.Open == 0)
            return false;
        _fullSinceUtc ??= _time.GetUtcNow();
        if (_time.GetUtcNow() - _fullSinceUtc > s_patience)
        {
            progress.MissFor($"Klaviyo works on as many jobs as it takes at a time ({KlaviyoCatalogClient.MaxJobs}), so {progress.Open} records wait for the next run.");
            return false;
        }

        await context.WaitAsync(s_room, stop);
        return true;
    }

    private static string Jobs(int count) => count == 1 ? "1 job" : $"{count} jobs";

    /// <returns>Whether there was anything to do.</returns>
    private async Task<bool> StepAsync(bool isReading, CancellationToken stop)
    {
        var polled = await PollAsync(stop);
        var sent = await SendAsync(isReading);
        var linked = kind == CatalogKind.Item && !progress.IsEnded && await _relinks.SendAsync(stop);
        return polled || sent || linked;
    }

    private async Task<bool> SendAsync(bool isReading)
    {
        var claimed = new List<ClaimedJob>();
        _isFull = progress.AccountJobs >= KlaviyoCatalogClient.MaxJobs || _calls.FullUntilUtc > _time.GetUtcNow();
        while (claimed.Count < AtOnce && !_isFull && progress.AccountJobs + claimed.Count < KlaviyoCatalogClient.MaxJobs)
        {
            if (await context.WriteAsync((db, _) => _claims.NextAsync(db, onlyFull: isReading), CancellationToken.None) is not { } next)
                break;
            claimed.Add(next);
        }

        await Task.WhenAll(claimed.Select(_calls.StartAsync));
        if (claimed.Count > 0)
            (_countedUtc, _fullSinceUtc) = (null, _calls.FullUntilUtc > _time.GetUtcNow() ? _fullSinceUtc : null);
        else
            await HoldAsync();
        return claimed.Count > 0;
    }

    /// <summary>Nothing was claimed: perhaps because nothing may be sent any more.</summary>
    private async Task HoldAsync()
    {
        var now = await context.ReadAsync(db => CatalogSituation.ReadAsync(db, context.StoreId, kind, CancellationToken.None), CancellationToken.None);
        if (now.Held is { } held)
            progress.HoldFor(held);
        else if (now.AccountId != situation.AccountId)
            progress.HoldFor("The store was connected to another Klaviyo account meanwhile.");
    }

    private async Task<bool> PollAsync(CancellationToken stop)
    {
        var (now, farthest) = (_time.GetUtcNow(), _time.GetUtcNow() + s_farthest);
        var due = await context.ReadAsync(
            db => db.CatalogJobs
                .Where(job => job.StoreId == context.StoreId && job.AccountId == situation.AccountId && job.Kind == kind && job.KlaviyoId != null
                    && (job.NextPollUtc <= now || job.NextPollUtc > farthest))
                .OrderBy(job => job.NextPollUtc).Take(PollsAtOnce).ToListAsync(stop),
            stop);
        await Task.WhenAll(due.Select(_calls.PollAsync));
        if (due.Count > 0)
            _countedUtc = null;
        return due.Count > 0;
    }

    private Task<(DateTimeOffset? Next, bool IsPatient)> NextPollAsync(CancellationToken stop) => context.ReadAsync<(DateTimeOffset?, bool)>(
        async db =>
        {
            var since = _time.GetUtcNow() - s_patience;
            var jobs = db.CatalogJobs.Where(job => job.StoreId == context.StoreId && job.AccountId == situation.AccountId && job.Kind == kind && job.KlaviyoId != null);
            var next = await jobs.OrderBy(job => job.NextPollUtc).Select(job => (DateTimeOffset?)job.NextPollUtc).FirstOrDefaultAsync(stop);
            return (next, await jobs.AnyAsync(job => job.SentUtc > since, stop));
        },
        stop);

    private async Task WaitAsync(Task reading, bool isReading, DateTimeOffset? next, CancellationToken stop)
    {
        var delay = next - _time.GetUtcNow() is { } until && (until < s_look || !isReading) ? until : s_look;
        if (delay > s_farthest)
            delay = s_farthest;
        if (delay < TimeSpan.FromMilliseconds(50))
            delay = TimeSpan.FromMilliseconds(50);
        if (!isReading)
            await context.WaitAsync(delay, stop);
        else
            await Task.WhenAny(reading, Task.Delay(delay, _time, stop));
    }

    private async Task CountAsync(CancellationToken stop)
    {
        var now = _time.GetUtcNow();
        if (now - _countedUtc < s_countAge)
            return;
        _countedUtc = now;
        await context.WriteAsync(
            async (db, run) =>
            {
                var jobs = db.CatalogJobs.Where(job => job.StoreId == context.StoreId && job.AccountId == situation.AccountId && job.Kind == kind);
                (progress.Jobs, progress.OldestJobUtc) = (await jobs.CountAsync(stop), await jobs.MinAsync(job => (DateTimeOffset?)job.SentUtc, stop));
                progress.UnderWay = await CatalogBook.Of(db, situation, kind).CountAsync(row => row.State == CatalogState.Sending, stop);
                var since = now - s_stale;
                progress.AccountJobs = await db.CatalogJobs.CountAsync(job => job.AccountId == situation.AccountId && job.SentUtc > since, stop);
                progress.Open = await CatalogBook.Of(db, situation, kind).CountAsync(row => row.State == CatalogState.Open, stop);
                progress.Show(run);
                return true;
            },
            stop);
    }
}
