using System.Data.Common;
using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using ZoeyKlaviyo.Admin.Storefront;
using ZoeyKlaviyo.Core.Settings;
using ZoeyKlaviyo.Core.Stores;

namespace ZoeyKlaviyo.Tests.Storefront;

/// <summary><c>GET /storefront/{publicKey}.js</c> over real HTTP.</summary>
public sealed class StorefrontEndpointTests : IAsyncLifetime
{
    private const int MaxCompressed = 5 * 1024;

    private readonly StorefrontApp _app = new();
    private HttpClient _client = default!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _app.InitializeAsync();
        await _app.ConnectAsync();
        _client = _app.CreateDirectClient();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Script_CarriesHeadersAndSettings()
    {
        using var response = await GetAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/javascript; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("no-cache", Header(response, "Cache-Control"));
        Assert.Equal("nosniff", Header(response, "X-Content-Type-Options"));
        Assert.Equal("cross-origin", Header(response, "Cross-Origin-Resource-Policy"));
        Assert.Equal("Accept-Encoding", Header(response, "Vary"));
        Assert.False(response.Headers.ETag!.IsWeak);
        var script = await response.Content.ReadAsStringAsync(Cancel);
        Assert.Contains($"\"collect\":\"{_client.BaseAddress}collect/public-acme/events\"", script, StringComparison.Ordinal);
        Assert.Contains("""["active_on_site","viewed_product","added_to_cart","started_checkout"],"adminTracking":true""", script, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task Compressed_IsTheSameScript_AndUnder5KB(string encoding)
    {
        using var plain = await GetAsync();
        using var response = await GetAsync(("Accept-Encoding", encoding));

        Assert.Equal([encoding], response.Content.Headers.ContentEncoding);
        var bytes = await response.Content.ReadAsByteArrayAsync(Cancel);
        Assert.True(bytes.Length < MaxCompressed, $"{bytes.Length} bytes in {encoding}");
        using var stream = encoding == "br" ? (Stream)new BrotliStream(new MemoryStream(bytes), CompressionMode.Decompress) : new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var reader = new StreamReader(stream);
        Assert.Equal(await plain.Content.ReadAsStringAsync(Cancel), await reader.ReadToEndAsync(Cancel));
        Assert.NotEqual(plain.Headers.ETag, response.Headers.ETag);
    }

    [Fact]
    public void WithALongAddress_StillUnder5KB()
    {
        const string address = "https://zoey-klaviyo-connector.production.eu-central-1.acme-commerce-platform.example.com/collect/9f86d081884c7d659a2feaa0c55ad015/events";

        var bodies = new TrackingScript().Render(new ScriptSettings(address, true, string.Join(' ', TestShop.AllEvents), AdminTracking: true));

        Assert.All(bodies.SkipLast(1), body => Assert.True(body.Bytes.Length < MaxCompressed, $"{body.Bytes.Length} bytes in {body.Encoding}"));
    }

    [Theory]
    [InlineData("gzip, deflate, br, zstd", "br")]
    [InlineData("gzip;q=1.0, br;q=0", "gzip")]
    [InlineData("identity", null)]
    public async Task Encoding_IsTheBestThatIsAccepted(string accepted, string? expected)
    {
        using var response = await GetAsync(("Accept-Encoding", accepted));

        Assert.Equal(expected is null ? [] : [expected], response.Content.Headers.ContentEncoding);
    }

    [Theory]
    [InlineData("{0}", HttpStatusCode.NotModified)]
    [InlineData("W/{0}", HttpStatusCode.NotModified)]
    [InlineData("\"other\", {0}", HttpStatusCode.NotModified)]
    [InlineData("*", HttpStatusCode.NotModified)]
    [InlineData("\"other\"", HttpStatusCode.OK)]
    public async Task IfNoneMatch_AnsweredByItsETag(string header, HttpStatusCode expected)
    {
        using var first = await GetAsync(("Accept-Encoding", "br"));

        using var second = await GetAsync(("Accept-Encoding", "br"), ("If-None-Match", header.Replace("{0}", first.Headers.ETag!.Tag, StringComparison.Ordinal)));

        Assert.Equal(expected, second.StatusCode);
        Assert.Equal(first.Headers.ETag, second.Headers.ETag);
        Assert.Equal(("no-cache", "Accept-Encoding"), (Header(second, "Cache-Control"), Header(second, "Vary")));
    }

    [Fact]
    public async Task Head_AnswersAsGetWithoutABody()
    {
        using var get = await GetAsync(("Accept-Encoding", "gzip"));
        using var request = new HttpRequestMessage(HttpMethod.Head, StorefrontApp.ScriptPath);
        request.Headers.Add("Accept-Encoding", "gzip");

        using var head = await _client.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(get.Headers.ETag, head.Headers.ETag);
        Assert.Equal(get.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Cancel));
    }

    [Theory]
    [InlineData(Switch.ViewedProduct, "viewed_product")]
    [InlineData(Switch.StartedCheckout, "started_checkout")]
    [InlineData(Switch.AdminTracking, "\"adminTracking\":true")]
    public async Task SwitchSetToNo_ChangesScriptAndETag_AndYesBringsThemBack(Switch @switch, string mark)
    {
        using var before = await GetAsync();

        await _app.SetAsync(@switch, false);
        using var off = await GetAsync(("If-None-Match", before.Headers.ETag!.Tag));
        await _app.SetAsync(@switch, true);
        using var on = await GetAsync(("If-None-Match", before.Headers.ETag!.Tag));

        Assert.Equal(HttpStatusCode.OK, off.StatusCode);
        Assert.DoesNotContain(mark, Settings(await off.Content.ReadAsStringAsync(Cancel)), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotModified, on.StatusCode);
    }

    [Fact]
    public async Task NotConnectedOrNotEnabled_ATinyScriptThatSendsNothing()
    {
        await _app.SetAsync(Switch.IsEnabled, false);
        var disabled = await _client.GetStringAsync(StorefrontApp.ScriptPath, Cancel);
        await _app.SetAsync(Switch.IsEnabled, true);
        await _app.DisconnectAsync();
        var disconnected = await _client.GetStringAsync(StorefrontApp.ScriptPath, Cancel);

        Assert.Equal(disabled, disconnected);
        Assert.DoesNotContain("/collect/", disabled, StringComparison.Ordinal);
        Assert.InRange(disabled.Length, 1, 1000);
    }

    [Theory]
    [InlineData("/storefront/unknown.js")]
    [InlineData("/storefront/%22%3E%3Cscript%3E*%2F.js")]
    public async Task UnknownKey_404_ThatRunsWithoutAnError(string path)
    {
        using var response = await _client.GetAsync(path, Cancel);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("text/javascript", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("/* There is no store with this public key. */", await response.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task DatabaseAway_ServesWhatItKnows_Else503()
    {
        var database = new Failing();
        await using var app = new StorefrontApp { Database = database };
        await app.InitializeAsync();
        await app.ConnectAsync();
        using var client = app.CreateDirectClient();
        database.IsAway = true;

        using var unknown = await client.GetAsync(StorefrontApp.ScriptPath, Cancel);
        database.IsAway = false;
        using var before = await client.GetAsync(StorefrontApp.ScriptPath, Cancel);
        database.IsAway = true;
        app.Services.GetRequiredService<StoreSignals>().SettingsChanged(1);
        using var known = await client.GetAsync(StorefrontApp.ScriptPath, Cancel);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "2"), (unknown.StatusCode, Header(unknown, "Retry-After")));
        Assert.StartsWith("/*", await unknown.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, before.Headers.ETag), (known.StatusCode, known.Headers.ETag));
    }

    [Fact]
    public void Address_CanNotBreakOutOfTheScript()
    {
        var script = new TrackingScript();
        var settings = new ScriptSettings("https://evil.test/\"});alert(1)//</script>\u2028", true, "viewed_product", false);

        var text = Encoding.UTF8.GetString(script.Render(settings)[^1].Bytes);

        Assert.Contains("\"collect\":\"https://evil.test/\\u0022});alert(1)//\\u003C/script\\u003E\\u2028\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RequestsOwnAddress_EachHasItsScript()
    {
        using var here = await GetAsync();
        using var there = await GetAsync(("Host", "admin.example:8443"));

        Assert.Contains("http://admin.example:8443/collect/public-acme/events", await there.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.NotEqual(here.Headers.ETag, there.Headers.ETag);
    }

    [Fact]
    public void SameSettings_AreRenderedOnce()
    {
        var script = new TrackingScript();
        var first = script.Render(new ScriptSettings("https://a.test", true, "viewed_product", false));

        Assert.Same(first, script.Render(new ScriptSettings("https://a.test", true, "viewed_product", false)));
    }

    /// <summary>A database that answers no question about its stores.</summary>
    private sealed class Failing : DbCommandInterceptor
    {
        public bool IsAway { get; set; }

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default) =>
            IsAway && command.CommandText.Contains("\"Stores\"", StringComparison.Ordinal) ? throw new SqliteException("database is locked", 5) : new(result);
    }

    private static string Header(HttpResponseMessage response, string name) => string.Join(", ", response.Headers.GetValues(name));

    private static string Settings(string script) => script[script.LastIndexOf("({\"collect\"", StringComparison.Ordinal)..];

    private async Task<HttpResponseMessage> GetAsync(params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, StorefrontApp.ScriptPath);
        foreach (var (name, value) in headers)
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        return await _client.SendAsync(request, Cancel);
    }
}
