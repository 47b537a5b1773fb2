namespace ZoeyKlaviyo.Sandbox.Shop;

internal sealed class Cart(long id)
{
    public const int MaxQuantity = 999;
    public const string Coupon = "SPRING10";

    private const decimal CouponRate = 0.10m;
    private const decimal TaxRate = 0.07m;
    private const decimal ShippingDollars = 5;

    private readonly List<CartLine> _lines = [];
    private int _lastLine;

    public string Id { get; } = id.ToString(System.Globalization.CultureInfo.InvariantCulture);

    public IReadOnlyList<CartLine> Lines => _lines;

    public int Count => _lines.Sum(line => line.Quantity);

    public string? CouponCode { get; set; }

    /// <summary>False, and nothing changes, when there would be more than <see cref="MaxQuantity"/> of it.</summary>
    public bool Add(DemoProduct product, DemoVariant? variant, int quantity)
    {
        var index = _lines.FindIndex(line => line.Product == product && line.Variant == variant);
        if (quantity + (index < 0 ? 0 : _lines[index].Quantity) > MaxQuantity)
            return false;
        if (index < 0)
            _lines.Add(new($"{Id}{++_lastLine:00}", product, variant, quantity));
        else
            _lines[index] = _lines[index] with { Quantity = _lines[index].Quantity + quantity };
        return true;
    }

    public void SetQuantity(CartLine line, int quantity) => _lines[_lines.IndexOf(line)] = line with { Quantity = quantity };

    public void Remove(CartLine line) => _lines.Remove(line);

    public CartTotals Totals(ShopCurrency currency)
    {
        var subtotal = _lines.Sum(line => line.RowTotal(currency));
        var discount = CouponCode is null ? 0 : currency.Round(subtotal * CouponRate);
        var shipping = _lines.Count == 0 ? 0 : currency.FromDollars(ShippingDollars);
        return new(subtotal, discount, shipping, currency.Round((subtotal - discount) * TaxRate));
    }
}

/// <param name="ItemId">Unique in the shop.</param>
internal sealed record CartLine(string ItemId, DemoProduct Product, DemoVariant? Variant, int Quantity)
{
    public string Sku => Variant?.Sku ?? Product.Sku;

    public string NameAndSize => Variant is null ? Product.Name : $"{Product.Name}, size {Variant.Size}";

    public decimal Price(ShopCurrency currency) => currency.FromDollars(Product.Price);

    public decimal RowTotal(ShopCurrency currency) => Price(currency) * Quantity;
}

internal sealed record CartTotals(decimal Subtotal, decimal Discount, decimal Shipping, decimal Tax)
{
    /// <summary>What the cart shows before the checkout adds shipping and tax.</summary>
    public decimal Goods => Subtotal - Discount;

    public decimal Grand => Goods + Shipping + Tax;
}
