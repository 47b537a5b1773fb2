using System.Net;
using ZoeyKlaviyo.Sandbox.Zoey.Authorization;

namespace ZoeyKlaviyo.Tests.Sandbox;

/// <summary>OAuth 1.0a, as the store's server checks it.</summary>
public sealed class ZoeyOAuthTests
{
    private const string VectorSignature = "3ThTZT45aAbZGxJWhP+0TkdNh5k=";
    private const string VectorQuery =
        "filter%5B1%5D%5Battribute%5D=updated_at&filter%5B1%5D%5Bgteq%5D=2024-01-02%2003%3A04%3A05&limit=100&page=1";

    private static readonly Dictionary<string, string> s_vector = new()
    {
        ["oauth_consumer_key"] = "0123456789abcdef0123456789abcdef",
        ["oauth_nonce"] = "abc123",
        ["oauth_signature_method"] = "HMAC-SHA1",
        ["oauth_timestamp"] = "1700000000",
        ["oauth_token"] = "00112233445566778899aabbccddeeff",
        ["oauth_version"] = "1.0",
    };

    [Theory]
    [InlineData(VectorQuery)]
    [InlineData("page=1&filter[1][gteq]=2024-01-02%2003%3A04%3A05&limit=100&filter[1][attribute]=updated_at")]
    [InlineData(VectorQuery + "&raw=a=b")]
    [InlineData("limit=9&" + VectorQuery)]
    public void Signature_OfTheVector_IsTheKnownOne(string query) => Assert.Equal(VectorSignature, OAuthSignature.Of(
        "GET", "https://shop.example.com/api/rest/products", query, s_vector, "fedcba9876543210fedcba9876543210", "ffeeddccbbaa99887766554433221100"));

    [Fact]
    public void Signer_OfTheVector_HasTheKnownSignature() => Assert.Equal(
        VectorSignature,
        new ZoeySigner("", "fedcba9876543210fedcba9876543210", "", "ffeeddccbbaa99887766554433221100")
            .Sign(HttpMethod.Get, new("https://shop.example.com/api/rest/products?" + VectorQuery), s_vector));

    [Theory]
    [InlineData("products")]
    [InlineData("products/")]
    [InlineData("products?filter[1][attribute]=name&filter[1][like]=%25hammer%20&limit=5")]
    [InlineData("products?filter%5B1%5D%5Battribute%5D=name&filter%5B1%5D%5Beq%5D=a%3Db%26c%2Bd%7E%C3%A9")]
    public async Task SignedRequest_Always_IsLetIn(string path)
    {
        await using var session = await ZoeySession.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await session.GetAsync(path)).Status);
    }

    [Theory]
    [InlineData("oauth_version", "2.0", "version_rejected")]
    [InlineData("oauth_signature_method", "PLAINTEXT", "signature_method_rejected")]
    [InlineData("oauth_consumer_key", "another", "consumer_key_rejected")]
    [InlineData("oauth_token", "another", "token_rejected")]
    [InlineData("oauth_timestamp", "soon", "timestamp_refused")]
    [InlineData("oauth_signature", "bm9uZQ==", "signature_invalid")]
    [InlineData("oauth_nonce", "", "parameter_absent&oauth_parameters_absent=oauth_nonce")]
    [InlineData("oauth_token", "", "parameter_absent&oauth_parameters_absent=oauth_token")]
    public async Task WrongParameter_Always_IsNamed(string name, string value, string problem)
    {
        await using var session = await ZoeySession.StartAsync();
        (await session.GetAsync("orders", parameters => parameters[name] = value)).IsRefused(HttpStatusCode.Unauthorized, "oauth_problem=" + problem);
    }

    [Theory]
    [InlineData("products?limit=5&limit=6")]
    [InlineData("products?filter[1][attribute]=name&filter[1][eq]=1&x=a=b")]
    public async Task QueryThatTheServerReadsOtherwise_SignedByTheBook_IsSignatureInvalid(string path)
    {
        await using var session = await ZoeySession.StartAsync();
        (await session.GetAsync(path)).IsRefused(HttpStatusCode.Unauthorized, "oauth_problem=signature_invalid");
    }

    [Fact]
    public async Task WrongSecret_Always_IsSignatureInvalid()
    {
        await using var session = await ZoeySession.StartAsync();
        var header = (ZoeySession.Signer with { TokenSecret = "another" })
            .Header(HttpMethod.Get, new(session.Server.BaseAddress, "/api/rest/orders"), "n", session.Clock.GetUtcNow());
        (await session.GetWithAsync(header, "orders")).IsRefused(HttpStatusCode.Unauthorized, "oauth_problem=signature_invalid");
    }

    [Theory]
    [InlineData(600, HttpStatusCode.OK)]
    [InlineData(601, HttpStatusCode.Unauthorized)]
    [InlineData(-100_000, HttpStatusCode.OK)]
    public async Task Timestamp_OnlyFarAhead_IsRefused(int seconds, HttpStatusCode status)
    {
        await using var session = await ZoeySession.StartAsync();
        var header = Header(session, "n", seconds);
        Assert.Equal(status, (await session.GetWithAsync(header, "orders")).Status);
    }

    [Fact]
    public async Task Nonce_WithTheSameTimestamp_IsGoodOnce()
    {
        await using var session = await ZoeySession.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await session.GetWithAsync(Header(session, "n", 0), "orders")).Status);
        (await session.GetWithAsync(Header(session, "n", 0), "orders")).IsRefused(HttpStatusCode.Unauthorized, "oauth_problem=nonce_used");
        Assert.Equal(HttpStatusCode.OK, (await session.GetWithAsync(Header(session, "n", 1), "orders")).Status);
        Assert.Equal(HttpStatusCode.OK, (await session.GetWithAsync(Header(session, "m", 0), "orders")).Status);
    }

    [Fact]
    public async Task Guest_Always_SeesOnlyVisibleProductsWithoutPrices()
    {
        await using var session = await ZoeySession.StartAsync();
        var products = await session.GetWithAsync(null, "products");
        Assert.Equal(HttpStatusCode.OK, products.Status);
        Assert.Equal(["101", "102", "103", "104"], products.Json.AsObject().Select(pair => pair.Key));
        Assert.DoesNotContain("price", products.Text, StringComparison.Ordinal);
        foreach (var path in new[] { "orders", "products/101", "customers", "stockitems", "store/config" })
            (await session.GetWithAsync(null, path)).IsRefused(HttpStatusCode.Forbidden, "Access denied");
        (await session.GetWithAsync("Basic YTpi", "orders")).IsRefused(HttpStatusCode.Forbidden, "Access denied");
    }

    private static string Header(ZoeySession session, string nonce, int seconds) => ZoeySession.Signer.Header(
        HttpMethod.Get, new(session.Server.BaseAddress, "/api/rest/orders"), nonce, session.Clock.GetUtcNow().AddSeconds(seconds));
}
