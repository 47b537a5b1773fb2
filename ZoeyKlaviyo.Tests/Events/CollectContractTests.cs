using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using ZoeyKlaviyo.Core.Access;
using ZoeyKlaviyo.Core.Connection;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Events.Intake;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Core.Stores;
using ZoeyKlaviyo.Tests.Fixtures;

namespace ZoeyKlaviyo.Tests.Events;

/// <summary>Each row of the contract of <c>POST /collect/{publicKey}/events</c>, over real HTTP: status, body, rows and counters.</summary>
public sealed class CollectContractTests : IAsyncLifetime
{
    private readonly CollectFactory _app = new();
    private HttpClient _client = default!;
    private MetricCollector<long> _counter = default!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Database Database => _app.Services.GetRequiredService<Database>();

    public async ValueTask InitializeAsync()
    {
        await _app.InitializeAsync();
        _client = _app.CreateDirectClient();
        _counter = new MetricCollector<long>(_app.Services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), IntakeMetrics.MeterName, "zoeyklaviyo.collect.events");
        await _app.ConnectAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task WellFormedEvent_Accepted_StoredAsSent()
    {
        var (status, body) = await CollectAsync(
            """
            {"sentAt":"2026-11-23T17:00:05Z","visitor":{"email":" Jo@Shop-Demo.COM ","sessionId":"b1f0","actingAdmin":false,"trackingBlocked":false},
             "events":[{"id":"0192f0c4","type":"started_checkout","occurredAt":"2026-11-23T17:00:00Z","value":19.9,"currency":"usd","checkoutId":"q-771",
                        "properties":{"ItemNames":["Mug"],"Items":[{"ProductID":"77","SKU":"MUG-R","Quantity":1}]}}]}
            """);

        Assert.Equal(HttpStatusCode.Accepted, status);
        Assert.Equal("""{"accepted":1,"ignored":[],"rejected":[]}""", body);
        var payload = Assert.Single(await PayloadsAsync());
        Assert.Equal(
            ("Started Checkout", "jo@shop-demo.com", "q-771", 19.9m, "USD", PayloadState.New, "ABC123"),
            (payload.Metric, payload.Email, payload.UniqueId, payload.Value, payload.Currency, payload.State, payload.AccountId));
        Assert.Equal("""{"ItemNames":["Mug"],"Items":[{"ProductID":"77","SKU":"MUG-R","Quantity":1}]}""", payload.Properties);
        Assert.Equal(5000, (payload.ReceivedUtc - payload.OccurredUtc).TotalMilliseconds, 2.0);
        AssertCounted("accepted", null, 1);
    }

    [Theory]
    [InlineData("active_on_site", "Active on Site")]
    [InlineData("viewed_product", "Viewed Product")]
    [InlineData("added_to_cart", "Added to Cart")]
    public async Task EachType_IsStoredUnderKlaviyosMetricName(string type, string metric)
    {
        await CollectAsync(Request($$"""{"id":"e-1","type":"{{type}}"}"""));

        Assert.Equal((metric, "e-1"), (await PayloadsAsync()).Select(payload => (payload.Metric, payload.UniqueId)).Single());
    }

    [Fact]
    public async Task NotConnected_Ignored()
    {
        await _app.Services.GetRequiredService<ConnectionStore>().DisconnectAsync(await _app.StoreAsync(), Cancel);

        await AssertIgnoredAsync("not_connected", Request(Viewed));
    }

    [Fact]
    public async Task NeedsAttention_IntakeStaysOpen()
    {
        await _app.Services.GetRequiredService<KlaviyoTokens>().RejectAsync((await _app.StoreAsync()).Id, 1, "gone", Cancel);

        await AssertAcceptedAsync(Request(Viewed));
    }

    [Fact]
    public async Task IsEnabledNo_Ignored()
    {
        await _app.SetAsync(Switch.IsEnabled, false);

        await AssertIgnoredAsync("disabled", Request(Viewed));
    }

    [Fact]
    public async Task HappenedWhileEnabled_ReceivedAfterwards_Accepted()
    {
        await _app.SetAsync(Switch.IsEnabled, false);

        await AssertAcceptedAsync(Late(Viewed, TimeSpan.FromHours(1)));
    }

    [Fact]
    public async Task SwitchOff_Ignored()
    {
        await _app.SetAsync(Switch.ViewedProduct, false);

        await AssertIgnoredAsync("function_off", Request(Viewed));
    }

    [Fact]
    public async Task ActingAdmin_AdminTrackingNo_Ignored()
    {
        await _app.SetAsync(Switch.AdminTracking, false);

        await AssertIgnoredAsync("acting_admin", Request(Viewed, """{"email":"jo@shop-demo.com","actingAdmin":true}"""));
    }

    [Fact]
    public async Task ActingAdmin_AdminTrackingYes_Accepted() =>
        await AssertAcceptedAsync(Request(Viewed, """{"email":"jo@shop-demo.com","actingAdmin":true}"""));

    [Theory]
    [InlineData("""{"id":"e-1","type":"active_on_site"}""")]
    [InlineData(Viewed)]
    [InlineData("""{"id":"e-1","type":"added_to_cart"}""")]
    public async Task TrackingBlocked_Browsing_Ignored(string browsing) =>
        await AssertIgnoredAsync("tracking_blocked", Request(browsing, """{"email":"jo@shop-demo.com","trackingBlocked":true}"""));

    [Fact]
    public async Task TrackingBlocked_Checkout_Accepted() =>
        await AssertAcceptedAsync(Request(Checkout, """{"email":"jo@shop-demo.com","trackingBlocked":true}"""));

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"email":null}""")]
    [InlineData("""{"email":"  "}""")]
    public async Task NoAddress_Ignored(string visitor) => await AssertIgnoredAsync("no_identity", Request(Viewed, visitor));

    [Fact]
    public async Task HappenedBeforeTheConnection_Ignored()
    {
        await _app.MovePeriodsAsync(TimeSpan.FromMinutes(-10));

        await AssertIgnoredAsync("before_connection", Late(Viewed, TimeSpan.FromHours(1)));
    }

    [Fact]
    public async Task ActiveOnSite_AgainWithin30Minutes_Ignored()
    {
        await AssertAcceptedAsync(Request("""{"id":"a-1","type":"active_on_site"}"""));

        await AssertIgnoredAsync("same_visit", Request("""{"id":"a-2","type":"active_on_site"}"""), stored: 1);
    }

    [Fact]
    public async Task ActiveOnSite_KeptBackFromAnEarlierVisit_CountsOnceForIt()
    {
        const string active = """{"id":"now","type":"active_on_site"}""";
        await AssertAcceptedAsync(Request(active));

        foreach (var (minutes, count) in new[] { (50, 2), (45, 2), (40, 2), (90, 3) })
        {
            await CollectAsync(Late($$"""{"id":"{{minutes}}","type":"active_on_site"}""", TimeSpan.FromMinutes(minutes)));
            Assert.Equal(count, (await PayloadsAsync()).Count);
        }

        // In one request, as a browser that was offline sends them.
        var (_, body) = await CollectAsync(LateTogether("active_on_site", 200, 195, 190));
        Assert.StartsWith("""{"accepted":1,"ignored":[{"index":1,"reason":"same_visit"},{"index":2,"reason":"same_visit"}]""", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ViewedProduct_AlreadyInTheCart_Ignored() =>
        await AssertIgnoredAsync("in_cart", Request("""{"id":"e-1","type":"viewed_product","inCart":true}"""));

    [Fact]
    public async Task SameIdAgain_Ignored()
    {
        await AssertAcceptedAsync(Request(Viewed));

        await AssertIgnoredAsync("duplicate", Request(Viewed), stored: 1);
    }

    [Fact]
    public async Task SameCheckoutAndAddressUnderAnotherId_Ignored()
    {
        await AssertAcceptedAsync(Request(Checkout));

        await AssertIgnoredAsync("duplicate", Request("""{"id":"other","type":"started_checkout","checkoutId":"q-1"}"""), stored: 1);
    }

    [Theory]
    [InlineData("type", """{"id":"e","type":"purchase"}""")]
    [InlineData("type", """{"id":"e","type":"placed_order"}""")]
    [InlineData("type", """{"id":"e","type":"ordered_product"}""")]
    [InlineData("type", """{"id":"e","type":7}""")]
    [InlineData("type", """{"id":"e"}""")]
    [InlineData("id", """{"type":"viewed_product"}""")]
    [InlineData("id", """{"id":"","type":"viewed_product"}""")]
    [InlineData("id", """{"id":5,"type":"viewed_product"}""")]
    [InlineData("id", """{"id":"\ud800","type":"viewed_product"}""")]
    [InlineData("checkoutId", """{"id":"e","type":"started_checkout"}""")]
    [InlineData("value", """{"id":"e","type":"added_to_cart","value":"19.90"}""")]
    [InlineData("value", """{"id":"e","type":"added_to_cart","value":1e400}""")]
    [InlineData("value", """{"id":"e","type":"added_to_cart","value":-1}""")]
    [InlineData("currency", """{"id":"e","type":"added_to_cart","currency":"DOLLAR"}""")]
    [InlineData("currency", """{"id":"e","type":"added_to_cart","currency":"XYZ"}""")]
    [InlineData("inCart", """{"id":"e","type":"viewed_product","inCart":"yes"}""")]
    [InlineData("properties", """{"id":"e","type":"viewed_product","properties":[]}""")]
    [InlineData("properties", """{"id":"e","type":"viewed_product","properties":{"a":[[[[[[[[[[1]]]]]]]]]]}}""")]
    [InlineData("properties", """{"id":"e","type":"viewed_product","properties":{"a":"\ud83d"}}""")]
    [InlineData("properties", """{"id":"e","type":"viewed_product","properties":{"a":[{"b":"\ude00\ud83d"}]}}""")]
    [InlineData("properties", """{"id":"e","type":"viewed_product","properties":{"a":"\ud83d\n"}}""")]
    [InlineData("properties", """{"id":"e","type":"viewed_product","properties":{"a":"\\\u0000"}}""")]
    [InlineData("properties", """{"id":"e","type":"viewed_product","properties":{"a":{"\ud83d":1}}}""")]
    [InlineData("properties", """{"id":"e","type":"viewed_product","properties":{"a\u0000":1}}""")]
    [InlineData("properties", """{"id":"e","type":"viewed_product","properties":{"a":[{"b":1,"\u0062":2}]}}""")]
    [InlineData("properties", """{"id":"e","type":"viewed_product","properties":{"a":9223372036854775808}}""")]
    [InlineData("properties", """{"id":"e","type":"viewed_product","properties":{"a":[-9223372036854775809]}}""")]
    [InlineData("properties", """{"id":"e","type":"viewed_product","properties":{"a":1e400}}""")]
    [InlineData("event", """{"id":"e","type":"viewed_product","\ud800xxxxx":1}""")]
    [InlineData("occurredAt", """{"id":"e","type":"viewed_product","occurredAt":"yesterday"}""")]
    [InlineData("occurredAt", """{"id":"e","type":"viewed_product","occurredAt":1700000000}""")]
    [InlineData("occurredAt", """{"id":"e","type":"viewed_product","occurredAt":"2099-01-01T00:00:00Z"}""")]
    [InlineData("event", "7")]
    public async Task WrongField_RejectedByName(string field, string item)
    {
        var (status, body) = await CollectAsync(Request(item));

        Assert.Equal(HttpStatusCode.Accepted, status);
        using var answer = JsonDocument.Parse(body);
        Assert.Equal(0, answer.RootElement.GetProperty("accepted").GetInt32());
        var rejected = Assert.Single(answer.RootElement.GetProperty("rejected").EnumerateArray());
        Assert.Equal(0, rejected.GetProperty("index").GetInt32());
        var error = Assert.Single(rejected.GetProperty("errors").EnumerateObject());
        Assert.Equal(field, error.Name);
        Assert.NotEqual("", Assert.Single(error.Value.EnumerateArray()).GetString());
        Assert.Empty(await PayloadsAsync());
        AssertCounted("rejected", null, 1);
    }

    [Fact]
    public async Task PropertiesAtTheEdge_AcceptedAsTheyAre()
    {
        const string properties = """{"a\ud83d\ude00":"\ud83d\ude00 \\u0000 \\\\ud83d","b":[9223372036854775807,-9223372036854775808,1.5e3,-0],"c":{"a":1},"d":{"a":1}}""";

        await AssertAcceptedAsync(Request($$"""{"id":"e-1","type":"viewed_product","properties":{{properties}}}"""));

        Assert.Equal(properties, (await PayloadsAsync()).Single().Properties);
    }

    [Fact]
    public async Task NameThatIsNoText_RejectsItsEventOnly()
    {
        var (_, body) = await CollectAsync(Request(Viewed + ",{\"\\ud800xxxxx\":1}," + Checkout));

        Assert.StartsWith("""{"accepted":2,"ignored":[],"rejected":[{"index":1,"errors":{"event":""", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("visitor.email", """{"email":"not an address"}""")]
    [InlineData("visitor.email", """{"email":"a@b"}""")]
    [InlineData("visitor.email", """{"email":7}""")]
    [InlineData("visitor.email", """{"email":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.com"}""")]
    [InlineData("visitor.trackingBlocked", """{"email":"jo@shop-demo.com","trackingBlocked":"no"}""")]
    [InlineData("visitor", "\"jo@shop-demo.com\"")]
    [InlineData("visitor", """{"email":"jo@shop-demo.com","\ud800xxxxx":1}""")]
    public async Task WrongVisitor_RejectsEveryEvent(string field, string visitor)
    {
        var (_, body) = await CollectAsync(Request(Viewed + "," + Checkout, visitor));

        using var answer = JsonDocument.Parse(body);
        var rejected = answer.RootElement.GetProperty("rejected").EnumerateArray().ToList();
        Assert.Equal([0, 1], rejected.Select(row => row.GetProperty("index").GetInt32()));
        Assert.All(rejected, row => Assert.Equal(field, Assert.Single(row.GetProperty("errors").EnumerateObject()).Name));
        Assert.Empty(await PayloadsAsync());
    }

    [Fact]
    public async Task Mixed_TheThreeAddUpAndIndexesNameThem()
    {
        var (_, body) = await CollectAsync(Request($$"""{"id":"x","type":"nope"},{{Viewed}},{"id":"c","type":"viewed_product","inCart":true},{{Viewed}},{{Checkout}}"""));

        Assert.StartsWith("""{"accepted":2,"ignored":[{"index":2,"reason":"in_cart"},{"index":3,"reason":"duplicate"}],"rejected":[{"index":0,""", body, StringComparison.Ordinal);
        Assert.Equal(2, (await PayloadsAsync()).Count);
    }

    [Theory]
    [InlineData("2026-11-23T17:00:00Z", "2026-11-23T17:00:00Z", 0)]
    [InlineData("2026-11-23T17:00:00Z", "2026-11-23T16:00:00Z", 3600)]
    [InlineData("2026-11-23T17:00:00+02:00", "2026-11-23T14:00:00Z", 3600)]
    [InlineData("2026-11-23T17:00:00Z", "2026-11-20T17:00:00Z", 48 * 3600)]
    [InlineData("1999-01-01T00:00:00Z", "1998-12-31T23:59:00Z", 60)]
    [InlineData("2026-11-23T17:00:00Z", "2030-01-01T00:00:00Z", 0)]
    public async Task TimeUsed_IsReceiptLessTheAgeByTheBrowsersClock(string sentAt, string occurredAt, int age)
    {
        await CollectAsync($$"""{"sentAt":"{{sentAt}}","visitor":{"email":"jo@shop-demo.com"},"events":[{"id":"e","type":"viewed_product","occurredAt":"{{occurredAt}}"}]}""");

        var payload = Assert.Single(await PayloadsAsync());
        Assert.Equal(age, (payload.ReceivedUtc - payload.OccurredUtc).TotalSeconds, 0.01);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"events":"many"}""")]
    [InlineData("""{"visitor":{}}""")]
    [InlineData("""{"events":[],"\ud800xxxxx":1}""")]
    public async Task NotTheRightJson_400(string body) => await AssertProblemAsync(HttpStatusCode.BadRequest, await PostAsync(body));

    [Fact]
    public async Task NotUtf8_400()
    {
        using var content = new ByteArrayContent([.. """{"events":[{"id":"""u8, 0xFF, 0xFE]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        await AssertProblemAsync(HttpStatusCode.BadRequest, await _client.PostAsync(CollectFactory.Path, content, Cancel));
    }

    [Fact]
    public async Task OtherOrigin_403()
    {
        var response = await PostAsync(Request(Viewed), origin: "https://evil.test");

        await AssertProblemAsync(HttpStatusCode.Forbidden, response);
        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.Empty(await PayloadsAsync());
        // The browser tells the page nothing about it, so that the live check has to.
        var live = await _app.Services.GetRequiredService<LiveCheck>().ReadAsync(await _app.StoreAsync(), Cancel);
        Assert.Contains("comes from a page of https://evil.test, which is not among", Assert.Single(live.Arrivals).Rejected, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AllowedOrigin_MayReadTheAnswerWithoutCredentials()
    {
        var response = await PostAsync(Request(Viewed), origin: "http://acme.test");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("http://acme.test", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.False(response.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task UnknownKey_404() =>
        await AssertProblemAsync(HttpStatusCode.NotFound, await _client.PostAsync("/collect/nobody/events", Json(Request(Viewed)), Cancel));

    [Fact]
    public async Task LargerThan64Kb_413()
    {
        await AssertProblemAsync(HttpStatusCode.RequestEntityTooLarge, await PostAsync(Request(Viewed) + new string(' ', 64 * 1024)));
        Assert.Empty(await PayloadsAsync());
    }

    [Fact]
    public async Task MoreThan50Events_413()
    {
        static string Events(int count) => Request(string.Join(',', Enumerable.Range(0, count).Select(i => $$"""{"id":"e-{{i}}","type":"viewed_product"}""")));

        await AssertProblemAsync(HttpStatusCode.RequestEntityTooLarge, await PostAsync(Events(51)));
        Assert.Empty(await PayloadsAsync());
        Assert.StartsWith("""{"accepted":50,""", (await CollectAsync(Events(50))).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/jsonp")]
    [InlineData(null)]
    public async Task OtherContentType_415(string? mediaType)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(Request(Viewed)));
        content.Headers.ContentType = mediaType is null ? null : new MediaTypeHeaderValue(mediaType);
        await AssertProblemAsync(HttpStatusCode.UnsupportedMediaType, await _client.PostAsync(CollectFactory.Path, content, Cancel));
    }

    [Fact]
    public async Task TextPlain_Accepted()
    {
        var response = await _client.PostAsync(CollectFactory.Path, new StringContent(Request(Viewed), Encoding.UTF8, "text/plain"), Cancel);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    [Fact]
    public async Task TooManyRequestsOfAnAddress_429WithRetryAfter()
    {
        await using var strict = new CollectFactory { Settings = { ["Collect:PerMinutePerAddress"] = "2" } };
        await strict.InitializeAsync();
        using var client = strict.CreateDirectClient();
        await client.PostAsync(CollectFactory.Path, Json(Request(Viewed)), Cancel);
        await client.PostAsync(CollectFactory.Path, Json(Request(Viewed)), Cancel);

        var response = await client.PostAsync(CollectFactory.Path, Json(Request(Viewed)), Cancel);

        await AssertProblemAsync(HttpStatusCode.TooManyRequests, response);
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
    }

    [Fact]
    public async Task DatabaseFails_503WithRetryAfter_NothingStored()
    {
        await Database.WriteAsync(db => db.Database.ExecuteSqlAsync($"ALTER TABLE \"Payloads\" RENAME TO \"Gone\"", Cancel), Cancel);

        var response = await PostAsync(Request(Viewed));

        await AssertProblemAsync(HttpStatusCode.ServiceUnavailable, response);
        Assert.NotNull(response.Headers.RetryAfter);
        await Database.WriteAsync(db => db.Database.ExecuteSqlAsync($"ALTER TABLE \"Gone\" RENAME TO \"Payloads\"", Cancel), Cancel);
        Assert.Empty(await PayloadsAsync());
        await AssertAcceptedAsync(Request(Viewed));
    }

    [Fact]
    public async Task PostgresDoesNotAnswer_503WithRetryAfter()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.Postgres);
        await using var app = new CollectFactory
        {
            Settings = { ["Database:Provider"] = "Postgres", ["ConnectionStrings:ZoeyKlaviyo"] = database.ConnectionString },
        };
        await app.InitializeAsync();
        await app.ConnectAsync();
        var store = await app.StoreAsync();
        using var client = app.CreateDirectClient();
        Assert.Equal(HttpStatusCode.Accepted, (await client.PostAsync(CollectFactory.Path, Json(Request(Viewed)), Cancel)).StatusCode);
        await database.RefuseConnectionsAsync();

        var notWritten = await client.PostAsync(CollectFactory.Path, Json(Request(Checkout)), Cancel);
        app.Services.GetRequiredService<StoreSignals>().SettingsChanged(store.Id);
        var notRead = await client.PostAsync(CollectFactory.Path, Json(Request(Checkout)), Cancel);

        await AssertProblemAsync(HttpStatusCode.ServiceUnavailable, notWritten);
        await AssertProblemAsync(HttpStatusCode.ServiceUnavailable, notRead);
        Assert.NotNull(notWritten.Headers.RetryAfter);
        Assert.NotNull(notRead.Headers.RetryAfter);
    }

    [Fact]
    public async Task Options_204ForAllowedOrigins()
    {
        using var preflight = new HttpRequestMessage(HttpMethod.Options, CollectFactory.Path) { Headers = { { "Origin", "http://acme.test" }, { "Access-Control-Request-Method", "POST" } } };
        var response = await _client.SendAsync(preflight, Cancel);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal("http://acme.test", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin")));
        Assert.Equal("POST", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Methods")));
    }

    private const string Viewed = """{"id":"e-1","type":"viewed_product"}""";
    private const string Checkout = """{"id":"s-1","type":"started_checkout","checkoutId":"q-1"}""";

    private static string Request(string events, string visitor = """{"email":"jo@shop-demo.com"}""") => $$"""{"visitor":{{visitor}},"events":[{{events}}]}""";

    private static string Late(string item, TimeSpan age)
    {
        var at = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
        return $$"""{"sentAt":"{{at:O}}","visitor":{"email":"jo@shop-demo.com"},"events":[{{item[..^1]}},"occurredAt":"{{at - age:O}}"}]}""";
    }

    private static string LateTogether(string type, params int[] minutes)
    {
        var at = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
        var events = minutes.Select(ago => $$"""{"id":"{{ago}}","type":"{{type}}","occurredAt":"{{at.AddMinutes(-ago):O}}"}""");
        return $$"""{"sentAt":"{{at:O}}","visitor":{"email":"jo@shop-demo.com"},"events":[{{string.Join(',', events)}}]}""";
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private async Task<HttpResponseMessage> PostAsync(string body, string? origin = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, CollectFactory.Path) { Content = Json(body) };
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        return await _client.SendAsync(request, Cancel);
    }

    private async Task<(HttpStatusCode Status, string Body)> CollectAsync(string body)
    {
        var response = await PostAsync(body);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancel));
    }

    private async Task AssertAcceptedAsync(string request)
    {
        var (status, body) = await CollectAsync(request);
        Assert.Equal((HttpStatusCode.Accepted, """{"accepted":1,"ignored":[],"rejected":[]}"""), (status, body));
        Assert.Single(await PayloadsAsync());
        AssertCounted("accepted", null, 1);
    }

    private async Task AssertIgnoredAsync(string reason, string request, int stored = 0)
    {
        var (status, body) = await CollectAsync(request);
        Assert.Equal((HttpStatusCode.Accepted, $$"""{"accepted":0,"ignored":[{"index":0,"reason":"{{reason}}"}],"rejected":[]}"""), (status, body));
        Assert.Equal(stored, (await PayloadsAsync()).Count);
        AssertCounted("ignored", reason, 1);
    }

    private static async Task AssertProblemAsync(HttpStatusCode status, HttpResponseMessage response)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel));
        Assert.NotEqual("", problem.RootElement.GetProperty("detail").GetString());
    }

    private void AssertCounted(string outcome, string? reason, long expected) => Assert.Equal(
        expected,
        _counter.GetMeasurementSnapshot()
            .Where(measurement => Equals(measurement.Tags["outcome"], outcome) && (reason is null || Equals(measurement.Tags["reason"], reason)))
            .Sum(measurement => measurement.Value));

    private Task<List<Payload>> PayloadsAsync() => Database.ReadAsync(db => db.Payloads.OrderBy(payload => payload.Id).ToListAsync(Cancel), Cancel);

    private sealed class CollectFactory : AppFactory
    {
        public const string Path = "/collect/public-acme/events";
        private static readonly Person s_ana = new("ana", "Ana", false, true, new HashSet<string> { "acme" });

        public async Task<AuthorizedStore> StoreAsync() => (await Services.GetRequiredService<StoreAccess>().OpenAsync(s_ana, "acme", Cancel))!;

        /// <summary>Connected, with every switch set to Yes, since three days ago.</summary>
        public async Task ConnectAsync()
        {
            var store = await StoreAsync();
            var tokens = new TokenPair("access", "refresh", TimeSpan.FromHours(1), "events:write");
            await Services.GetRequiredService<ConnectionStore>().SaveAsync(store, new KlaviyoAccount("ABC123", "Acme"), tokens, Cancel);
            var editor = Services.GetRequiredService<SettingsEditor>();
            await editor.SetEverythingToYesAsync(store, await editor.ReadAsync(store, Cancel), Cancel);
            await MovePeriodsAsync(TimeSpan.FromDays(-3));
        }

        public async Task SetAsync(Switch @switch, bool isOn)
        {
            var store = await StoreAsync();
            var editor = Services.GetRequiredService<SettingsEditor>();
            var view = (await editor.ReadAsync(store, Cancel)).Single(row => row.Definition.Switch == @switch);
            Assert.Null((await editor.SetAsync(store, new SwitchChange(@switch, isOn, view.Version), Cancel)).Problem);
        }

        /// <summary>Lets every period begin that long before or after now.</summary>
        public async Task MovePeriodsAsync(TimeSpan fromNow)
        {
            var from = Services.GetRequiredService<TimeProvider>().GetUtcNow() + fromNow;
            var store = await StoreAsync();
            await Services.GetRequiredService<Database>().WriteAsync(
                db => db.ActivePeriods.Where(period => period.StoreId == store.Id).ExecuteUpdateAsync(update => update.SetProperty(period => period.FromUtc, from), Cancel),
                Cancel);
            Services.GetRequiredService<StoreSignals>().SettingsChanged(store.Id);
        }
    }
}
