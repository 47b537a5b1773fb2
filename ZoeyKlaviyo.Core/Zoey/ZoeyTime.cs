using System.Globalization;
using System.Text.RegularExpressions;

namespace ZoeyKlaviyo.Core.Zoey;

/// <summary>Times as stores write them: <c>2024-01-02 03:04:05</c> without a zone, or ISO 8601.</summary>
public static partial class ZoeyTime
{
    /// <param name="zone">Of times that come without one.</param>
    /// <returns>Null for what is no time, such as <c>0000-00-00 00:00:00</c>.</returns>
    public static DateTimeOffset? Parse(string text, TimeZoneInfo zone)
    {
        if (!StartsWithDate().IsMatch(text) || text.StartsWith("0000", StringComparison.Ordinal))
            return null;
        // The last year is none either: in a zone west of UTC it ends after all that can be told.
        if (!DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var wall)
            || wall < DateTime.UnixEpoch || wall.Year == DateTime.MaxValue.Year)
            return null;
        if (wall.Kind == DateTimeKind.Utc)
            return new DateTimeOffset(wall);
        // An hour that the change to summer time leaves out, which a store may still write.
        var offset = zone.IsInvalidTime(wall) ? zone.BaseUtcOffset : zone.GetUtcOffset(wall);
        return new DateTimeOffset(wall, offset).ToUniversalTime();
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d")]
    private static partial Regex StartsWithDate();
}
