using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ZoeyKlaviyo.Tests.Crashes;

/// <summary>The events that shoppers' browsers send, a request of fifty for each shopper, and what has to come of them.</summary>
internal sealed class PostedEvents
{
    public const int PerRequest = 50;

    private static readonly (string Type, string Metric)[] s_kinds =
        [("added_to_cart", "Added to Cart"), ("viewed_product", "Viewed Product"), ("started_checkout", "Started Checkout")];

    private readonly Dictionary<(string Metric, string Email, string UniqueId), JsonObject> _events = [];

    private JsonNode? _next;
    private int _shoppers;

    public int Count => _events.Count;

    /// <summary>The next request, the same until it is known to have been taken.</summary>
    public JsonNode Next => _next ??= Request(++_shoppers);

    /// <summary>A request was posted and is not known to have been taken.</summary>
    public bool IsWaiting => _next is not null;

    public void Taken() => _next = null;

    /// <summary>Each event is among <paramref name="arrived"/> once, with all it was posted with, and nothing else is.</summary>
    public void AssertArrivedOnce(IReadOnlyCollection<JsonElement> arrived)
    {
        Assert.Distinct(arrived.Select(Key));
        Assert.Equal(_events.Keys.Order(), arrived.Select(Key).Order());
        foreach (var one in arrived)
        {
            var posted = _events[Key(one)];
            var time = posted["occurredAt"]!.GetValue<DateTimeOffset>();
            Assert.Equal(time.ToUnixTimeSeconds(), one.GetProperty("time").GetDateTimeOffset().ToUnixTimeSeconds());
            Assert.Equal(posted["value"]!.GetValue<decimal>(), one.GetProperty("value").GetDecimal());
            Assert.Equal("USD", one.GetProperty("valueCurrency").GetString());
            Assert.Equal(posted["properties"]!.ToJsonString(), one.GetProperty("properties").GetRawText());
        }
    }

    private JsonObject Request(int shopper)
    {
        var (email, at) = ($"shopper{shopper}@shop-demo.com", TimeProvider.System.GetUtcNow());
        var events = Enumerable.Range((shopper - 1) * PerRequest, PerRequest).Select(number => Event(email, number, at)).ToArray<JsonNode>();
        return new JsonObject { ["visitor"] = new JsonObject { ["email"] = email }, ["events"] = new JsonArray(events) };
    }

    private JsonObject Event(string email, int number, DateTimeOffset at)
    {
        var (type, metric) = s_kinds[number % s_kinds.Length];
        var id = number.ToString(CultureInfo.InvariantCulture);
        var one = new JsonObject
        {
            ["id"] = id,
            ["type"] = type,
            ["occurredAt"] = at,
            ["value"] = number + 0.5m,
            ["currency"] = "USD",
            ["properties"] = new JsonObject { ["Number"] = number, ["Name"] = $"Mug {number}" },
        };
        if (type == "started_checkout")
            one["checkoutId"] = id;
        _events.Add((metric, email, id), one);
        return one;
    }

    private static (string Metric, string Email, string UniqueId) Key(JsonElement arrived) => (
        arrived.GetProperty("metric").GetString()!, arrived.GetProperty("email").GetString()!, arrived.GetProperty("uniqueId").GetString()!);
}
