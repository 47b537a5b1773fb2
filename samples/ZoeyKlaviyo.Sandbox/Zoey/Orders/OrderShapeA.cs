using System.Text.Json.Nodes;
using ZoeyKlaviyo.Sandbox.Shop;
using ZoeyKlaviyo.Sandbox.Zoey.Api;

namespace ZoeyKlaviyo.Sandbox.Zoey.Orders;

/// <summary>Magento 1's own: no e-mail address but in the addresses, no cart, no state.</summary>
internal static class OrderShapeA
{
    public static JsonObject Write(ShopOrder order)
    {
        var json = new JsonObject
        {
            ["entity_id"] = order.EntityId,
            ["increment_id"] = order.Number,
            ["status"] = order.Status,
            ["customer_id"] = order.CustomerId,
            ["created_at"] = StoreFormats.Time(order.CreatedUtc),
            ["store_name"] = "Main Website\nMain Store\nDefault Store View",
            ["store_currency_code"] = order.Currency,
            ["base_currency_code"] = order.Currency,
            ["store_to_order_rate"] = StoreFormats.Amount(1m),
        };
        OrderAmounts.Write(json, order);
        json["discount_description"] = order.CouponCode;
        json["coupon_code"] = order.CouponCode;
        json["shipping_description"] = "Flat Rate - Fixed";
        json["payment_method"] = "checkmo";
        json["tax_name"] = null;
        json["tax_rate"] = null;
        json["remote_ip"] = order.TeamMember is null ? "127.0.0.1" : null;
        json["gift_message_from"] = null;
        json["gift_message_to"] = null;
        json["gift_message_body"] = null;
        json["zoey_order_comment"] = null;
        json["addresses"] = OrderAddressJson.WriteAll(order);
        json["order_comments"] = Comments(order);
        return json;
    }

    public static JsonArray Comments(ShopOrder order) =>
    [
        new JsonObject
        {
            ["created_at"] = StoreFormats.Time(order.CreatedUtc),
            ["comment"] = null,
            ["status"] = order.Status,
            ["is_customer_notified"] = "1",
            ["is_visible_on_front"] = "0",
        },
    ];
}
