using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Events.Delivery;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Scheduling;

namespace ZoeyKlaviyo.Core.Subscribers.Delivery;

/// <summary>
/// Tells Klaviyo of a batch of changes. Before anybody is subscribed, whoever brings them and for whatever reason, Klaviyo is asked about exactly these
/// people; when it can't say, nobody of the batch is.
/// </summary>
public sealed class SubscriptionJob(
    KlaviyoClient klaviyo, KlaviyoCalls calls, KlaviyoProfileClient profiles, KlaviyoSubscriptionClient subscriptions, SubscriptionSettlement settlement, TimeProvider time)
{
    /// <param name="items">At most <see cref="KlaviyoSubscriptionClient.MaxSubscribes"/>, all subscribed.</param>
    /// <param name="claimAsync">Makes sure, once it is decided who is subscribed, that nobody else sends them: gives those left, with their payloads.</param>
    internal async Task SubscribeAsync(
        RunContext context, SubscriptionSituation situation, IReadOnlyList<SubscriptionItem> items,
        Func<IReadOnlyList<SubscriptionItem>, Task<IReadOnlyList<SubscriptionItem>>> claimAsync, DeliveryProgress progress)
    {
        var fates = new Dictionary<string, SubscriptionFate>(StringComparer.Ordinal);
        var allowed = new List<SubscriptionItem>();
        foreach (var item in items)
        {
            if (item.Row.IsHistorical && !situation.IsHistoricalOn)
                fates[item.Row.Email] = SubscriptionFate.HistoricalOff(time.GetUtcNow());
            else
                allowed.Add(item);
        }

        var connection = Calls(context, situation);
        var consent = await connection.ReadConsentAsync(allowed.ConvertAll(item => item.Row.Email), CancellationToken.None);
        if (consent.Profiles is null)
        {
            progress.StopFor(await WhyAsync(consent.Failure!, context, situation), consent.Failure!);
            await settlement.SettleAsync(context, items, fates, null);
            progress.Add(fates.Values.Select(fate => fate.Result));
            return;
        }

        var now = time.GetUtcNow();
        var willing = new List<SubscriptionItem>();
        foreach (var item in allowed)
        {
            var verdict = ConsentRules.Decide(
                consent.Profiles.GetValueOrDefault(item.Row.Email) ?? [], item.Row.ConsentFromUtc, situation.ListId, item.Row.UnsubscribeSentUtc, now);
            if (verdict.Decision == ConsentDecision.Subscribe)
                willing.Add(item);
            else
                fates[item.Row.Email] = SubscriptionFate.Of(verdict, item.Payload, now);
        }

        var claimed = willing.Count == 0 ? [] : await claimAsync(willing);
        var goneListId = (string?)null;
        foreach (var alike in (await StillAsync(context, situation, claimed)).GroupBy(item => item.Row.IsHistorical))
        {
            List<SubscriptionItem> group = [.. alike];
            var rows = group.ConvertAll(item => new SubscribeRow(item.Row.Email, situation.ConsentedUtc(item.Row, now)));
            var answers = await connection.SubscribeAsync(rows, situation.ListId, consent.AskedUtc + SubscriptionTiming.ConsentIsGood);
            if (answers.Find(row => KlaviyoSubscriptionClient.IsAboutList(row.Answer)) is not null)
                goneListId = situation.ListId;
            await JudgeAsync(context, situation, group, answers, fates, progress);
        }

        var decided = items.Where(item => fates.ContainsKey(item.Row.Email) && claimed.All(one => one.Row.Email != item.Row.Email));
        await settlement.SettleAsync(context, [.. decided, .. claimed, .. NotAttempted(items, claimed, fates)], fates, goneListId);
        progress.Add(fates.Values.Select(fate => fate.Result));
        if (goneListId is not null)
            progress.MissFor("Klaviyo no longer has the chosen list: nobody is subscribed until another list, or No list, is chosen on Manage Connection.");
    }

    /// <param name="items">At most <see cref="KlaviyoSubscriptionClient.MaxUnsubscribes"/>, all unsubscribed, with payloads.</param>
    internal async Task UnsubscribeAsync(RunContext context, SubscriptionSituation situation, IReadOnlyList<SubscriptionItem> items, DeliveryProgress progress)
    {
        var fates = new Dictionary<string, SubscriptionFate>(StringComparer.Ordinal);
        var answers = await Calls(context, situation).UnsubscribeAsync([.. items.Select(item => item.Row.Email)]);
        await JudgeAsync(context, situation, items, answers, fates, progress);
        await settlement.SettleAsync(context, items, fates, null);
        progress.Add(fates.Values.Select(fate => fate.Result));
    }

    /// <summary>Those for whom the answer still counts: a switch, the list, the connection or what the store says may have changed while Klaviyo was asked.</summary>
    private static Task<List<SubscriptionItem>> StillAsync(RunContext context, SubscriptionSituation situation, IReadOnlyList<SubscriptionItem> items) => context.ReadAsync(
        async db =>
        {
            var now = await SubscriptionSituation.ReadAsync(db, context.StoreId, CancellationToken.None);
            if (items.Count == 0 || now.Held is not null || now.AccountId != situation.AccountId || now.ListId != situation.ListId || now.ListGone is not null)
                return [];
            var emails = items.Select(item => item.Row.Email).ToList();
            var rows = await db.Subscribers.AsNoTracking()
                .Where(row => row.StoreId == context.StoreId && row.AccountId == now.AccountId && EF.Parameter(emails).Contains(row.Email)).ToDictionaryAsync(row => row.Email);
            return items.Where(item => (now.IsHistoricalOn || !item.Row.IsHistorical)
                && rows.TryGetValue(item.Row.Email, out var row) && !SubscriptionSettlement.HasChangedSince(row, item)).ToList();
        },
        CancellationToken.None);

    /// <summary>Their payloads are put back.</summary>
    private static IEnumerable<SubscriptionItem> NotAttempted(
        IReadOnlyList<SubscriptionItem> items, IReadOnlyList<SubscriptionItem> claimed, Dictionary<string, SubscriptionFate> fates) =>
        items.Where(item => item.Payload is not null && !fates.ContainsKey(item.Row.Email) && claimed.All(one => one.Row.Email != item.Row.Email));

    private async Task JudgeAsync(
        RunContext context, SubscriptionSituation situation, IReadOnlyList<SubscriptionItem> items, List<RowAnswer> answers,
        Dictionary<string, SubscriptionFate> fates, DeliveryProgress progress)
    {
        bool? isUp = null;
        foreach (var row in answers)
        {
            if (KlaviyoSubscriptionClient.IsAboutList(row.Answer))
                continue;
            if (!row.Answer.IsSent)
            {
                progress.StopFor(AnswerRules.WhyNotSent(row.Answer), row.Answer);
                continue;
            }

            if (row.Answer.Verdict == Verdict.NoVerdict)
                isUp ??= await IsKlaviyoUpAsync(context, situation);
            fates[items[row.Row].Row.Email] = SubscriptionFate.Of(items[row.Row], row, isUp ?? true, out var stop);
            if (stop is { } reason)
                progress.StopFor(reason, row.Answer);
        }
    }

    private async Task<StopReason> WhyAsync(KlaviyoAnswer answer, RunContext context, SubscriptionSituation situation) => answer switch
    {
        { IsSent: false } => AnswerRules.WhyNotSent(answer),
        { Verdict: Verdict.NoVerdict } when await IsKlaviyoUpAsync(context, situation) => StopReason.ConsentUnread,
        _ => AnswerRules.StopOf(answer.Verdict),
    };

    private Task<bool> IsKlaviyoUpAsync(RunContext context, SubscriptionSituation situation) =>
        new OutageCheck(klaviyo, calls, context.StoreId, situation.AccountId).IsKlaviyoUpAsync();

    private SubscriptionCalls Calls(RunContext context, SubscriptionSituation situation) =>
        new(calls, profiles, subscriptions, time, context.StoreId, situation.AccountId);
}
