using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ZoeyKlaviyo.Core.Klaviyo;
using ZoeyKlaviyo.Core.Zoey;

namespace ZoeyKlaviyo.Core.Orders;

/// <summary>
/// The properties of Placed Order and Ordered Product, under the names that Klaviyo's flows and reports look for
/// (developers.klaviyo.com, "Integrating a platform without a pre-built Klaviyo integration"). What has no value is left out.
/// </summary>
internal static class OrderProperties
{
    /// <summary>Elements of an array that Klaviyo takes (developers.klaviyo.com/en/reference/events_api_overview).</summary>
    private const int MaxElements = 4000;

    /// <summary>Of the 5 MB that Klaviyo takes for an event, what is left beside prefixes of ids and the event's own members.</summary>
    private const int MaxBytes = 4_600_000;

    private const int MaxAddressBytes = 1000;

    /// <summary>Tells that Klaviyo would not take the rest of a text.</summary>
    private const string CutMark = "…";

    /// <summary>Lines that do not fit are left out, and counted as <c>ItemsOmitted</c>.</summary>
    public static string PlacedOrder(ZoeyOrder order, IReadOnlyList<(ZoeyOrderLine Line, LineProduct Product)> lines)
    {
        for (var count = Math.Min(lines.Count, MaxElements); ; count = Math.Min(count - 1, count / 2))
        {
            var json = PlacedOrder(order, lines, count);
            if (json.WrittenCount <= MaxBytes || count == 0)
                return Encoding.UTF8.GetString(json.WrittenSpan);
        }
    }

    public static string OrderedProduct(ZoeyOrder order, ZoeyOrderLine line, LineProduct product) => Encoding.UTF8.GetString(Object(json =>
    {
        Text(json, "OrderId", order.Number);
        Text(json, "ProductID", product.ProductId);
        Text(json, "SKU", line.Sku);
        Text(json, "ProductName", line.Name);
        Number(json, "Quantity", line.Quantity);
        Text(json, "ProductURL", product.Url);
        Text(json, "ImageURL", product.ImageUrl);
        Texts(json, "Categories", product.Categories);
        Text(json, "ProductBrand", product.Brand);
    }).WrittenSpan);

    private static ArrayBufferWriter<byte> PlacedOrder(ZoeyOrder order, IReadOnlyList<(ZoeyOrderLine Line, LineProduct Product)> all, int count) => Object(json =>
    {
        var lines = all.Take(count).ToList();
        Text(json, "OrderId", order.Number);
        Texts(json, "Categories", lines.SelectMany(entry => entry.Product.Categories));
        Texts(json, "ItemNames", lines.Select(entry => entry.Line.Name));
        Texts(json, "Brands", lines.Select(entry => entry.Product.Brand));
        Text(json, "DiscountCode", order.CouponCode);
        Number(json, "DiscountValue", order.DiscountAmount);
        json.WriteStartArray("Items");
        foreach (var (line, product) in lines)
            Item(json, line, product);
        json.WriteEndArray();
        if (all.Count > count)
            json.WriteNumber("ItemsOmitted", all.Count - count);
        Address(json, "BillingAddress", order.BillingAddress);
        Address(json, "ShippingAddress", order.ShippingAddress);
    });

    private static void Item(Utf8JsonWriter json, ZoeyOrderLine line, LineProduct product)
    {
        json.WriteStartObject();
        Text(json, "ProductID", product.ProductId);
        Text(json, "SKU", line.Sku);
        Text(json, "ProductName", line.Name);
        Number(json, "Quantity", line.Quantity);
        Number(json, "ItemPrice", line.Price);
        Number(json, "RowTotal", line.RowTotal);
        Text(json, "ProductURL", product.Url);
        Text(json, "ImageURL", product.ImageUrl);
        Texts(json, "Categories", product.Categories);
        Text(json, "Brand", product.Brand);
        json.WriteEndObject();
    }

    private static void Address(Utf8JsonWriter json, string name, ZoeyAddress? address)
    {
        if (address is null)
            return;
        json.WriteStartObject(name);
        Line(json, "FirstName", address.FirstName);
        Line(json, "LastName", address.LastName);
        Line(json, "Company", address.Company);
        Line(json, "Address1", address.Street.Count > 0 ? address.Street[0] : null);
        Line(json, "Address2", string.Join(", ", address.Street.Skip(1).Take(10).Where(line => !string.IsNullOrWhiteSpace(line))));
        Line(json, "City", address.City);
        Line(json, "Region", address.Region);
        Line(json, "RegionCode", address.RegionCode);
        Line(json, "Country", CountryName(address.CountryCode));
        Line(json, "CountryCode", address.CountryCode);
        Line(json, "Zip", address.PostCode);
        Line(json, "Phone", address.Telephone);
        json.WriteEndObject();
    }

    /// <summary>Null for what is no ISO 3166 code of two letters.</summary>
    private static string? CountryName(string? code)
    {
        if (code is not { Length: 2 } || !char.IsAsciiLetter(code[0]) || !char.IsAsciiLetter(code[1]))
            return null;
        try
        {
            var region = new RegionInfo(code.ToUpperInvariant());
            // A code that is free in ISO 3166 has no three letters, or is its own name.
            return region.EnglishName == region.Name || region.ThreeLetterISORegionName.Length != 3 ? null : region.EnglishName;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static void Text(Utf8JsonWriter json, string name, string? text)
    {
        if (KlaviyoText.Clean(text, KlaviyoText.MaxBytes, CutMark) is { } cleaned)
            json.WriteString(name, cleaned);
    }

    /// <summary>A part of an address, which is never long.</summary>
    private static void Line(Utf8JsonWriter json, string name, string? text) => Text(json, name, KlaviyoText.Clean(text, MaxAddressBytes, CutMark));

    /// <summary>Each once, in the order of their first appearance.</summary>
    private static void Texts(Utf8JsonWriter json, string name, IEnumerable<string?> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts.Select(text => KlaviyoText.Clean(text, KlaviyoText.MaxBytes, CutMark)).OfType<string>().Distinct(StringComparer.Ordinal).Take(MaxElements))
            json.WriteStringValue(text);
        json.WriteEndArray();
    }

    /// <summary>Klaviyo takes whole numbers of 64 bits; what is beyond is no amount.</summary>
    private static void Number(Utf8JsonWriter json, string name, decimal number)
    {
        if (number is >= long.MinValue and <= long.MaxValue)
            json.WriteNumber(name, WithoutTrailingZeros(number));
    }

    private static decimal WithoutTrailingZeros(decimal number) => number / 1.0000000000000000000000000000m;

    private static ArrayBufferWriter<byte> Object(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return buffer;
    }
}
