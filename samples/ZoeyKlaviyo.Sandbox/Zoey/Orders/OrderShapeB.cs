using System.Text.Json.Nodes;
using ZoeyKlaviyo.Sandbox.Shop;
using ZoeyKlaviyo.Sandbox.Zoey.Api;

namespace ZoeyKlaviyo.Sandbox.Zoey.Orders;

/// <summary>Zoey's richer one.</summary>
internal static class OrderShapeB
{
    public static JsonObject Write(ShopOrder order)
    {
        var json = new JsonObject
        {
            ["order_id"] = order.EntityId,
            ["increment_id"] = order.Number,
            ["state"] = State(order.Status),
            ["status"] = order.Status,
            ["store_id"] = "1",
            ["quote_id"] = order.QuoteId,
            ["customer_id"] = order.CustomerId,
            ["customer_email"] = order.Email,
            ["customer_firstname"] = order.BillingAddress?.FirstName,
            ["customer_lastname"] = order.BillingAddress?.LastName,
            ["customer_group_id"] = order.CustomerId is null ? "0" : "1",
            ["customer_is_guest"] = StoreFormats.Flag(order.CustomerId is null),
            ["created_at"] = StoreFormats.Time(order.CreatedUtc),
            ["order_currency_code"] = order.Currency,
            ["store_currency_code"] = order.Currency,
            ["base_currency_code"] = order.Currency,
        };
        OrderAmounts.Write(json, order);
        json["coupon_code"] = order.CouponCode;
        json["total_qty_ordered"] = StoreFormats.Amount(order.Lines.Sum(line => line.Quantity));
        json["total_item_count"] = order.Lines.Count;
        json["shipping_method"] = "flatrate_flatrate";
        json["company_name"] = order.BillingAddress?.Company;
        json["is_archived"] = "0";
        json["is_recovered_abandoned_cart"] = "0";
        json["zoey_order_comment"] = null;
        json["billing_address"] = Address(order.BillingAddress, "billing", order.Email);
        json["shipping_address"] = Address(order.ShippingAddress, "shipping", order.Email);
        json["payment"] = Payment(order);
        json["status_history"] = OrderShapeA.Comments(order);
        json["custom_attributes"] = new JsonArray(new JsonObject { ["name"] = "delivery_note", ["value"] = "" });
        json["order_invoices"] = new JsonArray();
        json["order_shipments"] = new JsonArray();
        return json;
    }

    private static JsonNode Address(ShopAddress? address, string type, string? email) =>
        address is null ? new JsonArray() : OrderAddressJson.Write(address, type, email);

    private static JsonObject Payment(ShopOrder order) => new()
    {
        ["method"] = "checkmo",
        ["po_number"] = null,
        ["amount_ordered"] = StoreFormats.Amount(order.GrandTotal),
        ["amount_paid"] = StoreFormats.Amount(OrderAmounts.IsPaid(order) ? order.GrandTotal : 0m),
        ["additional_information"] = new JsonArray(),
    };

    private static string State(string status) => status switch
    {
        "pending" => "new",
        "fraud" => "payment_review",
        "pending_payment" or "processing" or "complete" or "closed" or "canceled" or "holded" or "payment_review" => status,
        _ => "processing",
    };
}
