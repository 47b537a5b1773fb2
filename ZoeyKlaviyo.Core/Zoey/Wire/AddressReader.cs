using System.Text.Json;

namespace ZoeyKlaviyo.Core.Zoey.Wire;

internal static class AddressReader
{
    /// <summary><c>billing_address</c>, or the entry of <c>addresses</c> with that type.</summary>
    public static JsonElement? Find(JsonElement order, string type)
    {
        if (order.Member($"{type}_address") is { ValueKind: JsonValueKind.Object } own)
            return own;
        if (order.Member("addresses") is not { } addresses)
            return null;
        foreach (var (_, address) in WireJson.Items(addresses, ["address_type"]))
        {
            if (string.Equals(WireJson.Text(address, "address_type"), type, StringComparison.OrdinalIgnoreCase))
                return address;
        }

        return null;
    }

    public static ZoeyAddress? Read(JsonElement? address) => address is not { } found ? null : new ZoeyAddress(
        WireJson.Text(found, "firstname"),
        WireJson.Text(found, "lastname"),
        WireJson.Text(found, "company"),
        WireJson.Lines(found, "street"),
        WireJson.Text(found, "city"),
        found.Member("region") is { ValueKind: JsonValueKind.Object } region ? WireJson.Text(region, "region", "name") : WireJson.Text(found, "region"),
        WireJson.Text(found, "region_code") ?? (found.Member("region") is { } code ? WireJson.Text(code, "region_code", "code") : null),
        WireJson.Text(found, "postcode"),
        WireJson.Text(found, "country_id")?.ToUpperInvariant(),
        WireJson.Text(found, "telephone"));
}
