using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Zoey;
using ZoeyKlaviyo.Sandbox.Faults;
using ZoeyKlaviyo.Sandbox.Klaviyo.Profiles;

namespace ZoeyKlaviyo.Tests.Subscribers;

/// <summary>
/// Every consent against every opt-out, on each path by which subscribers travel: nobody who left is ever subscribed, unless by a plain unsubscribe and a
/// provably newer consent; everybody else is, once.
/// </summary>
public abstract class ConsentMatrixTests(DatabaseProvider provider)
{
    /// <summary>The consent, against the time of the opt-out.</summary>
    public enum Consent
    {
        Before,
        SameSecond,
        After,
        NoDate,
    }

    public enum Path
    {
        /// <summary>The whole list.</summary>
        Daily,

        /// <summary>The newest rows, in an Events run.</summary>
        Newest,
        Push,

        /// <summary>A push whose first cycle failed; the opt-out comes before the second.</summary>
        Retry,
        File,
    }

    private static readonly string[] s_states =
    [
        "none", "never", "subscribed", "UNSUBSCRIBE", "HARD_BOUNCE", "INVALID_EMAIL", "SPAM_COMPLAINT", "USER_SUPPRESSED", "SOMETHING_NEW", "UNSUBSCRIBE+HARD_BOUNCE",
        "list", "listleft", "otherlist",
    ];

    protected static TheoryData<Path, bool, bool?> Everything => new(
        from path in Enum.GetValues<Path>()
        from isHistoricalOn in new[] { true, false }
        from isDoubleOptIn in new bool?[] { null, false, true }
        select (path, isHistoricalOn, isDoubleOptIn));

    protected async Task CheckAsync(Path path, bool isHistoricalOn, bool? isDoubleOptIn)
    {
        await using var host = await SubscriberHost.StartAsync(provider);
        await host.Core.SetAsync(Switch.HistoricalSubscribers, isHistoricalOn);
        var list = await host.ChooseListAsync(isDoubleOptIn);
        if (path == Path.Newest)
            await host.EventsAsync();
        var cases = (from state in s_states from consent in Enum.GetValues<Consent>() from isOld in new[] { true, false } select new Case(host, state, consent, isOld)).ToList();
        if (path != Path.Retry)
            cases.ForEach(one => one.Know(list?.Id));

        await BringAsync(host, path, cases, () => cases.ForEach(one => one.Know(list?.Id)));

        Assert.All(host.Log, entry => Assert.True(entry.Kind == SubscriptionKind.Subscribe, $"{entry.Email} was unsubscribed"));
        Assert.All(cases, one => Assert.Equal((one.Email, one.Expected(path, isHistoricalOn, list is not null)), (one.Email, host.SubscribedTimes(one.Email))));
        // A historical call needs no confirmation; all others are as the merchant's opt-in has it.
        Assert.All(host.Log, entry => Assert.Equal((entry.Email, IsFromBefore(path, entry.Email), list?.Id), (entry.Email, entry.Historical, entry.ListId)));
    }

    private static bool IsFromBefore(Path path, string email) =>
        email.Contains("nodate", StringComparison.Ordinal) ? path is Path.Daily or Path.File : email.StartsWith("old", StringComparison.Ordinal);

    private static async Task BringAsync(SubscriberHost host, Path path, List<Case> cases, Action know)
    {
        switch (path)
        {
            case Path.Daily:
                cases.ForEach(one => host.Store(one.Email, one.ChangedUtc));
                await host.SyncAsync();
                break;
            case Path.Newest:
                cases.ForEach(one => host.Store(one.Email, one.ChangedUtc));
                await host.EventsAsync();
                break;
            case Path.File:
                host.Zoey.IsSetUp = false;
                await host.ImportAsync("Email,Status,change_status_at\n" + string.Concat(cases.Select(one => $"{one.Email},Subscribed,{one.ChangedUtc?.UtcDateTime:yyyy-MM-dd HH:mm:ss}\n")));
                break;
            default:
                foreach (var one in cases)
                    await host.PushAsync(one.Email, ZoeySubscriberStatus.Subscribed, one.ChangedUtc);
                if (path == Path.Retry)
                    host.Faults.Add(new Fault("POST /api/profile-subscription-bulk-create-jobs", FaultKind.Status, 500));
                await host.EventsAsync();
                if (path != Path.Retry)
                    break;
                Assert.Empty(host.Log);
                host.Faults.Clear();
                know();
                host.Core.Time.Advance(TimeSpan.FromMinutes(10));
                await host.RetriesAsync();
                break;
        }
    }

    /// <summary>Somebody whose consent and opt-out stand against each other: an hour before the connection or an hour after it.</summary>
    private sealed class Case(SubscriberHost host, string state, Consent consent, bool isOld)
    {
        private readonly DateTimeOffset _left = (host.Connected + TimeSpan.FromHours(isOld ? -2 : 1)).AddTicks(-(host.Connected.Ticks % TimeSpan.TicksPerSecond)).AddMilliseconds(600);

        public string Email { get; } =
            $"{(isOld ? "old" : "new")}-{state}-{consent}@shop-demo.com".Replace("NoDate", "nodate", StringComparison.Ordinal).ToLowerInvariant();

        public DateTimeOffset? ChangedUtc => consent switch
        {
            Consent.Before => _left.AddMinutes(-20).AddMilliseconds(-600),
            Consent.SameSecond => _left.AddMilliseconds(-600),
            Consent.After => _left.AddMinutes(20).AddMilliseconds(-600),
            _ => null,
        };

        public void Know(string? listId)
        {
            var profile = KlaviyoProfile.New(SubscriberHost.Account, Email, _left);
            if (state == "none")
                return;
            host.Klaviyo.Set(state switch
            {
                "never" => profile,
                "subscribed" => profile with { Consent = ProfileConsent.Subscribed, ConsentTimestamp = _left },
                "list" => profile with { ListSuppressions = [new ListSuppression(listId ?? "LISTx1", "HARD_BOUNCE", _left)] },
                "listleft" => profile with { ListSuppressions = [new ListSuppression(listId ?? "LISTx1", "UNSUBSCRIBE", _left)] },
                "otherlist" => profile with { ListSuppressions = [new ListSuppression("OTHERx", "UNSUBSCRIBE", _left)] },
                "UNSUBSCRIBE" => profile with { Consent = ProfileConsent.Unsubscribed, ConsentTimestamp = _left, Suppressions = [new("UNSUBSCRIBE", _left)] },
                _ => profile with { Suppressions = [.. state.Split('+').Select(reason => new Suppression(reason, _left))] },
            });
        }

        /// <summary>The rules, written down a second time.</summary>
        public int Expected(Path path, bool isHistoricalOn, bool hasList)
        {
            if (IsFromBefore(path, Email) && !(isHistoricalOn && path is (Path.Daily or Path.File)))
                return 0;
            var isProvablyNewer = consent == Consent.After;
            return state switch
            {
                "none" or "never" or "otherlist" => 1,
                "list" => hasList ? 0 : 1,
                "listleft" => hasList && !isProvablyNewer ? 0 : 1,
                "UNSUBSCRIBE" => isProvablyNewer ? 1 : 0,
                _ => 0,
            };
        }
    }
}

public sealed class SqliteConsentMatrixTests() : ConsentMatrixTests(DatabaseProvider.Sqlite)
{
    public static TheoryData<Path, bool, bool?> All => Everything;

    [Theory]
    [MemberData(nameof(All))]
    public Task NobodyWhoLeftIsSubscribed_EverybodyElseOnce(Path path, bool isHistoricalOn, bool? isDoubleOptIn) => CheckAsync(path, isHistoricalOn, isDoubleOptIn);
}

/// <summary>The database does not take part in the decision: each path once.</summary>
public sealed class PostgresConsentMatrixTests() : ConsentMatrixTests(DatabaseProvider.Postgres)
{
    public static TheoryData<Path> All => new(Enum.GetValues<Path>());

    [Theory]
    [MemberData(nameof(All))]
    public Task NobodyWhoLeftIsSubscribed_EverybodyElseOnce(Path path) => CheckAsync(path, isHistoricalOn: true, isDoubleOptIn: false);
}
