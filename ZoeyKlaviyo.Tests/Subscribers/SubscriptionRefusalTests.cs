using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Subscribers;
using ZoeyKlaviyo.Sandbox.Faults;
using ZoeyKlaviyo.Sandbox.Klaviyo.Profiles;

namespace ZoeyKlaviyo.Tests.Subscribers;

/// <summary>One refused row never costs another: what Klaviyo says of each, alone and among a thousand.</summary>
public abstract class SubscriptionRefusalTests(DatabaseProvider provider) : IAsyncLifetime
{
    private const string Subscribe = "POST /api/profile-subscription-bulk-create-jobs";
    private SubscriberHost _host = default!;

    public async ValueTask InitializeAsync() => _host = await SubscriberHost.StartAsync(provider);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The opt-out, or subscription, comes between the question and the call, so that only the call's answer tells.</summary>
    [Theory]
    [InlineData("after", RecordResult.Unchanged, SubscriberOutcome.AlreadySubscribed, "since before the consent")]
    [InlineData("before", RecordResult.Skipped, SubscriberOutcome.OptedOut, "after the consent")]
    public async Task Backdated_IsUnderstood_AndNotSentAgain(string which, RecordResult result, SubscriberOutcome outcome, string words)
    {
        _host.Store("jo@shop-demo.com", _host.Connected.AddDays(-30));
        var refused = false;
        _host.BetweenQuestionAndCall(() =>
        {
            refused = true;
            if (which == "after")
                _host.Knows("jo@shop-demo.com", ProfileConsent.Subscribed, _host.Connected.AddDays(-60));
            else
                _host.OptedOut("jo@shop-demo.com", _host.Connected.AddDays(-10));
        });

        var run = await _host.SyncAsync();

        var record = await _host.RecordAsync(run, "jo@shop-demo.com");
        Assert.True(refused);
        Assert.Equal((result, true), (record.Result, record.Error!.Contains("backdated consent date", StringComparison.Ordinal)));
        Assert.Contains(words, ErrorAdvice.For(record.ErrorCode)!.Explanation, StringComparison.Ordinal);
        Assert.Equal(outcome, (await _host.SubscriberAsync("jo@shop-demo.com")).Outcome);
        var calls = _host.Calls(Subscribe);
        await _host.SyncAsync();
        await _host.RetriesAsync();
        Assert.Equal(calls, _host.Calls(Subscribe));
        Assert.Empty(_host.Log);
    }

    [Fact]
    public async Task AddressThatKlaviyoRefuses_IsRememberedUntilItChanges()
    {
        _host.Store("jo@shop-demo.com", _host.Now.AddHours(-1));
        _host.Store("bad@shop-demo.x", _host.Now.AddHours(-1));

        var run = await _host.SyncAsync();

        Assert.Equal((1, 0), (_host.SubscribedTimes("jo@shop-demo.com"), _host.SubscribedTimes("bad@shop-demo.com")));
        Assert.Equal((RunStatus.Partial, 1, 1), (run.Status, run.Counts.Sent, run.Counts.Failed));
        var record = await _host.RecordAsync(run, "bad@shop-demo.x");
        Assert.Equal((RecordResult.Failed, "Invalid email address"), (record.Result, record.Error));
        var calls = _host.Calls(Subscribe);
        Assert.Equal(RunStatus.Succeeded, (await _host.SyncAsync()).Status);
        await _host.RetriesAsync();
        Assert.Equal(calls, _host.Calls(Subscribe));

        _host.Store("bad@shop-demo.x", _host.Now);
        await _host.SyncAsync();
        Assert.Equal(calls + 1, _host.Calls(Subscribe));
    }

    [Fact]
    public async Task AmongAThousand_TheOthersArrive_EachOnce()
    {
        string[] bad = ["s0007@shop-demo.x", "s0999@shop-demo.x"];
        List<string> emails = [.. Enumerable.Range(0, 1000).Select(i => $"s{i:0000}@shop-demo.com").Where(email => !bad.Contains(email.Replace(".com", ".x", StringComparison.Ordinal))), .. bad];
        emails.ForEach(email => _host.Store(email, _host.Connected.AddDays(-30)));
        string[] subscribed = ["s0000@shop-demo.com", "s0500@shop-demo.com"], left = ["s0001@shop-demo.com", "s0998@shop-demo.com"];
        _host.BetweenQuestionAndCall(() =>
        {
            foreach (var email in subscribed)
                _host.Knows(email, ProfileConsent.Subscribed, _host.Connected.AddDays(-60));
            foreach (var email in left)
                _host.OptedOut(email, _host.Connected.AddDays(-10));
        });

        var run = await _host.SyncAsync();

        var others = emails.Except([.. subscribed, .. left, .. bad]).ToList();
        Assert.Equal(others, _host.Log.Select(entry => entry.Email).Order());
        Assert.Equal((994, 2, 2, 2), (run.Counts.Sent, run.Counts.Unchanged, run.Counts.Skipped, run.Counts.Failed));
        Assert.Equal(1000, (await _host.RecordsAsync(run)).Count);
        Assert.Contains("994 subscribed, 2 already subscribed, 2 opted out in Klaviyo, 2 refused or not readable", run.Message, StringComparison.Ordinal);
    }

    /// <summary>A 400 that names no row says nothing of any of them: halved until the one that it is about is alone.</summary>
    [Fact]
    public async Task RefusalThatNamesNobody_IsFoundOut()
    {
        for (var i = 0; i < 40; i++)
            _host.Store($"s{i:00}@shop-demo.com", _host.Now.AddHours(-1));
        _host.Faults.Add(new Fault(Subscribe, FaultKind.Status, 400, Where: "s23@shop-demo.com"));

        var run = await _host.SyncAsync();

        Assert.Equal((39, 1), (run.Counts.Sent, run.Counts.Failed));
        Assert.Equal(39, _host.Log.Select(entry => entry.Email).Distinct().Count());
        Assert.Equal(39, _host.Log.Count);
        Assert.Equal(RecordResult.Retry, (await _host.RecordAsync(run, "s23@shop-demo.com")).Result);
        await _host.RetriesAsync();
        Assert.Equal(PayloadState.Failed, (await _host.PayloadsAsync()).Single(payload => payload.Email == "s23@shop-demo.com").State);
    }

    /// <summary>Too large for whatever stands in between: in parts.</summary>
    [Fact]
    public async Task TooLarge_GoesInParts_EachOnce()
    {
        for (var i = 0; i < 40; i++)
            _host.Store($"s{i:00}@shop-demo.com", _host.Now.AddHours(-1));
        _host.Faults.Add(new Fault(Subscribe, FaultKind.Status, 413, Times: 3));

        var run = await _host.SyncAsync();

        Assert.Equal((RunStatus.Succeeded, 40, 0), (run.Status, run.Counts.Sent, run.Counts.Failed));
        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"s{i:00}@shop-demo.com"), _host.Log.Select(entry => entry.Email).Order());
        Assert.Equal(3 + 4, _host.Calls(Subscribe));
    }

    [Fact]
    public async Task ListThatIsGone_StopsSubscribing_NotUnsubscribing()
    {
        var list = await _host.ChooseListAsync(isDoubleOptIn: false);
        _host.Store("leaves@shop-demo.com", _host.Now.AddHours(-2));
        await _host.SyncAsync();
        Assert.True(_host.Lists.Delete(list!.Id));
        _host.Store("leaves@shop-demo.com", _host.Now, Core.Zoey.ZoeySubscriberStatus.Unsubscribed);
        _host.Store("jo@shop-demo.com", _host.Now);

        var run = await _host.SyncAsync();

        Assert.Equal((1, 0), (_host.UnsubscribedTimes("leaves@shop-demo.com"), _host.SubscribedTimes("jo@shop-demo.com")));
        Assert.Equal(RunStatus.Partial, run.Status);
        Assert.Contains("Klaviyo no longer has", run.Message, StringComparison.Ordinal);
        await _host.PushAsync("ann@shop-demo.com");
        Assert.Contains($"Klaviyo no longer has the list {list.Name}", (await _host.EventsAsync()).Message, StringComparison.Ordinal);

        await _host.ChooseListAsync(isDoubleOptIn: null);
        await _host.EventsAsync();
        await _host.SyncAsync();
        Assert.Equal((1, 1), (_host.SubscribedTimes("jo@shop-demo.com"), _host.SubscribedTimes("ann@shop-demo.com")));
    }

    /// <summary>Ten questions about a job's thousand: when the seventh gets no answer, nobody of the thousand is subscribed.</summary>
    [Fact]
    public async Task ConsentThatCannotBeReadHalfWay_SubscribesNobodyOfTheJob()
    {
        for (var i = 0; i < 1000; i++)
            _host.Store($"s{i:0000}@shop-demo.com", _host.Now.AddHours(-1));
        _host.Faults.Add(new Fault("GET /api/profiles", FaultKind.Html, Skip: 6));

        var run = await _host.SyncAsync();

        Assert.Empty(_host.Log);
        Assert.Equal((RunStatus.Failed, 0), (run.Status, run.Counts.Sent));
        Assert.Contains("nobody is subscribed", run.Message, StringComparison.Ordinal);
        _host.Faults.Clear();
        Assert.Equal(1000, (await _host.SyncAsync()).Counts.Sent);
    }
}

public sealed class SqliteSubscriptionRefusalTests() : SubscriptionRefusalTests(DatabaseProvider.Sqlite);

public sealed class PostgresSubscriptionRefusalTests() : SubscriptionRefusalTests(DatabaseProvider.Postgres);
