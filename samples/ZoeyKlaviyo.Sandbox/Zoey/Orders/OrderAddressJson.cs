using System.Text.Json.Nodes;
using ZoeyKlaviyo.Sandbox.Shop;

namespace ZoeyKlaviyo.Sandbox.Zoey.Orders;

internal static class OrderAddressJson
{
    public static JsonArray WriteAll(ShopOrder order)
    {
        var addresses = new JsonArray();
        foreach (var (type, address) in new[] { ("billing", order.BillingAddress), ("shipping", order.ShippingAddress) })
        {
            if (address is not null)
                addresses.Add((JsonNode)Write(address, type, order.Email));
        }
        return addresses;
    }

    public static JsonObject Write(ShopAddress address, string type, string? email) => new()
    {
        ["address_type"] = type,
        ["prefix"] = null,
        ["firstname"] = address.FirstName,
        ["middlename"] = null,
        ["lastname"] = address.LastName,
        ["suffix"] = null,
        ["company"] = address.Company,
        ["street"] = string.Join('\n', address.Street),
        ["city"] = address.City,
        ["region"] = address.Region,
        ["postcode"] = address.PostCode,
        ["country_id"] = address.CountryCode,
        ["telephone"] = address.Telephone,
        ["email"] = email,
    };
}
