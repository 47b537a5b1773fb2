using System.Text.Json.Nodes;
using ZoeyKlaviyo.Sandbox.Shop;
using ZoeyKlaviyo.Sandbox.Zoey.Api;

namespace ZoeyKlaviyo.Sandbox.Zoey.Orders;

/// <summary>An order's totals, alike in both shapes.</summary>
internal static class OrderAmounts
{
    public static bool IsPaid(ShopOrder order) => order.Status is "processing" or "complete";

    public static void Write(JsonObject json, ShopOrder order)
    {
        var paid = IsPaid(order) ? order.GrandTotal : 0m;
        Add(json, "subtotal", order.Subtotal);
        Add(json, "subtotal_incl_tax", order.Subtotal + order.Tax);
        Add(json, "discount_amount", 0m - order.Discount);
        Add(json, "shipping_amount", order.Shipping);
        Add(json, "shipping_tax_amount", 0m);
        Add(json, "shipping_incl_tax", order.Shipping);
        Add(json, "tax_amount", order.Tax);
        Add(json, "grand_total", order.GrandTotal);
        Add(json, "total_paid", paid);
        Add(json, "total_refunded", 0m);
        Add(json, "total_due", order.GrandTotal - paid);
    }

    /// <summary>With its twin in the store's base currency, which is the only one here.</summary>
    public static void Add(JsonObject json, string name, decimal value)
    {
        json[name] = StoreFormats.Amount(value);
        json["base_" + name] = StoreFormats.Amount(value);
    }
}
