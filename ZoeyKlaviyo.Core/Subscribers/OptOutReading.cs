using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Addresses;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Events.Delivery;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;

namespace ZoeyKlaviyo.Core.Subscribers;

/// <summary>Reads who gets no mail from Klaviyo any more, in the order in which it came to that, from where the last reading ended.</summary>
public sealed class OptOutReading(KlaviyoCalls calls, KlaviyoProfileClient profiles, TimeProvider time)
{
    /// <summary>A suppression may show up a while after the time it carries.</summary>
    private static readonly TimeSpan s_overlap = TimeSpan.FromHours(1);

    internal async Task RefreshAsync(RunContext context, string accountId, DeliveryProgress progress, CancellationToken stop)
    {
        var until = await context.ReadAsync(
            db => db.SubscriberReadings.Where(row => row.StoreId == context.StoreId && row.AccountId == accountId).Select(row => row.OptOutsUntilUtc).SingleOrDefaultAsync(stop), stop);
        string? next = null;
        do
        {
            stop.ThrowIfCancellationRequested();
            ProfilePage? page = null;
            var from = next;
            var answer = await calls.SendAsync(
                context.StoreId, accountId,
                async (credential, token) => (page = from is null
                    ? await profiles.ListSuppressedAsync(credential, until - s_overlap, token)
                    : await profiles.NextAsync(credential, from, token)).Answer,
                CancellationToken.None);
            if (answer.Verdict != Verdict.Accepted || page?.Profiles is not { } suppressed)
            {
                progress.MissFor($"The opt-outs in Klaviyo could not be read to their end: {answer.Detail} The next run goes on from there.");
                return;
            }

            await KeepAsync(context, accountId, suppressed, page.Next is null);
            next = page.Next;
        }
        while (next is not null);
    }

    /// <summary>The watermark moves with each page, which is sorted by the time of suppression.</summary>
    private Task<bool> KeepAsync(RunContext context, string accountId, IReadOnlyList<KlaviyoProfile> page, bool isLast) => context.WriteContestedAsync(async (db, run) =>
    {
        var reading = await SubscriberBook.ReadingAsync(db, run.StoreId, accountId, CancellationToken.None);
        var optOuts = page.Select(OptOutOf).OfType<(string Email, Suppression Last)>().ToList();
        var emails = optOuts.ConvertAll(one => one.Email);
        var rows = await db.OptOuts.AsTracking()
            .Where(row => row.StoreId == run.StoreId && row.AccountId == accountId && EF.Parameter(emails).Contains(row.Email)).ToDictionaryAsync(row => row.Email);
        foreach (var (email, last) in optOuts)
        {
            if (!rows.TryGetValue(email, out var row))
                db.OptOuts.Add(row = rows[email] = new OptOut { StoreId = run.StoreId, AccountId = accountId, Email = email, Reason = "" });
            (row.Reason, row.SinceUtc) = (last.Reason.Length <= 40 ? last.Reason : last.Reason[..40], last.AtUtc);
        }

        if (optOuts.Max(one => one.Last.AtUtc) is { } newest && !(reading.OptOutsUntilUtc > newest))
            reading.OptOutsUntilUtc = newest;
        if (isLast)
            reading.OptOutsReadUtc = time.GetUtcNow();
        return true;
    });

    /// <summary>Null for a profile without an address or a suppression.</summary>
    internal static (string Email, Suppression Last)? OptOutOf(KlaviyoProfile profile) =>
        EmailAddress.Normalize(profile.Email ?? "") is { } email && profile.Consent?.Suppressions is { Count: > 0 } suppressions
            ? (email, suppressions.OrderByDescending(one => one.AtUtc ?? DateTimeOffset.MaxValue).First())
            : null;
}
