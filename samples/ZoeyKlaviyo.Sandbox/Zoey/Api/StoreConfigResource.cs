using System.Text.Json.Nodes;

namespace ZoeyKlaviyo.Sandbox.Zoey.Api;

internal sealed class StoreConfigResource : IStoreResource
{
    public IEnumerable<StoreRoute> Routes =>
    [
        new("store/config", _ => StoreAnswer.Ok(Config())),
        new("healthcheck", _ => StoreAnswer.Ok(JsonValue.Create(true))),
    ];

    private static JsonObject Config() => new()
    {
        ["base_currency"] = "USD",
        ["allowed_currency"] = new JsonArray("USD"),
        ["countries"] = new JsonArray(
            new JsonObject { ["country_id"] = "GB", ["name"] = "United Kingdom" }, new JsonObject { ["country_id"] = "US", ["name"] = "United States" }),
        ["default_website_id"] = "1",
        ["timezone"] = "America/New_York",
        ["version"] = "1.9.0.1",
        ["available"] = true,
        ["store_address"] = new JsonObject
        {
            ["name"] = "Demo store",
            ["default_website_name"] = "Main Website",
            ["default_store_name"] = "Default Store View",
            ["merchant_country"] = "US",
            ["address"] = "1 Market St",
            ["region"] = "Pennsylvania",
            ["region_id"] = "51",
            ["postal_code"] = "19103",
            ["phone"] = "",
        },
        ["zoey_unlisted"] = StoreFormats.Unlisted,
    };
}
