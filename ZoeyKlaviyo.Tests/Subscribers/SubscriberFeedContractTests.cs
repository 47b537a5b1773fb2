using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using ZoeyKlaviyo.Core.Storage;
using ZoeyKlaviyo.Tests.Orders;

namespace ZoeyKlaviyo.Tests.Subscribers;

/// <summary>Each row of the contract of <c>POST /feed/{publicKey}/subscribers</c>, over real HTTP; what it shares with orders is tested there.</summary>
public sealed class SubscriberFeedContractTests : IAsyncLifetime
{
    private const string Jo = """{"subscriber_email":"jo@shop-demo.com","subscriber_status":"1","change_status_at":null}""";
    private readonly FeedContractTests.FeedFactory _app = new();
    private HttpClient _client = default!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _app.InitializeAsync();
        _client = _app.CreateDirectClient();
        await _app.ConnectAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Signed_202WhenOnDisk_AndTheSameAgainQueuesNothing()
    {
        var signature = Sign(Jo);

        Assert.Equal((HttpStatusCode.Accepted, """{"accepted":1,"ignored":[],"rejected":[]}"""), await PostAsync(Jo, signature));
        Assert.Equal((HttpStatusCode.Accepted, """{"accepted":0,"ignored":[{"index":0,"reason":"duplicate"}],"rejected":[]}"""), await PostAsync(Jo, signature));
        Assert.Equal(["Subscribe · jo@shop-demo.com · New"], await PayloadsAsync());
    }

    [Fact]
    public async Task ArrayWithBadElements_IsSaidByIndex_TheOthersCount()
    {
        var body = $$"""[{"subscriber_email":"no address","subscriber_status":1},{{Jo}},{"subscriber_email":"ann@shop-demo.com"},{"subscriber_email":"tom@shop-demo.com","subscriber_status":3}]""";

        var (status, answer) = await PostAsync(body, Sign(body));

        using var json = JsonDocument.Parse(answer);
        Assert.Equal((HttpStatusCode.Accepted, 2), (status, json.RootElement.GetProperty("accepted").GetInt32()));
        Assert.Equal([0, 2], json.RootElement.GetProperty("rejected").EnumerateArray().Select(entry => entry.GetProperty("index").GetInt32()).Order());
        Assert.Equal(["Subscribe · jo@shop-demo.com · New", "Unsubscribe · tom@shop-demo.com · New"], await PayloadsAsync());
    }

    [Fact]
    public async Task NotSignedAsItHasToBe_401_UnknownStore_404_NotJson_400_TooLarge_413()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(Jo, null)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(Jo, FeedContractTests.Sign(Jo, _app.Time.GetUtcNow(), "another secret"))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(Jo, FeedContractTests.Sign(Jo, _app.Time.GetUtcNow().AddMinutes(-6)))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(Jo, Sign(Jo), "nobody")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync("{", Sign("{"))).Status);
        var large = new string(' ', 5_000_001);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await PostAsync(large, Sign(large))).Status);
        Assert.Empty(await PayloadsAsync());
    }

    [Theory]
    [InlineData("null")]
    [InlineData("5")]
    [InlineData("""{"subscriber_email":{"a":1},"subscriber_status":1}""")]
    [InlineData("""{"subscriber_email":"jo\u0000@shop-demo.com\u0000","subscriber_status":1e400}""")]
    [InlineData("""{"subscriber_email":"\ud800@shop-demo.com","subscriber_status":1}""")]
    [InlineData("""{"subscriber_email":"jo@shop-demo.com","subscriber_status":[[[[[[[[[[1]]]]]]]]]]}""")]
    [InlineData("""{"subscriber_email":"<script>@shop-demo.com","subscriber_status":-1,"change_status_at":"9999-99-99"}""")]
    public async Task HostileBody_IsRejected_NeverAnError(string body)
    {
        var (status, answer) = await PostAsync(body, Sign(body));

        using var json = JsonDocument.Parse(answer);
        Assert.Equal((HttpStatusCode.Accepted, 0), (status, json.RootElement.GetProperty("accepted").GetInt32()));
        Assert.Empty(await PayloadsAsync());
    }

    private string Sign(string body) => FeedContractTests.Sign(body, _app.Time.GetUtcNow());

    private async Task<(HttpStatusCode Status, string Body)> PostAsync(string body, string? signature, string key = "public-acme")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/feed/{key}/subscribers") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (signature is not null)
            request.Headers.TryAddWithoutValidation("Zoey-Signature", signature);
        using var response = await _client.SendAsync(request, Cancel);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancel));
    }

    private Task<List<string>> PayloadsAsync() => _app.Services.GetRequiredService<Database>().ReadAsync(
        db => db.Payloads.OrderBy(payload => payload.Id).Select(payload => payload.Metric + " · " + payload.Email + " · " + payload.State).ToListAsync(Cancel), Cancel);
}
