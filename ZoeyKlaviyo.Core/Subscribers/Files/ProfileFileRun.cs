using System.Globalization;
using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Csv;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Core.Subscribers.Files;

/// <summary>
/// Makes a CSV file of Klaviyo's profiles, page by page. The place where it is and what it has written are kept together, so that an interrupted run
/// goes on there, and a token that expires on the way is renewed.
/// </summary>
public abstract class ProfileFileRun(KlaviyoCalls calls, TimeProvider time) : ISyncRun
{
    /// <summary>Few enough writes, and little to read again after an interruption.</summary>
    private const int PagesAtOnce = 10;

    public abstract SyncKind Kind { get; }

    protected abstract IReadOnlyList<string> Header { get; }

    /// <summary>What the file holds, as in <c>12 opt-outs</c>.</summary>
    protected abstract string What { get; }

    public Task AbandonAsync(AppDbContext db, Run run, CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<RunOutcome> ExecuteAsync(RunContext context, CancellationToken stop)
    {
        if (await context.WriteContestedAsync((db, run) => BeginAsync(db, run)) is not { } file)
            return new RunOutcome(RunStatus.Skipped, "There is no file to make.", IsStopped: true);
        var isRestarted = false;
        for (var (position, part) = (file.Position, await PartsAsync(context, file.Id)); ;)
        {
            stop.ThrowIfCancellationRequested();
            var (pages, answer) = await ReadAsync(context, file, position);
            if (answer.Verdict == Verdict.Refused && position is not null && pages.Count == 0 && !isRestarted)
            {
                // Klaviyo no longer knows the place: from the beginning again.
                await context.WriteContestedAsync((db, _) => EmptyAsync(db, file.Id));
                (isRestarted, position, part) = (true, null, 0);
                continue;
            }

            if (pages.Count > 0)
                position = await KeepAsync(context, file.Id, part++, pages);
            if (answer.Verdict != Verdict.Accepted)
                return new RunOutcome(RunStatus.Failed, $"Klaviyo's profiles could not be read to their end: {answer.Detail} Ask for the file again.", IsStopped: true);
            if (position is null)
                return await FinishAsync(context, file.Id);
        }
    }

    protected abstract Task<ProfilePage> FirstAsync(KlaviyoCredential credential, CancellationToken cancellationToken);

    protected abstract Task<ProfilePage> NextAsync(KlaviyoCredential credential, string next, CancellationToken cancellationToken);

    /// <summary>A profile's line; null for one that does not belong in the file.</summary>
    protected abstract IReadOnlyList<string?>? Line(KlaviyoProfile profile);

    protected static string? Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private async Task<SubscriberFile?> BeginAsync(AppDbContext db, Run run)
    {
        var accountId = await db.KlaviyoConnections.Where(connection => connection.StoreId == run.StoreId).Select(connection => connection.AccountId).SingleOrDefaultAsync();
        var file = await SubscriberFiles.Of(db, run.StoreId, Kind).AsTracking()
            .Where(row => row.FinishedUtc == null && row.AccountId == accountId).OrderByDescending(row => row.Id).FirstOrDefaultAsync();
        if (file is not null)
            file.RunId = run.Id;
        return file;
    }

    private static Task<int> PartsAsync(RunContext context, long fileId) =>
        context.ReadAsync(db => db.SubscriberFileParts.CountAsync(part => part.FileId == fileId), CancellationToken.None);

    private async Task<(List<ProfilePage> Pages, KlaviyoAnswer Last)> ReadAsync(RunContext context, SubscriberFile file, string? position)
    {
        var pages = new List<ProfilePage>();
        KlaviyoAnswer answer;
        do
        {
            ProfilePage? page = null;
            var from = position;
            answer = await calls.SendAsync(
                context.StoreId, file.AccountId,
                async (credential, token) => (page = from is null ? await FirstAsync(credential, token) : await NextAsync(credential, from, token)).Answer,
                CancellationToken.None);
            if (answer.Verdict != Verdict.Accepted || page?.Profiles is null)
                break;
            pages.Add(page);
            position = page.Next;
        }
        while (position is not null && pages.Count < PagesAtOnce);
        return (pages, answer);
    }

    /// <returns>Where to go on; null at the end.</returns>
    private async Task<string?> KeepAsync(RunContext context, long fileId, int number, List<ProfilePage> pages)
    {
        await using var content = new MemoryStream();
        await using var text = new StreamWriter(content, new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        if (number == 0)
            await CsvText.WriteRowAsync(text, Header);
        var lines = 0;
        foreach (var line in pages.SelectMany(page => page.Profiles!).Select(Line).OfType<IReadOnlyList<string?>>())
        {
            await CsvText.WriteRowAsync(text, line);
            lines++;
        }

        await text.FlushAsync();
        await context.WriteContestedAsync(async (db, run) =>
        {
            var file = await db.SubscriberFiles.AsTracking().SingleAsync(row => row.Id == fileId);
            (file.Position, file.Lines, file.Bytes) = (pages[^1].Next, file.Lines + lines, file.Bytes + content.Length);
            db.SubscriberFileParts.Add(new SubscriberFilePart { FileId = fileId, Number = number, Content = content.ToArray() });
            run.ProgressDone += pages.Sum(page => page.Profiles!.Count);
            return true;
        });
        return pages[^1].Next;
    }

    private static async Task<bool> EmptyAsync(AppDbContext db, long fileId)
    {
        await db.SubscriberFileParts.Where(part => part.FileId == fileId).ExecuteDeleteAsync();
        await db.SubscriberFiles.Where(file => file.Id == fileId).ExecuteUpdateAsync(update => update
            .SetProperty(file => file.Position, (string?)null).SetProperty(file => file.Lines, 0).SetProperty(file => file.Bytes, 0L));
        return true;
    }

    private async Task<RunOutcome> FinishAsync(RunContext context, long fileId)
    {
        var (lines, read) = await context.WriteContestedAsync(async (db, run) =>
        {
            var file = await db.SubscriberFiles.AsTracking().SingleAsync(row => row.Id == fileId);
            file.FinishedUtc = time.GetUtcNow();
            return (file.Lines, run.ProgressDone);
        });
        return new RunOutcome(RunStatus.Succeeded, string.Create(CultureInfo.InvariantCulture, $"{read:#,0} profiles read, {lines:#,0} {What} in the file."));
    }
}

/// <summary>Who gets no mail from Klaviyo, in a form that the store can import.</summary>
public sealed class OptOutReportRun(KlaviyoCalls calls, KlaviyoProfileClient profiles, TimeProvider time) : ProfileFileRun(calls, time)
{
    public override SyncKind Kind => SyncKind.OptOutReport;

    protected override IReadOnlyList<string> Header { get; } = ["Email", "Status", "Reason in Klaviyo", "Since (UTC)"];

    protected override string What => "opt-outs";

    protected override Task<ProfilePage> FirstAsync(KlaviyoCredential credential, CancellationToken cancellationToken) =>
        profiles.ListSuppressedAsync(credential, null, cancellationToken);

    protected override Task<ProfilePage> NextAsync(KlaviyoCredential credential, string next, CancellationToken cancellationToken) => profiles.NextAsync(credential, next, cancellationToken);

    protected override IReadOnlyList<string?>? Line(KlaviyoProfile profile) =>
        OptOutReading.OptOutOf(profile) is { } optOut ? [optOut.Email, "Unsubscribed", optOut.Last.Reason, Time(optOut.Last.AtUtc)] : null;
}

/// <summary>Whom Klaviyo has as subscribed, to be brought into the store before its subscribers are synced.</summary>
public sealed class KlaviyoExportRun(KlaviyoCalls calls, KlaviyoProfileClient profiles, TimeProvider time) : ProfileFileRun(calls, time)
{
    public override SyncKind Kind => SyncKind.KlaviyoExport;

    protected override IReadOnlyList<string> Header { get; } = ["Email", "Status", "Subscribed at (UTC)"];

    protected override string What => "subscribers";

    protected override Task<ProfilePage> FirstAsync(KlaviyoCredential credential, CancellationToken cancellationToken) => profiles.ListAsync(credential, cancellationToken);

    protected override Task<ProfilePage> NextAsync(KlaviyoCredential credential, string next, CancellationToken cancellationToken) => profiles.NextAsync(credential, next, cancellationToken);

    protected override IReadOnlyList<string?>? Line(KlaviyoProfile profile) =>
        profile is { Email: { } email, Consent: { State: ConsentState.Subscribed, Suppressions.Count: 0 } consent } ? [email, "Subscribed", Time(consent.ConsentUtc)] : null;
}
