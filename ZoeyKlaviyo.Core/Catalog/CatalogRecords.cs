using ZoeyKlaviyo.Core.Klaviyo;

namespace ZoeyKlaviyo.Core.Catalog;

public static class CatalogRecords
{
    /// <summary>The code of records that wait for their product.</summary>
    public const string WaitingForItem = CatalogReasons.WaitingForItem;

    private const int MaxLength = 400;

    /// <summary>In a few words, such as <c>Item · Claw hammer · HAM-16 · 101</c>.</summary>
    internal static string Name(CatalogRecord record)
    {
        var name = string.Join(" · ", new[] { Word(record.Kind), record.Name, record.Sku, record.ExternalId }.Where(part => !string.IsNullOrEmpty(part)));
        return name.Length <= MaxLength ? name : $"{Word(record.Kind)} · {record.ExternalId}";
    }

    /// <summary>As the screens call it: Klaviyo's items are products here.</summary>
    public static string Word(CatalogKind kind) => kind switch
    {
        CatalogKind.Category => "Category",
        CatalogKind.Item => "Product",
        CatalogKind.Variant => "Variant",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
