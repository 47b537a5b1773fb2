using System.Globalization;
using System.Text.Encodings.Web;

namespace ZoeyKlaviyo.Sandbox.Pages;

internal static class Html
{
    public static string Encode(string? text) => HtmlEncoder.Default.Encode(text ?? "");

    public static string Join<T>(IEnumerable<T> items, Func<T, string> html) => string.Concat(items.Select(html));

    /// <summary>In UTC, to the second.</summary>
    public static string Time(DateTimeOffset time) =>
        $"<time datetime=\"{time:O}\">{time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)}</time>";
}
