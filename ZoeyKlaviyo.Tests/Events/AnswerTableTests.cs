using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using ZoeyKlaviyo.Core.Audit;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Scheduling;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Sandbox.Klaviyo.Contract;
using ZoeyKlaviyo.Tests.Fixtures;
using static ZoeyKlaviyo.Tests.Fixtures.KlaviyoStub;

namespace ZoeyKlaviyo.Tests.Events;

public sealed class SqliteAnswerTableTests() : AnswerTableTests(DatabaseProvider.Sqlite);

public sealed class PostgresAnswerTableTests() : AnswerTableTests(DatabaseProvider.Postgres);

/// <summary>The table of answers: what each of Klaviyo's answers makes of the payload, of its record and of the run.</summary>
public abstract class AnswerTableTests(DatabaseProvider provider) : IAsyncLifetime
{
    private CoreHost _host = default!;

    public async ValueTask InitializeAsync()
    {
        _host = await CoreHost.StartAsync(provider);
        await _host.ConnectAsync();
        _host.Klaviyo.On("GET /api/metrics", _ => Json(200, """{"data":[]}"""));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Accepted_FirstCycle_Sent()
    {
        await _host.AddEventsAsync(1);
        _host.Klaviyo.OnEvent(_ => Accepted());

        var run = await _host.RunAsync(SyncKind.Events);

        var payload = Assert.Single(await _host.PayloadsAsync());
        Assert.Equal((PayloadState.Sent, false, 1), (payload.State, payload.InDoubt, payload.Attempts));
        Assert.NotNull(payload.SentUtc);
        Assert.Equal((RunStatus.Succeeded, "1 sent."), (run.Status, run.Message));
        Assert.Equal((1, 0), (run.Counts.Sent, run.Counts.Failed));
        var record = Assert.Single(await _host.RecordsAsync(run.Id));
        Assert.Equal((RecordResult.Sent, 202, "Added to Cart · shopper1@shop-demo.com"), (record.Result, record.HttpStatus, record.Record));
    }

    [Fact]
    public async Task Accepted_RetryCycle_Sent()
    {
        await FailFirstCycleAsync(1);
        _host.Klaviyo.OnEvent(_ => Accepted());

        var run = await _host.RunAsync(SyncKind.Retries);

        var payload = Assert.Single(await _host.PayloadsAsync());
        Assert.Equal((PayloadState.Sent, false, 2, null), (payload.State, payload.InDoubt, payload.Attempts, payload.Error));
        Assert.Equal((RunStatus.Succeeded, 1), (run.Status, run.Counts.Sent));
    }

    [Fact]
    public async Task EveryRequest_KeepsTheContract_AndProfilesAreTheAddressAlone()
    {
        await _host.AddEventsAsync(3);
        _host.Klaviyo.OnEvent(_ => Accepted());

        await _host.RunAsync(SyncKind.Events);

        await _host.AddEventsAsync(1, from: 4);
        await _host.RunAsync(SyncKind.Events);

        Assert.Equal(3, BulkBodies.Read(Assert.Single(_host.Klaviyo.BulkCalls)).Count);
        Assert.Single(_host.Klaviyo.Events);
        foreach (var request in _host.Klaviyo.Requests)
        {
            Assert.Empty(KlaviyoContract.Validate("POST", request.Path, request.Body));
            Assert.All(Profiles(JsonNode.Parse(request.Body)!), profile => Assert.Equal("email", Assert.Single(profile["data"]!["attributes"]!.AsObject()).Key));
        }
    }

    [Theory]
    [InlineData(400)]
    [InlineData(409)]
    [InlineData(422)]
    [InlineData(413)]
    public async Task RefusedByRow_FirstCycle_RetryAndTheRunGoesOn(int status)
    {
        await _host.AddEventsAsync(3);
        _host.Klaviyo.OnEvent(request => IsFor(2, request) ? Error(status, "This one is wrong.") : Accepted());

        var run = await _host.RunAsync(SyncKind.Events);

        var payloads = await _host.PayloadsAsync();
        Assert.Equal([PayloadState.Sent, PayloadState.Retry, PayloadState.Sent], payloads.Select(payload => payload.State));
        var refused = payloads[1];
        Assert.Equal((false, false, status, "This one is wrong."), (refused.Outage, refused.InDoubt, refused.HttpStatus, refused.Error));
        Assert.True(refused.NextTryUtc > _host.Time.GetUtcNow());
        Assert.Equal((RunStatus.Partial, "2 sent, 1 not sent."), (run.Status, run.Message));
        Assert.Equal((2, 1), (run.Counts.Sent, run.Counts.Failed));
        var record = (await _host.RecordsAsync(run.Id)).Single(row => row.Result == RecordResult.Retry);
        Assert.Equal((status, "This one is wrong."), (record.HttpStatus, record.Error));
        Assert.NotNull(ErrorAdvice.For(record.ErrorCode));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(409)]
    [InlineData(422)]
    [InlineData(413)]
    public async Task RefusedByRow_RetryCycle_FailedAndTheRunGoesOn(int status)
    {
        await FailFirstCycleAsync(3);
        _host.Klaviyo.OnEvent(request => IsFor(2, request) ? Error(status) : Accepted());

        var run = await _host.RunAsync(SyncKind.Retries);

        var payloads = await _host.PayloadsAsync();
        Assert.Equal([PayloadState.Sent, PayloadState.Failed, PayloadState.Sent], payloads.Select(payload => payload.State));
        Assert.Null(payloads[1].NextTryUtc);
        Assert.Equal((RunStatus.Partial, 2, 1), (run.Status, run.Counts.Sent, run.Counts.Failed));
        Assert.Contains(await _host.RecordsAsync(run.Id), record => record.Result == RecordResult.Failed);
    }

    public static TheoryData<string> NoVerdicts => ["timeout", "reset", "500", "503", "html", "html-403", "html-200", "garbage"];

    [Theory]
    [MemberData(nameof(NoVerdicts))]
    public async Task NoVerdict_KlaviyoDown_FirstCycle_RetryAsOutageInDoubtAndTheRunStops(string kind)
    {
        await _host.AddEventsAsync(20);
        Down(kind);

        var run = await _host.RunAsync(SyncKind.Events);

        Assert.All(await _host.PayloadsAsync(), payload => Assert.Equal(
            (PayloadState.Retry, true, true, 1), (payload.State, payload.Outage, payload.InDoubt, payload.Attempts)));
        Assert.Equal(RunStatus.Failed, run.Status);
        Assert.StartsWith("Klaviyo unavailable", run.Message, StringComparison.Ordinal);
        Assert.Equal((0, 20), (run.Counts.Sent, run.Counts.Failed));
        // A bulk call that may have arrived is not sent again.
        Assert.Single(_host.Klaviyo.BulkCalls);
        Assert.Empty(_host.Klaviyo.Events);
    }

    [Fact]
    public async Task NoConnection_KlaviyoDown_NothingIsInDoubt()
    {
        await _host.AddEventsAsync(1);
        Down("refused");

        await _host.RunAsync(SyncKind.Events);

        var payload = Assert.Single(await _host.PayloadsAsync());
        Assert.Equal((PayloadState.Retry, true, false), (payload.State, payload.Outage, payload.InDoubt));
    }

    [Theory]
    [MemberData(nameof(NoVerdicts))]
    public async Task NoVerdict_KlaviyoDown_RetryCycle_StaysRetryAndTheCycleDoesNotCount(string kind)
    {
        await FailFirstCycleAsync(1);
        Down(kind);

        var run = await _host.RunAsync(SyncKind.Retries);
        var again = await _host.RunAsync(SyncKind.Retries);

        var payload = Assert.Single(await _host.PayloadsAsync());
        Assert.Equal((PayloadState.Retry, true, true, 3), (payload.State, payload.Outage, payload.InDoubt, payload.Attempts));
        Assert.Equal(2 * 3, _host.Klaviyo.Events.Count());
        Assert.All([run, again], each => Assert.Equal(RunStatus.Failed, each.Status));
    }

    [Fact]
    public async Task NoVerdict_OtherEndpointsAnswer_FirstCycle_CountsAsRefusedAndTheRestIsSent()
    {
        await _host.AddEventsAsync(20);
        _host.Klaviyo.OnEvent(request => IsFor(2, request) ? Error(500) : Accepted());

        var run = await _host.RunAsync(SyncKind.Events);

        var payloads = await _host.PayloadsAsync();
        Assert.Equal((PayloadState.Retry, false, true), (payloads[1].State, payloads[1].Outage, payloads[1].InDoubt));
        Assert.Equal(19, payloads.Count(payload => payload.State == PayloadState.Sent));
        Assert.Equal((RunStatus.Partial, 19, 1), (run.Status, run.Counts.Sent, run.Counts.Failed));
    }

    [Fact]
    public async Task NoVerdict_OtherEndpointsAnswer_RetryCycle_FailedInDoubt()
    {
        await FailFirstCycleAsync(2);
        _host.Klaviyo.OnEvent(request => IsFor(2, request) ? Error(500) : Accepted());

        await _host.RunAsync(SyncKind.Retries);

        var payloads = await _host.PayloadsAsync();
        Assert.Equal([PayloadState.Sent, PayloadState.Failed], payloads.Select(payload => payload.State));
        Assert.True(payloads[1].InDoubt);
    }

    [Fact]
    public async Task OutageIsOverButForTheEventsEndpoint_WhatItHeldUpIsNotJudgedYet()
    {
        await _host.AddEventsAsync(3);
        Down("503");
        await _host.RunAsync(SyncKind.Events);
        _host.Klaviyo.On("GET /api/metrics", _ => Json(200, """{"data":[]}"""));

        await _host.RunAsync(SyncKind.Events);

        Assert.All(await _host.PayloadsAsync(), payload => Assert.Equal((PayloadState.Retry, false, true), (payload.State, payload.Outage, payload.InDoubt)));
        var run = await _host.RunAsync(SyncKind.Retries);
        Assert.All(await _host.PayloadsAsync(), payload => Assert.Equal(PayloadState.Failed, payload.State));
        Assert.All(await _host.RecordsAsync(run.Id), record => Assert.DoesNotContain("by itself", ErrorAdvice.For(record.ErrorCode)!.Advice, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(null)]
    public async Task Throttled_WithinAMinute_WaitsAndSends(int? retryAfter)
    {
        await _host.AddEventsAsync(1);
        var answers = new Queue<HttpResponseMessage>([Throttled(retryAfter), Throttled(retryAfter), Throttled(retryAfter), Throttled(retryAfter), Accepted()]);
        _host.Klaviyo.OnEvent(_ => answers.Dequeue());
        var before = _host.Time.GetUtcNow();

        var run = await _host.RunAsync(SyncKind.Events);

        Assert.Equal((RunStatus.Succeeded, 1), (run.Status, run.Counts.Sent));
        Assert.True(_host.Time.GetUtcNow() - before >= TimeSpan.FromSeconds(4 * (retryAfter ?? 1)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Throttled_PastAMinute_RetryAndTheRunWaits(bool isRetryCycle)
    {
        await FillAsync(isRetryCycle);
        _host.Klaviyo.OnEvent(_ => Throttled(61));

        var run = await _host.RunAsync(isRetryCycle ? SyncKind.Retries : SyncKind.Events);

        await AssertStoppedAsync(run, "Waiting for Klaviyo", inDoubt: false);
    }

    [Fact]
    public async Task Unauthorized_TokenRefreshed_Sent()
    {
        await _host.AddEventsAsync(1);
        _host.Klaviyo.OnEvent(request => request.Authorization == "Bearer access-1" ? Error(401) : Accepted());
        _host.Klaviyo.On("POST /oauth/token", _ => Tokens("access-2"));

        var run = await _host.RunAsync(SyncKind.Events);

        Assert.Equal((RunStatus.Succeeded, 1), (run.Status, run.Counts.Sent));
        Assert.Equal(ConnectionStatus.Connected, (await _host.ConnectionAsync()).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Unauthorized_AfterRefresh_RetryAndTheConnectionNeedsAttention(bool isRetryCycle)
    {
        await FillAsync(isRetryCycle);
        _host.Klaviyo.OnEvent(_ => Error(401, "Incorrect authentication credentials."));
        _host.Klaviyo.On("POST /oauth/token", _ => Tokens("access-2"));

        var run = await _host.RunAsync(isRetryCycle ? SyncKind.Retries : SyncKind.Events);

        await AssertStoppedAsync(run, "Needs attention", inDoubt: false);
        Assert.Equal(ConnectionStatus.NeedsAttention, (await _host.ConnectionAsync()).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task InvalidGrant_RetryAndTheConnectionNeedsAttention(bool isRetryCycle)
    {
        await FillAsync(isRetryCycle);
        _host.Klaviyo.OnEvent(_ => Error(401));
        _host.Klaviyo.On("POST /oauth/token", _ => OAuthError(400, "invalid_grant"));

        var run = await _host.RunAsync(isRetryCycle ? SyncKind.Retries : SyncKind.Events);

        await AssertStoppedAsync(run, "Needs attention", inDoubt: false);
        Assert.Equal(ConnectionStatus.NeedsAttention, (await _host.ConnectionAsync()).Status);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(405)]
    [InlineData(410)]
    [InlineData(415)]
    public async Task Misconfigured_FirstCycle_RetryAndTheRunStops(int status)
    {
        await FillAsync(isRetryCycle: false);
        _host.Klaviyo.OnEvent(_ => Error(status, "Not like this."));

        var run = await _host.RunAsync(SyncKind.Events);

        await AssertStoppedAsync(run, "Configuration", inDoubt: false);
        Assert.Contains("Not like this.", run.Message, StringComparison.Ordinal);
        Assert.Equal(ConnectionStatus.Connected, (await _host.ConnectionAsync()).Status);
    }

    [Fact]
    public async Task Misconfigured_RetryCycle_StaysRetryAndTheRunStops()
    {
        await FillAsync(isRetryCycle: true);
        _host.Klaviyo.OnEvent(_ => Error(410));

        var run = await _host.RunAsync(SyncKind.Retries);

        await AssertStoppedAsync(run, "Configuration", inDoubt: false);
    }

    [Fact]
    public async Task AfterAnOutage_EventsGetThrough_WhatItHeldUpIsSentAtOnce()
    {
        await _host.AddEventsAsync(1);
        Down("500");
        await _host.RunAsync(SyncKind.Events);
        _host.Klaviyo.OnEvent(_ => Accepted());
        await _host.AddEventsAsync(1, from: 2);

        var run = await _host.RunAsync(SyncKind.Events);

        var payloads = await _host.PayloadsAsync();
        Assert.All(payloads, payload => Assert.Equal((PayloadState.Sent, false), (payload.State, payload.InDoubt)));
        Assert.Equal((RunStatus.Succeeded, 2), (run.Status, run.Counts.Sent));
    }

    [Fact]
    public async Task AfterAnOutage_NothingNewOnAQuietStore_WhatItHeldUpIsSentAllTheSame()
    {
        await _host.AddEventsAsync(1);
        Down("500");
        await _host.RunAsync(SyncKind.Events);
        _host.Klaviyo.OnEvent(_ => Accepted());

        var run = await _host.RunAsync(SyncKind.Events);

        Assert.Equal((RunStatus.Succeeded, 1), (run.Status, run.Counts.Sent));
        Assert.Equal(PayloadState.Sent, Assert.Single(await _host.PayloadsAsync()).State);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TokenEndpointDown_NothingIsAttemptedAndNothingChanges(bool isRetryCycle)
    {
        await FillAsync(isRetryCycle);
        var before = (await _host.PayloadsAsync()).Single();
        _host.Time.Advance(TimeSpan.FromHours(2));
        _host.Klaviyo.On("POST /oauth/token", _ => Html(503));

        var run = await _host.RunAsync(isRetryCycle ? SyncKind.Retries : SyncKind.Events);

        var after = Assert.Single(await _host.PayloadsAsync());
        Assert.Equal((before.State, before.Attempts, before.InDoubt, before.Outage), (after.State, after.Attempts, after.InDoubt, after.Outage));
        Assert.StartsWith("Klaviyo unavailable", run.Message, StringComparison.Ordinal);
        Assert.Empty(await _host.RecordsAsync(run.Id));
    }

    [Fact]
    public async Task OnePayloadThatCanNotBePrepared_CountsAsRefusedAndTheRestIsSent()
    {
        await _host.AddEventsAsync(3);
        await _host.Database.WriteAsync(
            async db =>
            {
                await db.Stores.ExecuteUpdateAsync(update => update.SetProperty(store => store.IdPrefix, "a-"));
                await db.Payloads.Where(payload => payload.Email == "shopper2@shop-demo.com")
                    .ExecuteUpdateAsync(update => update.SetProperty(payload => payload.Properties, "{\"a\":1,\"a\":2,\"ProductID\":\"7\"}"));
            },
            TestContext.Current.CancellationToken);
        _host.Klaviyo.OnEvent(_ => Accepted());

        var run = await _host.RunAsync(SyncKind.Events);

        Assert.Equal([PayloadState.Sent, PayloadState.Retry, PayloadState.Sent], (await _host.PayloadsAsync()).Select(payload => payload.State));
        Assert.Equal((RunStatus.Partial, 2, 1), (run.Status, run.Counts.Sent, run.Counts.Failed));
        var record = (await _host.RecordsAsync(run.Id)).Single(row => row.Result == RecordResult.Retry);
        Assert.Null((await _host.Get<RunDetails>().RecordAsync(_host.Store, record.Id, TestContext.Current.CancellationToken))!.Request);
    }

    [Theory]
    [InlineData("""{"errors":[{"detail":"half \ud83d a pair"}]}""", "application/vnd.api+json")]
    [InlineData("""{"errors":[{"detail":"a null \u0000"}]}""", "application/vnd.api+json")]
    public async Task OddWordsInARefusal_AreStoredAllTheSame(string body, string mediaType)
    {
        await _host.AddEventsAsync(1);
        _host.Klaviyo.OnEvent(_ => Json(400, body, mediaType));

        var run = await _host.RunAsync(SyncKind.Events);

        Assert.Equal(RecordResult.Retry, Assert.Single(await _host.RecordsAsync(run.Id)).Result);
    }

    [Fact]
    public async Task PageInACharacterSetThatDoesNotExist_IsNoVerdict()
    {
        await _host.AddEventsAsync(1);
        HttpResponseMessage Page()
        {
            var response = new HttpResponseMessage(System.Net.HttpStatusCode.BadGateway) { Content = new ByteArrayContent([60, 98, 62]) };
            response.Content.Headers.TryAddWithoutValidation("Content-Type", "text/html; charset=foo");
            return response;
        }

        _host.Klaviyo.OnEvent(_ => Page()).On("GET /api/metrics", _ => Page());

        var run = await _host.RunAsync(SyncKind.Events);

        Assert.StartsWith("Klaviyo unavailable", run.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RefusedEvents_AreNotSentAgainByAnEventsRun()
    {
        await FailFirstCycleAsync(1);
        _host.Klaviyo.OnEvent(_ => Accepted());
        await _host.AddEventsAsync(1, from: 2);

        await _host.RunAsync(SyncKind.Events);

        Assert.Equal([PayloadState.Retry, PayloadState.Sent], (await _host.PayloadsAsync()).Select(payload => payload.State));
    }

    private static IEnumerable<JsonNode> Profiles(JsonNode node) => node switch
    {
        JsonObject json => json.SelectMany(member => member.Key == "profile" ? [member.Value!] : member.Value is null ? [] : Profiles(member.Value)),
        JsonArray items => items.SelectMany(item => Profiles(item!)),
        _ => [],
    };

    private static bool IsFor(int shopper, SeenRequest request) => request.Body.Contains($"\"shopper{shopper}@shop-demo.com\"", StringComparison.Ordinal);

    private async Task FailFirstCycleAsync(int count)
    {
        await _host.AddEventsAsync(count);
        _host.Klaviyo.OnEvent(_ => Error(400));
        await _host.RunAsync(SyncKind.Events);
        Assert.All(await _host.PayloadsAsync(), payload => Assert.Equal(PayloadState.Retry, payload.State));
        _host.Klaviyo.Requests.Clear();
    }

    private Task FillAsync(bool isRetryCycle) => isRetryCycle ? FailFirstCycleAsync(1) : _host.AddEventsAsync(1);

    private async Task AssertStoppedAsync(Run run, string message, bool inDoubt)
    {
        var payload = Assert.Single(await _host.PayloadsAsync());
        Assert.Equal((PayloadState.Retry, true, inDoubt), (payload.State, payload.Outage, payload.InDoubt));
        Assert.Equal((RunStatus.Failed, 0, 1), (run.Status, run.Counts.Sent, run.Counts.Failed));
        Assert.StartsWith(message, run.Message, StringComparison.Ordinal);
        Assert.Equal(RecordResult.Retry, Assert.Single(await _host.RecordsAsync(run.Id)).Result);
    }

    private void Down(string kind)
    {
        HttpResponseMessage Answer(SeenRequest request) => kind switch
        {
            "timeout" => Hang(),
            "reset" => throw new HttpRequestException(HttpRequestError.ResponseEnded, "The response ended prematurely."),
            "refused" => throw new HttpRequestException(HttpRequestError.ConnectionError, "Connection refused."),
            "html" => Html(502),
            "html-403" => Html(403),
            "html-200" => Html(200),
            "garbage" => Json(418, "?%&/", "text/plain"),
            _ => Error(int.Parse(kind, System.Globalization.CultureInfo.InvariantCulture)),
        };
        _host.Klaviyo.OnEvent(Answer);
        _host.Klaviyo.On("GET /api/metrics", Answer);
    }
}
