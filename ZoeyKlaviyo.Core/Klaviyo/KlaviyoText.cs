using System.Text;

namespace ZoeyKlaviyo.Core.Klaviyo;

/// <summary>Text as databases and Klaviyo take it.</summary>
internal static class KlaviyoText
{
    /// <summary>Klaviyo takes strings of up to 100 KB (developers.klaviyo.com/en/reference/events_api_overview).</summary>
    public const int MaxBytes = 100_000;

    /// <summary>Without control characters, with U+FFFD in place of half a surrogate pair, and cut where it is too long.</summary>
    /// <returns>Null when nothing is left but space.</returns>
    public static string? Clean(string? text, int maxBytes = MaxBytes)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var cleaned = new StringBuilder(Math.Min(text.Length, maxBytes));
        var bytes = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsControl(rune) && rune.Value is not ('\n' or '\t'))
                continue;
            if ((bytes += rune.Utf8SequenceLength) > maxBytes)
                break;
            cleaned.Append(rune.ToString());
        }

        return cleaned.ToString().Trim() is { Length: > 0 } result ? result : null;
    }
}
