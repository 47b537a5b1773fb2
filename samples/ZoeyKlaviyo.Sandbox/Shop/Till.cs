namespace ZoeyKlaviyo.Sandbox.Shop;

/// <summary>Makes an order of a cart.</summary>
internal sealed class Till(OrderBook orders, CustomerBook customers, ShopSessions sessions)
{
    /// <summary>Who of the store's team acts as a customer in this shop.</summary>
    public const string TeamMember = "Dana Miller";

    /// <summary>The cart is gone afterwards; the next one has a new id.</summary>
    public ShopOrder Place(ShopSession session, ShopCurrency currency, CheckoutForm form)
    {
        var totals = session.Cart.Totals(currency);
        if (session.Customer is { HasAddress: false } customer)
            session.Customer = customers.SetAddress(customer, form.Address);
        var address = session.Customer?.Address ?? form.Address;
        var order = orders.Place(new(
            EntityId: "", Number: "", session.Cart.Id, form.Status, session.Customer?.Id, session.Customer?.Email ?? form["email"],
            CreatedUtc: default, UpdatedUtc: default, currency.Code, totals.Discount, session.Cart.CouponCode, totals.Shipping, totals.Tax,
            session.IsActingAdmin ? TeamMember : null, address, address, [.. session.Cart.Lines.Select(line => Line(line, currency))]));
        (session.Cart, session.Checkout, session.LastOrder) = (sessions.NewCart(), null, order);
        return order;
    }

    private static ShopOrderLine Line(CartLine line, ShopCurrency currency) =>
        new(line.ItemId, line.Product.Id, line.Variant?.Id, line.Sku, line.Product.Name, line.Quantity, line.Price(currency));
}
