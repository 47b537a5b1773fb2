using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Events.Delivery;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;

namespace ZoeyKlaviyo.Core.Catalog.Sending;

/// <summary>Starts jobs, asks what became of them, and finds those again whose answer was lost.</summary>
internal sealed class JobCalls(RunContext context, CatalogSituation situation, CatalogKind kind, CatalogProgress progress, CatalogServices services)
{
    private const double Slower = 1.5;
    private static readonly TimeSpan s_firstPoll = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_lastPoll = TimeSpan.FromSeconds(60);

    /// <summary>A job that Klaviyo has not ended by then is not waited for: its rows are sent again.</summary>
    private static readonly TimeSpan s_end = TimeSpan.FromHours(24);

    /// <summary>Between Klaviyo's clock and ours.</summary>
    private static readonly TimeSpan s_skew = TimeSpan.FromMinutes(2);

    /// <summary>After Klaviyo said that it works on too many jobs, whoever sent them.</summary>
    private static readonly TimeSpan s_fullPause = TimeSpan.FromSeconds(10);

    private readonly CatalogSettlement _settlement = new(situation, services.Time);
    private readonly OutageCheck _outage = new(services.Klaviyo, services.Calls, context.StoreId, situation.AccountId);

    /// <summary>Until then Klaviyo takes no further job.</summary>
    public DateTimeOffset FullUntilUtc { get; private set; }

    public async Task StartAsync(ClaimedJob claimed)
    {
        var (job, rows) = (claimed.Job, claimed.Records.Select(record => CatalogClaims.Row(record, claimed.Job.Operation)).ToList());
        CatalogJobState? started = null;
        var answer = await services.Calls.SendAsync(
            context.StoreId, situation.AccountId,
            async (credential, cancellationToken) =>
            {
                var result = await services.Catalog.StartAsync(credential, kind, job.Operation, rows, cancellationToken);
                started = result.Job;
                return result.Answer;
            },
            CancellationToken.None);
        if (started is not null)
            await KeepAsync(job.Id, started, isCertain: true);
        else if (KlaviyoCatalogClient.IsFull(answer))
            await PauseAsync(job);
        else if (answer.Verdict == Verdict.Refused || IsAboutRows(answer))
            await RefusedAsync(claimed, answer);
        else
            await UnansweredAsync(claimed, answer);
    }

    public async Task PollAsync(CatalogJob job)
    {
        CatalogJobState? state = null;
        var answer = await services.Calls.SendAsync(
            context.StoreId, situation.AccountId,
            async (credential, cancellationToken) =>
            {
                var result = await services.Catalog.ReadAsync(credential, kind, job.Operation, job.KlaviyoId!, cancellationToken);
                state = result.Job;
                return result.Answer;
            },
            CancellationToken.None);
        var now = services.Time.GetUtcNow();
        var isOver = answer is { Status: 404, Verdict: Verdict.Misconfigured } || (state is not null && job.SentUtc < now - s_end) || job.ExpiresUtc < now;
        if (state is { Status: not JobStatus.Processing })
            await EndAsync(job, state);
        else if (isOver)
            await ReleaseAsync(job.Id, isOld: true);
        else if (state is not null || (answer.Verdict == Verdict.NoVerdict && await _outage.IsKlaviyoUpAsync()))
            await PostponeAsync(job);
        else
            progress.StopFor(answer.IsSent ? AnswerRules.StopOf(answer.Verdict) : AnswerRules.WhyNotSent(answer), answer);
    }

    /// <summary>
    /// Jobs whose answer was lost may be at work all the same, and one that ends late would undo what is sent after it. So they are looked for,
    /// and waited for, and what Klaviyo does not work on is sent again at once.
    /// </summary>
    public async Task RecoverAsync(CancellationToken stop)
    {
        var lost = await context.ReadAsync(
            db => db.CatalogJobs.Where(job => job.StoreId == context.StoreId && job.AccountId == situation.AccountId && job.Kind == kind && job.KlaviyoId == null).ToListAsync(stop), stop);
        foreach (var job in lost)
        {
            if (!await TryFindAsync(job) && !progress.IsEnded)
                await ReleaseAsync(job.Id, isOld: true);
        }

        // What an earlier run did not wait for is asked for at once.
        var now = services.Time.GetUtcNow();
        await context.WriteAsync(db => db.CatalogJobs
            .Where(job => job.StoreId == context.StoreId && job.AccountId == situation.AccountId && job.Kind == kind && job.NextPollUtc > now)
            .ExecuteUpdateAsync(update => update.SetProperty(job => job.NextPollUtc, now)));
    }

    private async Task<bool> TryFindAsync(CatalogJob job)
    {
        IReadOnlyList<CatalogJobState>? jobs = null;
        var answer = await services.Calls.SendAsync(
            context.StoreId, situation.AccountId,
            async (credential, cancellationToken) =>
            {
                var result = await services.Catalog.ListProcessingAsync(credential, kind, job.Operation, cancellationToken);
                jobs = result.Jobs;
                return result.Answer;
            },
            CancellationToken.None);
        if (jobs is null)
        {
            progress.StopFor(answer.Verdict == Verdict.Refused ? StopReason.Configuration : answer.IsSent ? AnswerRules.StopOf(answer.Verdict) : AnswerRules.WhyNotSent(answer), answer);
            return false;
        }

        var known = await context.ReadAsync(db => db.CatalogJobs.Where(row => row.KlaviyoId != null && row.RowIds != "").Select(row => row.KlaviyoId!).ToHashSetAsync(), CancellationToken.None);
        // The newest, as it ends last.
        var found = jobs.Where(one => one.Total == job.Rows && !(one.CreatedUtc < job.SentUtc - s_skew) && !known.Contains(one.Id)).MaxBy(one => one.CreatedUtc);
        if (found is not null)
            await KeepAsync(job.Id, found, isCertain: false);
        return found is not null;
    }

    /// <summary>Klaviyo's refusal of one row for what it names may be a 404.</summary>
    private static bool IsAboutRows(KlaviyoAnswer answer) =>
        answer is { Status: 404, Verdict: Verdict.Misconfigured } && answer.Errors.Any(error => KlaviyoCatalogClient.RowOf(error) is not null);

    private async Task RefusedAsync(ClaimedJob claimed, KlaviyoAnswer answer)
    {
        var ids = claimed.Records.Select(record => CatalogClaims.Row(record, claimed.Job.Operation).ExternalId).ToList();
        var named = JobResult.OfRefusal(answer.Errors, claimed.Job.Operation, ids);
        if (named.Count == 0 && ids.Count == 1)
            named = new Dictionary<string, RowResult> { [ids[0]] = new(RowFate.Refused) };
        // Of several rows, those that no error names are sent again at once.
        if (named.Count == 0)
            await WriteAsync((db, run) => _settlement.ReturnAsync(db, run, claimed, answer.Errors.Count > 0 ? answer.Errors[0] : null));
        else
            await WriteAsync((db, run) => _settlement.SettleAsync(db, run, claimed.Job.Id, named, others: RowFate.Unsent));
    }

    private async Task PauseAsync(CatalogJob job)
    {
        FullUntilUtc = services.Time.GetUtcNow() + s_fullPause;
        await ReleaseAsync(job.Id, isOld: false);
    }

    /// <summary>Of a job that was only found again it is not certain whose rows it had: they are sent once more.</summary>
    private Task EndAsync(CatalogJob job, CatalogJobState state) => WriteAsync((db, run) => job.RowIds.Length == 0
        ? _settlement.SettleAsync(db, run, job.Id, new Dictionary<string, RowResult>())
        : _settlement.SettleAsync(db, run, job.Id, JobResult.Of(state, job.Operation, job.RowIds.Split(' '))));

    private async Task UnansweredAsync(ClaimedJob claimed, KlaviyoAnswer answer)
    {
        if (answer.Verdict == Verdict.NoVerdict && await _outage.IsKlaviyoUpAsync())
        {
            // Klaviyo answers others, so it may be these rows: they are sent with fewer others.
            if (!answer.MayHaveArrived || !await TryFindAsync(claimed.Job))
                await WriteAsync((db, run) => _settlement.ReturnAsync(db, run, claimed, null));
            return;
        }

        if (!answer.MayHaveArrived)
            await ReleaseAsync(claimed.Job.Id, isOld: false);
        progress.StopFor(answer.IsSent ? AnswerRules.StopOf(answer.Verdict) : AnswerRules.WhyNotSent(answer), answer);
    }

    private Task KeepAsync(long jobId, CatalogJobState state, bool isCertain) => context.WriteAsync(db => db.CatalogJobs.Where(job => job.Id == jobId)
        .ExecuteUpdateAsync(update => update
            .SetProperty(job => job.KlaviyoId, state.Id).SetProperty(job => job.RowIds, job => isCertain ? job.RowIds : "").SetProperty(job => job.ExpiresUtc, state.ExpiresUtc)
            .SetProperty(job => job.NextPollUtc, services.Time.GetUtcNow() + s_firstPoll)));

    private Task PostponeAsync(CatalogJob job)
    {
        var delay = s_firstPoll * Math.Pow(Slower, job.Polls + 1);
        var next = services.Time.GetUtcNow() + (delay < s_lastPoll ? delay : s_lastPoll);
        return context.WriteAsync(db => db.CatalogJobs.Where(row => row.Id == job.Id)
            .ExecuteUpdateAsync(update => update.SetProperty(row => row.Polls, row => row.Polls + 1).SetProperty(row => row.NextPollUtc, next)));
    }

    private Task ReleaseAsync(long jobId, bool isOld) => context.WriteAsync(db => _settlement.ReleaseAsync(db, jobId, isOld));

    private Task WriteAsync(Func<Storage.AppDbContext, Run, Task<int>> settle) => context.WriteAsync(
        async (db, run) =>
        {
            progress.AddSettled(await settle(db, run));
            progress.Show(run);
            return true;
        },
        CancellationToken.None);
}
