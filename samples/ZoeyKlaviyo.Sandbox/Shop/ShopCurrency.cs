using System.Globalization;

namespace ZoeyKlaviyo.Sandbox.Shop;

/// <param name="Code">ISO 4217.</param>
/// <param name="PerDollar">The rate of the shop's prices, which are in US dollars.</param>
internal sealed record ShopCurrency(string Code, string Symbol, int Decimals, decimal PerDollar)
{
    public static IReadOnlyList<ShopCurrency> All { get; } = [new("USD", "$", 2, 1), new("EUR", "€", 2, 0.9m), new("JPY", "¥", 0, 150)];

    public static ShopCurrency Default => All[0];

    public decimal Round(decimal amount) => Math.Round(amount, Decimals, MidpointRounding.AwayFromZero);

    public decimal FromDollars(decimal dollars) => Round(dollars * PerDollar);

    public string Format(decimal amount) => Symbol + amount.ToString("N" + Decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>An order keeps the currency it was placed in, which need not be one of the shop's.</summary>
    public static string Format(decimal amount, string code) =>
        (All.FirstOrDefault(currency => currency.Code == code) ?? new(code, code + " ", 2, 1)).Format(amount);
}

/// <summary>The one currency that the whole shop shows and charges.</summary>
internal sealed class CurrencySwitch
{
    private volatile ShopCurrency _current = ShopCurrency.Default;

    public ShopCurrency Current
    {
        get => _current;
        set => _current = value;
    }
}
