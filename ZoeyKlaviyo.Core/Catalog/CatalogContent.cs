using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ZoeyKlaviyo.Core.Klaviyo;

namespace ZoeyKlaviyo.Core.Catalog;

/// <summary>A record as Klaviyo should hold it.</summary>
/// <param name="Content">Klaviyo's attributes without the id, a JSON object.</param>
/// <param name="Links">As <see cref="CatalogRecord.Links"/>.</param>
internal sealed record DesiredRecord(string RecordId, string ExternalId, string? ParentId, string Name, string? Sku, string Content, string? Links)
{
    public string Hash { get; } = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Content)).AsSpan(0, 16));
}

/// <summary>Makes of the store's records what Klaviyo should hold.</summary>
/// <param name="today">In the store's time zone, which its special prices are in.</param>
internal sealed class CatalogContent(CatalogSituation situation, DateOnly today)
{
    public const int MaxDescriptionBytes = 10_000;
    private const int MaxTitleBytes = 1000;

    /// <summary>Shown as long as there are any.</summary>
    private const int HideWhenSoldOut = 1;

    /// <summary>Shown in any case.</summary>
    private const int AlwaysShow = 0;

    public DesiredRecord Category(string id, string breadcrumb) =>
        new(id, situation.CategoryId(id), null, Cut(breadcrumb), null, Write(json => json.WriteString("name", breadcrumb)), null);

    /// <param name="categoryExternalIds">Those that Klaviyo has.</param>
    public DesiredRecord Item(StoreProduct product, IEnumerable<string> categoryExternalIds)
    {
        var content = Write(json =>
        {
            WriteTexts(json, product, null);
            if (Price(product) is { } price)
                json.WriteNumber("price", price);
            else
                json.WriteNull("price");
            WriteImage(json, product.ImageUrl);
            json.WriteBoolean("published", product.IsEnabled && product.IsVisible);
        });
        return new DesiredRecord(
            product.ProductId, situation.ItemId(product.ProductId), null, Cut(Title(product)), product.Sku, content,
            string.Join(' ', categoryExternalIds.Order(StringComparer.Ordinal)));
    }

    /// <param name="parent">The product itself where it has no variants: Klaviyo's stock features need one. Null while the store's list does not have it.</param>
    public DesiredRecord Variant(StoreProduct product, StoreProduct? parent, string parentId)
    {
        var content = Write(json =>
        {
            WriteTexts(json, product, parent);
            json.WriteString("sku", KlaviyoText.Clean(product.Sku, CatalogRecord.MaxSkuLength) ?? product.ProductId);
            json.WriteNumber("price", (Price(product) is > 0 and var own ? own : parent is null ? null : Price(parent)) ?? 0);
            var (quantity, policy) = Stock(product);
            json.WriteNumber("inventory_quantity", quantity);
            json.WriteNumber("inventory_policy", policy);
            WriteImage(json, (parent ?? product).ImageUrl);
            // A variant is mostly invisible by itself: its product decides.
            json.WriteBoolean("published", product.IsEnabled && parent is { IsEnabled: true, IsVisible: true });
        });
        return new DesiredRecord(
            product.ProductId, situation.VariantId(product.ProductId), situation.ItemId(parentId), Cut(Title(product)), product.Sku, content, null);
    }

    /// <summary>The special price on its days, where it is lower.</summary>
    private decimal? Price(StoreProduct product)
    {
        var isSpecial = product.SpecialPrice is not null && !(product.SpecialFrom > today) && !(product.SpecialTo < today)
            && !(product.SpecialPrice >= product.Price);
        // Without the zeros at the end, which say nothing and would make two numbers of one.
        return (isSpecial ? product.SpecialPrice : product.Price) is { } price ? decimal.Parse(price.ToString("G29", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture) : null;
    }

    private static (long Quantity, int Policy) Stock(StoreProduct product)
    {
        if (product.Quantity is not { } quantity)
            return (0, AlwaysShow);
        var whole = (long)Math.Clamp(Math.Floor(quantity), 0, int.MaxValue);
        // What is not counted is never sold out.
        if (!product.ManagesStock)
            return (Math.Max(1, whole), AlwaysShow);
        return (product.IsInStock ? whole : 0, product.AllowsBackorders ? AlwaysShow : HideWhenSoldOut);
    }

    private void WriteTexts(Utf8JsonWriter json, StoreProduct product, StoreProduct? parent)
    {
        var title = Title(product);
        json.WriteString("title", title);
        json.WriteString("description", product.Description ?? parent?.Description ?? title);
        json.WriteString("url", Url(parent ?? product));
    }

    private static void WriteImage(Utf8JsonWriter json, string? image)
    {
        if (image is not null)
            json.WriteString("image_full_url", image);
        else
            json.WriteNull("image_full_url");
    }

    private string Url(StoreProduct product) => product.UrlKey is { } key
        ? $"{situation.Storefront}/{string.Join('/', key.Split('/').Select(Uri.EscapeDataString))}.html"
        // Magento's own address of every product, whatever else leads to it.
        : $"{situation.Storefront}/catalog/product/view/id/{Uri.EscapeDataString(product.ProductId)}";

    private static string Title(StoreProduct product) =>
        KlaviyoText.Clean(product.Name, MaxTitleBytes) ?? KlaviyoText.Clean(product.Sku, MaxTitleBytes) ?? product.ProductId;

    private static string Cut(string name) => name.Length <= CatalogRecord.MaxNameLength ? name
        : name[..(char.IsHighSurrogate(name[CatalogRecord.MaxNameLength - 1]) ? CatalogRecord.MaxNameLength - 1 : CatalogRecord.MaxNameLength)];

    private static string Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
