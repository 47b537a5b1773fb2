using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using ZoeyKlaviyo.Core.Klaviyo;

namespace ZoeyKlaviyo.Core.Catalog;

internal static partial class PlainText
{
    private const int MaxHtml = 100_000;
    private static readonly HtmlParser s_parser = new();

    /// <summary>What a person reads of HTML, in one line.</summary>
    /// <returns>Null when there is nothing to read.</returns>
    public static string? Of(string? html, int maxBytes)
    {
        if (string.IsNullOrWhiteSpace(html))
            return null;
        var text = html.AsSpan().ContainsAny('<', '&') ? Read(html.Length > MaxHtml ? html[..MaxHtml] : html) : html;
        return KlaviyoText.Clean(string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), maxBytes);
    }

    private static string Read(string html)
    {
        // What stands in two blocks, such as two paragraphs, are two words; what only marks letters separates none.
        using var document = s_parser.ParseDocument(Block().Replace(html, " $0"));
        return string.Concat(document.Descendants<IText>().Where(text => text.ParentElement?.LocalName is not ("script" or "style" or "title")).Select(text => text.Data));
    }

    [GeneratedRegex(@"</?(?:p|div|br|hr|li|ul|ol|dl|dt|dd|h[1-6]|table|tr|td|th|section|article|blockquote|pre)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Block();
}
