using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace ZoeyKlaviyo.Bench.Intake;

/// <summary>
/// Requests as Chromium sends them for the tracking script: text/plain, an Origin, one event. Every event is new; the shoppers are
/// 5,000, who look three times at something for each time they put it in the cart, and seldom begin a checkout.
/// </summary>
internal sealed class BrowserRequests
{
    private const int Shoppers = 5_000;
    private const string ShopperMark = "SSSSSS";
    private const string NumberMark = "NNNNNNNNNNNN";

    private const string Mug =
        """{"ProductID":"77","SKU":"MUG-R-350","ProductName":"Stoneware mug, red, 350 ml","ImageURL":"https://shop.example/media/catalog/product/m/u/mug-red.jpg","URL":"https://shop.example/stoneware-mug-red.html","Brand":"Northern Clay","Price":19.9,"CompareAtPrice":24.9,"Categories":["Kitchen","Mugs","Gifts under 25"]}""";

    private const string Cart =
        """{"AddedItemProductName":"Stoneware mug, red, 350 ml","AddedItemProductID":"77","AddedItemSKU":"MUG-R-350","AddedItemPrice":19.9,"AddedItemQuantity":2,"ItemNames":["Stoneware mug, red, 350 ml","Tea towel"],"CheckoutURL":"https://shop.example/checkout","Items":[{"ProductID":"77","SKU":"MUG-R-350","Quantity":2},{"ProductID":"81","SKU":"TOWEL","Quantity":1}]}""";

    private static readonly string[] s_events =
    [
        $$"""{"id":"0192f0c4-8a3b-7c21-9d4e-{{NumberMark}}","type":"viewed_product","occurredAt":"{0}","inCart":false,"properties":{{Mug}}}""",
        $$"""{"id":"0192f0c4-8a3b-7c21-9d4e-{{NumberMark}}","type":"added_to_cart","occurredAt":"{0}","value":39.8,"currency":"USD","properties":{{Cart}}}""",
        $$"""{"id":"0192f0c4-8a3b-7c21-9d4e-{{NumberMark}}","type":"started_checkout","occurredAt":"{0}","value":44.7,"currency":"USD","checkoutId":"q-{{NumberMark}}","properties":{{Cart}}}""",
    ];

    private readonly Template[] _templates;
    private long _number;

    public BrowserRequests(Uri target, DateTimeOffset now, long firstNumber)
    {
        _number = firstNumber;
        var templates = s_events.Select(item => new Template(Write(target, item, now))).ToArray();
        _templates = [.. Enumerable.Repeat(templates[0], 14), .. Enumerable.Repeat(templates[1], 5), templates[2]];
    }

    /// <summary>The number the next request gets.</summary>
    public long Number => _number;

    /// <returns>The request; valid until the next call.</returns>
    public ReadOnlySpan<byte> Next()
    {
        var number = _number++;
        return _templates[number % _templates.Length].Fill((int)(number * 2_654_435_761 % Shoppers), number);
    }

    private static string Write(Uri target, string item, DateTimeOffset now)
    {
        var occurred = now.AddMilliseconds(-40).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var sent = now.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var body = $$"""{"sentAt":"{{sent}}","visitor":{"email":"shopper{{ShopperMark}}@mail.example","sessionId":"b1f0a7c2","actingAdmin":false,"trackingBlocked":false},"events":[{{item.Replace("{0}", occurred, StringComparison.Ordinal)}}]}""";
        var head = $"""
            POST {target.AbsolutePath} HTTP/1.1
            Host: {target.Authority}
            Connection: keep-alive
            Content-Length: {body.Length}
            sec-ch-ua-platform: "Windows"
            User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36
            sec-ch-ua: "Chromium";v="140", "Not=A?Brand";v="24"
            Content-Type: text/plain;charset=UTF-8
            sec-ch-ua-mobile: ?0
            Accept: */*
            Origin: {Shop.Origin}
            Sec-Fetch-Site: cross-site
            Sec-Fetch-Mode: cors
            Sec-Fetch-Dest: empty
            Referer: {Shop.Origin}/
            Accept-Encoding: gzip, deflate, br, zstd
            Accept-Language: en-US,en;q=0.9


            """;
        return head.ReplaceLineEndings("\r\n") + body;
    }

    private sealed class Template
    {
        private readonly byte[] _bytes;
        private readonly int _shopperAt;
        private readonly List<int> _numbersAt = [];

        public Template(string text)
        {
            _bytes = Encoding.ASCII.GetBytes(text);
            _shopperAt = text.IndexOf(ShopperMark, StringComparison.Ordinal);
            for (var at = 0; (at = text.IndexOf(NumberMark, at, StringComparison.Ordinal)) >= 0; at++)
                _numbersAt.Add(at);
        }

        public ReadOnlySpan<byte> Fill(int shopper, long number)
        {
            Utf8Formatter.TryFormat(shopper, _bytes.AsSpan(_shopperAt, ShopperMark.Length), out _, new('D', (byte)ShopperMark.Length));
            foreach (var at in _numbersAt)
                Utf8Formatter.TryFormat(number, _bytes.AsSpan(at, NumberMark.Length), out _, new('D', (byte)NumberMark.Length));
            return _bytes;
        }
    }
}
