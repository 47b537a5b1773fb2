using System.Globalization;

namespace ZoeyKlaviyo.Admin.Shared;

/// <summary>Times in words: relative within a day, otherwise the date; UTC.</summary>
public static class RelativeTime
{
    public static string Describe(DateTimeOffset time, DateTimeOffset now)
    {
        var difference = now - time;
        var distance = Duration(difference.Duration());
        return difference.Duration() switch
        {
            { TotalSeconds: < 45 } => difference >= TimeSpan.Zero ? "just now" : "in a moment",
            { TotalDays: < 1 } => difference > TimeSpan.Zero ? $"{distance} ago" : $"in {distance}",
            _ => time.UtcDateTime.ToString("d MMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture),
        };
    }

    /// <summary>The time itself, for after <i>since</i>: without the date when it is today's.</summary>
    public static string At(DateTimeOffset time, DateTimeOffset now) => time.UtcDateTime.ToString(
        time.UtcDateTime.Date == now.UtcDateTime.Date ? "HH:mm 'UTC'" : "d MMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>To the second, for the tooltip.</summary>
    public static string Exact(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>The two largest units at most: <c>3 h 20 min</c>, <c>6 min</c>, <c>50 s</c>, <c>2 d 4 h</c>.</summary>
    public static string Duration(TimeSpan duration)
    {
        if (duration.TotalSeconds < 59.5)
            return $"{Math.Round(duration.TotalSeconds):0} s";
        var minutes = (long)Math.Round(duration.TotalMinutes);
        return minutes switch
        {
            < 60 => $"{minutes} min",
            < 24 * 60 => Join(minutes / 60, "h", minutes % 60, "min"),
            _ => Join(minutes / (24 * 60), "d", minutes / 60 % 24, "h"),
        };
    }

    private static string Join(long large, string largeUnit, long small, string smallUnit) =>
        small == 0 ? $"{large} {largeUnit}" : $"{large} {largeUnit} {small} {smallUnit}";
}
