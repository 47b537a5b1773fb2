using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Tests.Zoey;

public sealed class OAuth1SignatureTests
{
    [Fact]
    public void ListRequest_IsSignedAsTheStoreDoes()
    {
        var query = new ZoeyQuery().Filter("updated_at", "gteq", "2024-01-02 03:04:05").Page(1, 100);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://shop.example.com/api/rest/products?{query}");
        var credentials = new ZoeyCredentials
        {
            ConsumerKey = "0123456789abcdef0123456789abcdef",
            ConsumerSecret = "fedcba9876543210fedcba9876543210",
            AccessToken = "00112233445566778899aabbccddeeff",
            TokenSecret = "ffeeddccbbaa99887766554433221100",
        };

        new OAuth1Authenticator(credentials, TimeProvider.System).Sign(request, "abc123", DateTimeOffset.FromUnixTimeSeconds(1700000000));

        Assert.Equal(
            "?filter%5B1%5D%5Battribute%5D=updated_at&filter%5B1%5D%5Bgteq%5D=2024-01-02%2003%3A04%3A05&limit=100&page=1", request.RequestUri!.Query);
        Assert.Contains($"oauth_signature=\"{Uri.EscapeDataString("3ThTZT45aAbZGxJWhP+0TkdNh5k=")}\"", request.Headers.Authorization!.Parameter, StringComparison.Ordinal);
    }

    /// <summary>RFC 5849 §1.2.</summary>
    [Fact]
    public void Rfc5849_SignedRequest() => Assert.Equal(
        "MdpQcU8iPSUjWoN/UDMsK2sui9I=",
        OAuth1Signature.Compute(
            "GET",
            new Uri("http://photos.example.net/photos?file=vacation.jpg&size=original"),
            [
                new("oauth_consumer_key", "dpf43f3p2l4k3l03"), new("oauth_token", "nnch734d00sl2jdk"), new("oauth_signature_method", "HMAC-SHA1"),
                new("oauth_timestamp", "137131202"), new("oauth_nonce", "chapoH"),
            ],
            "kd94hf93k423kf44",
            "pfkkdhi9sl3r4s00"));

    /// <summary>RFC 5849 §3.4.1.1: repeated names, empty values, and what is encoded already.</summary>
    [Fact]
    public void Rfc5849_BaseString() => Assert.Equal(
        "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2"
            + "%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7",
        OAuth1Signature.BaseString(
            "POST",
            new Uri("http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b"),
            [
                new("oauth_consumer_key", "9djdj82h48djs9d2"), new("oauth_token", "kkk9d7dh3k39sjv7"), new("oauth_signature_method", "HMAC-SHA1"),
                new("oauth_timestamp", "137131201"), new("oauth_nonce", "7d8f3e4a"), new("c2", ""), new("a3", "2 q"),
            ]));
}
