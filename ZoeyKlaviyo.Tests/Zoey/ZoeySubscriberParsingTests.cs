using System.Globalization;
using System.Text;
using System.Text.Json;
using ZoeyKlaviyo.Core.Zoey;
using ZoeyKlaviyo.Core.Zoey.Wire;

namespace ZoeyKlaviyo.Tests.Zoey;

public sealed class ZoeySubscriberParsingTests
{
    [Fact]
    public void Push_OfOneOrMore_IsRead()
    {
        const string One = """{"subscriber_email":"jo@shop.test","subscriber_status":"1","change_status_at":"2024-01-02 03:04:05"}""";
        var expected = new ZoeySubscriber(null, "jo@shop.test", ZoeySubscriberStatus.Subscribed, new DateTimeOffset(2024, 1, 2, 3, 4, 5, TimeSpan.Zero));

        Assert.Equal([expected], Parse(One));
        Assert.Equal([expected, expected], Parse($"[{One},{One}]"));
        Assert.Equal([expected with { Id = 7 }], Parse($$"""{"7":{{One}}}"""));
        Assert.Empty(Parse("[]"));
    }

    [Theory]
    [InlineData("1", ZoeySubscriberStatus.Subscribed)]
    [InlineData("\"2\"", ZoeySubscriberStatus.NotActive)]
    [InlineData("3", ZoeySubscriberStatus.Unsubscribed)]
    [InlineData("\"4\"", ZoeySubscriberStatus.Unconfirmed)]
    [InlineData("\"Subscribed\"", ZoeySubscriberStatus.Subscribed)]
    [InlineData("\"un-subscribed\"", ZoeySubscriberStatus.Unsubscribed)]
    [InlineData("\"UNSUBSCRIBED\"", ZoeySubscriberStatus.Unsubscribed)]
    [InlineData("\"Not Activated\"", ZoeySubscriberStatus.NotActive)]
    [InlineData("\"unconfirmed\"", ZoeySubscriberStatus.Unconfirmed)]
    [InlineData("0", null)]
    [InlineData("5", null)]
    [InlineData("1.0", null)]
    [InlineData("-1", null)]
    [InlineData("true", null)]
    [InlineData("\"-1\"", null)]
    [InlineData("\"!subscribed\"", null)]
    [InlineData("\"not subscribed\"", null)]
    [InlineData("\"yes\"", null)]
    [InlineData("\"\"", null)]
    [InlineData("null", null)]
    [InlineData("{}", null)]
    [InlineData("[1]", null)]
    public void Status_InEveryForm(string status, ZoeySubscriberStatus? expected) =>
        Assert.Equal(expected, Assert.Single(Parse($$"""{"subscriber_email":"jo@shop.test","subscriber_status":{{status}}}"""))?.Status);

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("\"\\u0000\"")]
    [InlineData("\"\\ud800\"")]
    [InlineData("[]")]
    public void AddressThatIsNone_MakesNoSubscriber(string email) =>
        Assert.Null(Assert.Single(Parse($$"""{"subscriber_email":{{email}},"subscriber_status":1}""")));

    [Fact]
    public void OneThatIsNoSubscriber_CostsNoOther()
    {
        var subscribers = Parse("""
            [7,null,[],{},"x",{"\ud800":1,"subscriber_email":"\u0000jo@shop.test","subscriber_status":1,"change_status_at":{"a":1},"subscriber_id":"\ud800"},
             {"subscriber_email":{"a":"jo@shop.test"},"subscriber_status":1}]
            """);

        Assert.Equal([null, null, null, null, null, "jo@shop.test", null], subscribers.Select(subscriber => subscriber?.Email));
    }

    [Theory]
    [InlineData("17")]
    [InlineData("null")]
    [InlineData("\"jo@shop.test\"")]
    public void Scalar_IsOneThatCannotBeRead(string body) => Assert.Null(Assert.Single(Parse(body)));

    [Fact]
    public void NoJson_IsSaid()
    {
        Assert.ThrowsAny<JsonException>(() => Parse("<xml/>"));
        Assert.ThrowsAny<JsonException>(() => Parse(""));
        Assert.ThrowsAny<JsonException>(() => Parse("[\0]"));
        Assert.ThrowsAny<JsonException>(() => Parse(string.Concat(Enumerable.Repeat("[", 100_000))));
    }

    [Fact]
    public void BytesThatAreNoText_MakeNoSubscriber() =>
        Assert.Null(Assert.Single(SubscriberReader.Parse(new[] { "{\"subscriber_status\":1,\"subscriber_email\":\""u8.ToArray(), [0xff, 0xfe], "\"}"u8.ToArray() }.SelectMany(part => part).ToArray(), TimeZoneInfo.Utc)));

    [Fact]
    public void Id_MayBeNumberOrText() =>
        Assert.Equal([5, 6, null, null], Parse($"[{string.Join(',', new[] { "5", "\"6\"", "0", "1.5" }.Select(id =>
            string.Create(CultureInfo.InvariantCulture, $$"""{"subscriber_id":{{id}},"subscriber_email":"jo@shop.test","subscriber_status":1}""")))}]").Select(subscriber => subscriber!.Id));

    private static IReadOnlyList<ZoeySubscriber?> Parse(string json) => SubscriberReader.Parse(Encoding.UTF8.GetBytes(json), TimeZoneInfo.Utc);
}
