using System.Text.Json;
using System.Text.Json.Nodes;
using ZoeyKlaviyo.Core.Events;
using ZoeyKlaviyo.Core.Storage;

namespace ZoeyKlaviyo.Bench.Delivery;

/// <summary>The events that are sent: half Added to Cart, half Placed Order, of 20,000 shoppers, 600 to 750 bytes of properties each.</summary>
internal static class Outbox
{
    private const int Shoppers = 20_000;
    private const int PerWrite = 2_000;

    private static readonly string[] s_products =
    [
        "Stoneware mug, red, 350 ml", "Tea towel, linen, natural", "Enamel pot, 3 l, white", "Bread knife, 22 cm", "Cutting board, oak", "Apron, striped",
    ];

    /// <summary>Puts them in the database in state New.</summary>
    public static async Task FillAsync(BenchOptions options)
    {
        await using var services = await Shop.StartCoreAsync(Shop.Settings(options, "http://127.0.0.1:9", limits: true));
        await Shop.ConnectAsync(services);
        var store = await Shop.OpenAsync(services);
        var database = services.GetRequiredService<Database>();
        foreach (var numbers in Enumerable.Range(0, options.Events).Chunk(PerWrite))
            await database.WriteAsync(db => db.Payloads.AddRangeAsync(numbers.Select(number => Payload(store.Id, number))), CancellationToken.None);
        Child.Answer(new { filled = options.Events });
    }

    /// <summary>The same as lines of JSON, for those who send them from memory.</summary>
    public static async Task WriteAsync(string path, int count)
    {
        await using var file = new StreamWriter(path);
        for (var number = 0; number < count; number++)
        {
            var payload = Payload(1, number);
            var line = new JsonObject
            {
                ["metric"] = payload.Metric,
                ["email"] = payload.Email,
                ["uniqueId"] = payload.UniqueId,
                ["time"] = payload.OccurredUtc.UtcDateTime,
                ["value"] = payload.Value,
                ["currency"] = payload.Currency,
                ["properties"] = JsonNode.Parse(payload.Properties),
            };
            await file.WriteLineAsync(line.ToJsonString());
        }
    }

    private static Payload Payload(int storeId, int number)
    {
        // Not older than the store's connection is no rule of delivery; not older than a day is one.
        var occurred = TimeProvider.System.GetUtcNow().AddMinutes(-30).AddMilliseconds(number % 60_000);
        var isOrder = number % 2 == 1;
        return new Payload
        {
            StoreId = storeId,
            AccountId = Shop.AccountId,
            Metric = isOrder ? "Placed Order" : "Added to Cart",
            Email = $"shopper{(int)(number * 2_654_435_761L % Shoppers)}@mail.example",
            UniqueId = isOrder ? $"order-{100_000_000 + number}" : $"0192f0c4-8a3b-7c21-9d4e-{number:D12}",
            State = PayloadState.New,
            OccurredUtc = occurred,
            ReceivedUtc = occurred,
            Properties = JsonSerializer.Serialize(isOrder ? Order(number) : Cart(number)),
            Value = 19.9m * (1 + (number % 5)),
            Currency = "USD",
        };
    }

    private static object Cart(int number) => new
    {
        AddedItemProductName = s_products[number % s_products.Length],
        AddedItemProductID = $"{number % 5000}",
        AddedItemSKU = $"SKU-{number % 5000}",
        AddedItemCategories = new[] { "Kitchen", "Table", "Gifts under 25" },
        AddedItemImageURL = $"https://shop.example/media/catalog/product/p/r/product-{number % 5000}.jpg",
        AddedItemURL = $"https://shop.example/product-{number % 5000}.html",
        AddedItemPrice = 19.9m,
        AddedItemQuantity = 1 + (number % 5),
        ItemNames = new[] { s_products[number % s_products.Length], s_products[(number + 1) % s_products.Length] },
        CheckoutURL = "https://shop.example/checkout/cart",
        Items = new[] { Line(number), Line(number + 1) },
    };

    private static object Order(int number) => new
    {
        OrderId = $"{100_000_000 + number}",
        Categories = new[] { "Kitchen", "Table" },
        ItemNames = new[] { s_products[number % s_products.Length], s_products[(number + 1) % s_products.Length] },
        DiscountCode = "WELCOME10",
        DiscountValue = 1.99m,
        Brands = new[] { "Northern Clay", "Oak & Co" },
        Items = new[] { Line(number), Line(number + 1) },
        BillingAddress = new { FirstName = "Jo", LastName = "Doe", Address1 = "1 Main Street", City = "Springfield", RegionCode = "IL", CountryCode = "US", Zip = "62701" },
        CustomerGroup = "Wholesale",
    };

    private static object Line(int number) => new
    {
        ProductID = $"{number % 5000}",
        SKU = $"SKU-{number % 5000}",
        ProductName = s_products[number % s_products.Length],
        Quantity = 1 + (number % 3),
        ItemPrice = 19.9m,
        RowTotal = 19.9m * (1 + (number % 3)),
    };
}
