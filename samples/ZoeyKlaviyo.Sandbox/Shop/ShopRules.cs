using System.Text.RegularExpressions;

namespace ZoeyKlaviyo.Sandbox.Shop;

internal static partial class ShopRules
{
    public const int MaxText = 100;

    /// <summary>As generous as a shop is: Klaviyo refuses some of these.</summary>
    public static bool IsEmail(string text) => text.Length <= 254 && EmailPattern().IsMatch(text);

    /// <summary>Control characters are nothing that a person types.</summary>
    public static string Clean(string? text) => string.Concat((text ?? "").Where(character => !char.IsControl(character))).Trim();

    [GeneratedRegex(@"^[^\s@<>""]+@[^\s@<>""]+\.[^\s@<>""]+$")]
    private static partial Regex EmailPattern();
}
