using System.Globalization;
using System.Text.RegularExpressions;

namespace ZoeyKlaviyo.Core.Addresses;

/// <summary>E-mail addresses in the one form that is stored, compared and sent: trimmed, lower case, domain in punycode.</summary>
public static partial class EmailAddress
{
    /// <summary>Klaviyo takes fewer than 100 characters.</summary>
    public const int MaxLength = 99;

    private static readonly IdnMapping s_idn = new() { UseStd3AsciiRules = true };

    /// <summary>Null when the text is not an address that mail could be sent to.</summary>
    public static string? Normalize(string text)
    {
        var trimmed = text.Trim();
        var at = trimmed.LastIndexOf('@');
        if (at < 1 || at > 64 || trimmed.Length > 320)
            return null;
        var local = trimmed[..at].ToLowerInvariant();
        if (!LocalPart().IsMatch(local) || AsciiDomain(trimmed[(at + 1)..]) is not { } domain)
            return null;
        var address = $"{local}@{domain}";
        return address.Length <= MaxLength ? address : null;
    }

    /// <summary>A normalized address with its domain in its own letters; null when that is the same.</summary>
    public static string? InOwnLetters(string address)
    {
        var at = address.LastIndexOf('@');
        if (!address.AsSpan(at + 1).Contains("xn--", StringComparison.Ordinal))
            return null;
        try
        {
            var own = $"{address[..at]}@{s_idn.GetUnicode(address[(at + 1)..])}";
            return own == address ? null : own;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static string? AsciiDomain(string domain)
    {
        try
        {
            var ascii = s_idn.GetAscii(domain).ToLowerInvariant();
            return Domain().IsMatch(ascii) ? ascii : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    // RFC 5322 dot-atom.
    [GeneratedRegex(@"^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*\z")]
    private static partial Regex LocalPart();

    [GeneratedRegex(@"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]*[a-z][a-z0-9-]*\z")]
    private static partial Regex Domain();
}
