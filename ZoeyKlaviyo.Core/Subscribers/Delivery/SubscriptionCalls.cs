using ZoeyKlaviyo.Core.Addresses;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Klaviyo;

namespace ZoeyKlaviyo.Core.Subscribers.Delivery;

/// <summary>Klaviyo's answer as it concerns one row.</summary>
internal sealed record RowAnswer(int Row, KlaviyoAnswer Answer, DateTimeOffset SentUtc);

/// <summary>What a question about consent brought.</summary>
/// <param name="Profiles">By normalized address; null when somebody's consent could not be read, and so nobody may be subscribed.</param>
/// <param name="AskedUtc">It is not older than this.</param>
internal sealed record ConsentReading(KlaviyoAnswer? Failure, IReadOnlyDictionary<string, List<KlaviyoProfile>>? Profiles, DateTimeOffset AskedUtc);

/// <summary>The calls of one job: who has which consent, and subscribe and unsubscribe calls repaired until every row has its own answer.</summary>
internal sealed class SubscriptionCalls(
    KlaviyoCalls calls, KlaviyoProfileClient profiles, KlaviyoSubscriptionClient subscriptions, TimeProvider time, int storeId, string accountId)
{
    private const int ReadsAtOnce = 8;

    /// <summary>Klaviyo names all bad rows at once; what is refused more often is halved until the bad row is alone.</summary>
    private const int MaxRefusedPasses = 3;

    /// <summary>Nothing more is sent once the whole call was answered in a way that no row can help.</summary>
    private bool _isOver;

    public async Task<ConsentReading> ReadConsentAsync(IReadOnlyList<string> addresses, CancellationToken stop)
    {
        var askedUtc = time.GetUtcNow();
        var found = new Dictionary<string, List<KlaviyoProfile>>(StringComparer.Ordinal);
        KlaviyoAnswer? failure = null;
        await Parallel.ForEachAsync(Questions(addresses), new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = stop }, async (question, _) =>
        {
            if (Volatile.Read(ref failure) is not null)
                return;
            var (answer, list) = await AskAsync(question);
            lock (found)
            {
                if (list is null)
                    failure ??= answer;
                foreach (var (email, profile) in ByAddress(question, list ?? []))
                {
                    if (!found.TryGetValue(email, out var own))
                        found[email] = own = [];
                    own.Add(profile);
                }
            }
        });
        return new ConsentReading(failure, failure is null ? found : null, askedUtc);
    }

    /// <summary>Klaviyo keeps an address as it was given to it, so that a domain is asked about in either form.</summary>
    private static List<string[]> Questions(IReadOnlyList<string> addresses)
    {
        List<string> forms = [.. addresses, .. addresses.Select(EmailAddress.InOwnLetters).OfType<string>()];
        var questions = new List<string[]>();
        for (var from = 0; from < forms.Count; from += questions[^1].Length)
            questions.Add([.. forms.Skip(from).Take(KlaviyoProfileClient.CountThatFit(forms, from))]);
        return questions;
    }

    /// <summary>Somebody in the answer who was not asked about may be one of those under another name: of who has no profile else, nothing is known then.</summary>
    internal static List<(string Email, KlaviyoProfile Profile)> ByAddress(string[] question, List<KlaviyoProfile> answer)
    {
        var asked = question.Select(EmailAddress.Normalize).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var own = answer.Select(profile => (Email: EmailAddress.Normalize(profile.Email ?? "") ?? "", profile)).Where(pair => asked.Contains(pair.Email)).ToList();
        if (own.Count < answer.Count)
            own.AddRange([.. asked.Except(own.Select(pair => pair.Email)).Select(email => (email, new KlaviyoProfile("", email, null)))]);
        return own;
    }

    /// <param name="notAfterUtc">Who could not be called for by then has no answer.</param>
    public Task<List<RowAnswer>> SubscribeAsync(IReadOnlyList<SubscribeRow> rows, string? listId, DateTimeOffset notAfterUtc) =>
        SendAsync(rows, notAfterUtc, (credential, part, token) => subscriptions.SubscribeAsync(credential, part, listId, notAfterUtc, token));

    public Task<List<RowAnswer>> UnsubscribeAsync(IReadOnlyList<string> addresses) => SendAsync(addresses, DateTimeOffset.MaxValue, subscriptions.UnsubscribeAsync);

    /// <summary>A question that Klaviyo refuses is halved, so that one address can't keep all others from being asked about.</summary>
    private async Task<(KlaviyoAnswer, List<KlaviyoProfile>?)> AskAsync(string[] addresses)
    {
        var (answer, list) = await ReadAsync(addresses);
        if (answer.Verdict != Verdict.Refused)
            return (answer, list);
        if (addresses.Length == 1)
            return (answer, addresses[0] == EmailAddress.Normalize(addresses[0]) ? [new KlaviyoProfile("", addresses[0], null)] : []);
        var all = new List<KlaviyoProfile>();
        foreach (var half in addresses.Chunk((addresses.Length + 1) / 2))
        {
            (answer, list) = await AskAsync(half);
            if (list is null)
                return (answer, null);
            all.AddRange(list);
        }

        return (answer, all);
    }

    /// <returns>Null profiles when the answer is no yes.</returns>
    private async Task<(KlaviyoAnswer, List<KlaviyoProfile>?)> ReadAsync(string[] addresses)
    {
        var all = new List<KlaviyoProfile>();
        string? next = null;
        do
        {
            ProfilePage? page = null;
            var answer = await calls.SendAsync(
                storeId, accountId,
                async (credential, token) => (page = next is null ? await profiles.FindAsync(credential, addresses, token) : await profiles.NextAsync(credential, next, token)).Answer,
                CancellationToken.None);
            if (answer.Verdict != Verdict.Accepted || page?.Profiles is null)
                return (answer, null);
            all.AddRange(page.Profiles);
            next = page.Next;
        }
        while (next is not null);
        return (KlaviyoAnswer.NotSent(Verdict.Accepted, ""), all);
    }

    private async Task<List<RowAnswer>> SendAsync<T>(
        IReadOnlyList<T> rows, DateTimeOffset notAfterUtc, Func<KlaviyoCredential, IReadOnlyList<T>, CancellationToken, Task<KlaviyoAnswer>> call)
    {
        var answers = new List<RowAnswer>(rows.Count);
        var waiting = new Queue<(int[] Part, int Passes)>([(Enumerable.Range(0, rows.Count).ToArray(), 0)]);
        while (!_isOver && time.GetUtcNow() <= notAfterUtc && waiting.TryDequeue(out var next))
        {
            var sentUtc = time.GetUtcNow();
            var answer = await calls.SendAsync(
                storeId, accountId, (credential, token) => call(credential, [.. next.Part.Select(row => rows[row])], token), CancellationToken.None);
            if (answer.Verdict != Verdict.Refused || KlaviyoSubscriptionClient.IsAboutList(answer))
            {
                _isOver |= answer.Verdict != Verdict.Accepted;
                answers.AddRange(next.Part.Select(row => new RowAnswer(row, answer, sentUtc)));
                continue;
            }

            var named = Named(next.Part, answer);
            answers.AddRange(named.Select(pair => new RowAnswer(pair.Key, pair.Value, sentUtc)));
            int[] rest = [.. next.Part.Where(row => !named.ContainsKey(row))];
            if (rest.Length == 0)
                continue;
            if (named.Count > 0 && next.Passes < MaxRefusedPasses)
            {
                waiting.Enqueue((rest, next.Passes + 1));
            }
            else if (rest.Length == 1 && named.Count == 0)
            {
                answers.Add(new RowAnswer(rest[0], answer, sentUtc));
            }
            else
            {
                foreach (var half in rest.Chunk((rest.Length + 1) / 2))
                    waiting.Enqueue((half, next.Passes));
            }
        }

        return answers;
    }

    /// <summary>The rows that the refusal names, with the part of it that is about them; empty when it names something else.</summary>
    private static Dictionary<int, KlaviyoAnswer> Named(int[] part, KlaviyoAnswer answer)
    {
        var byRow = new Dictionary<int, List<KlaviyoError>>();
        foreach (var error in answer.Errors)
        {
            if (KlaviyoSubscriptionClient.RowOf(error) is not { } row || row >= part.Length)
                return [];
            if (!byRow.TryGetValue(part[row], out var own))
                byRow[part[row]] = own = [];
            own.Add(error);
        }

        return byRow.ToDictionary(pair => pair.Key, pair => answer.Only(pair.Value));
    }
}
