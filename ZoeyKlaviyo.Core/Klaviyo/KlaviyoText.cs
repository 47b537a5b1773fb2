using System.Text;

namespace ZoeyKlaviyo.Core.Klaviyo;

/// <summary>Text as databases and Klaviyo take it.</summary>
internal static class KlaviyoText
{
    /// <summary>Klaviyo takes strings of up to 100 KB (developers.klaviyo.com/en/reference/events_api_overview).</summary>
    public const int MaxBytes = 100_000;

    /// <summary>Without control characters, with U+FFFD in place of half a surrogate pair, and cut where it is too long.</summary>
    /// <param name="cutMark">Stands at the end of what was cut, within its length.</param>
    /// <returns>Null when nothing is left but space.</returns>
    public static string? Clean(string? text, int maxBytes = MaxBytes, string cutMark = "")
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var cleaned = new StringBuilder(Math.Min(text.Length, maxBytes));
        var (bytes, lengthIfCut, maxBytesIfCut) = (0, 0, maxBytes - Encoding.UTF8.GetByteCount(cutMark));
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsControl(rune) && rune.Value is not ('\n' or '\t'))
                continue;
            if ((bytes += rune.Utf8SequenceLength) > maxBytes)
            {
                cleaned.Length = lengthIfCut;
                cleaned.Append(cutMark);
                break;
            }

            cleaned.Append(rune.ToString());
            if (bytes <= maxBytesIfCut)
                lengthIfCut = cleaned.Length;
        }

        return cleaned.ToString().Trim() is { Length: > 0 } result ? result : null;
    }
}
