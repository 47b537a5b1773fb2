using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using ZoeyKlaviyo.Sandbox.Pages;

namespace ZoeyKlaviyo.Sandbox.Shop.Storefront;

/// <summary>What a page tells the tracking script, in either of the ways of <c>docs/storefront.md</c>.</summary>
internal sealed record PageData(VisitorData Visitor, ProductData? Product, CartData Cart, CheckoutData? Checkout)
{
    // The default encoder leaves no "<" that could end the element.
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static PageData Of(ShopSession session, ShopCurrency currency, DemoProduct? product, bool isCheckout) => new(
        new(session.Customer?.Email ?? "", session.IsActingAdmin, session.IsTrackingBlocked),
        product is null ? null : ProductData.Of(product, product.Sku, currency),
        CartData.Of(session.Cart, currency),
        isCheckout ? new(session.Cart.Id, session.Customer?.Email ?? session.Checkout?["email"]) : null);

    public string WriteJson() => $"<script type=\"application/json\" data-zk-page>{JsonSerializer.Serialize(this, s_json)}</script>";
}

/// <param name="Email">Empty: nobody is logged in.</param>
internal sealed record VisitorData(string Email, bool ActingAdmin, bool TrackingBlocked)
{
    public string WriteAttributes() => Attribute.Write("customer", Email)
        + (ActingAdmin ? " data-zk-acting-admin" : "") + (TrackingBlocked ? " data-zk-tracking-blocked" : "");
}

/// <param name="Id">The configurable product's, where <paramref name="Sku"/> is a variant's.</param>
internal record ProductData(
    string Id, string Sku, string Name, decimal Price, decimal? CompareAtPrice, string Currency, string Brand, string Image, string Url, IReadOnlyList<string> Categories)
{
    public static ProductData Of(DemoProduct product, string sku, ShopCurrency currency) => new(
        product.Id, sku, product.Name, currency.FromDollars(product.Price), product.CompareAtPrice is { } price ? currency.FromDollars(price) : null,
        currency.Code, product.Brand, product.Image, product.Url, product.Categories);
}

internal sealed record CartItemData(ProductData Product, int Quantity, decimal RowTotal) : ProductData(Product)
{
    [JsonIgnore]
    public ProductData Product { get; } = Product;

    public string WriteAttributes() =>
        Attribute.Write("item", Id) + Attribute.Write("sku", Sku) + Attribute.Write("name", Name) + Attribute.Write("price", Price)
        + (CompareAtPrice is { } price ? Attribute.Write("compare-at-price", price) : "") + Attribute.Write("currency", Currency)
        + Attribute.Write("brand", Brand) + Attribute.Write("image", Image) + Attribute.Write("url", Url)
        + Attribute.Write("categories", JsonSerializer.Serialize(Categories)) + Attribute.Write("quantity", Quantity) + Attribute.Write("row-total", RowTotal);
}

internal sealed record CartData(string Id, decimal Total, string Currency, string CheckoutUrl, IReadOnlyList<CartItemData> Items)
{
    public static CartData Of(Cart cart, ShopCurrency currency) => new(
        cart.Id, cart.Totals(currency).Goods, currency.Code, "/shop/checkout/onepage",
        [.. cart.Lines.Select(line => new CartItemData(ProductData.Of(line.Product, line.Sku, currency), line.Quantity, line.RowTotal(currency)))]);

    public string WriteAttributes() =>
        Attribute.Write("cart", Id) + Attribute.Write("total", Total) + Attribute.Write("currency", Currency) + Attribute.Write("checkout-url", CheckoutUrl);
}

/// <param name="Email">Null until a guest has entered one.</param>
internal sealed record CheckoutData(string Id, string? Email);

internal static class Attribute
{
    public static string Write(string name, string value) => $" data-zk-{name}=\"{Html.Encode(value)}\"";

    public static string Write(string name, decimal value) => Write(name, value.ToString(CultureInfo.InvariantCulture));
}
