using System.Text;
using ZoeyKlaviyo.Sandbox.Shop;

namespace ZoeyKlaviyo.Sandbox.Zoey.Catalog;

/// <summary>
/// The products as the store's admin exports them, in Magento's form: a configurable product names its variants in rows of their own, which go on
/// with the product above where they have no SKU.
/// </summary>
internal static class ProductCsv
{
    private static readonly string[] s_columns =
    [
        "sku", "name", "description", "short_description", "_type", "_category", "category_ids", "price", "special_price", "cost", "msrp", "status", "visibility",
        "tax_class_id", "weight", "qty", "is_in_stock", "manage_stock", "image", "_media_image", "meta_title", "meta_description", "meta_keyword",
        "_super_products_sku", "_super_attribute_code", "_super_attribute_option", "_super_attribute_price_corr",
    ];

    /// <summary>Line by line, a product's at once.</summary>
    public static IEnumerable<string> Write(CatalogView view)
    {
        yield return Row(s_columns);
        var variants = Products(view).Where(product => product.ParentId is not null)
            .ToLookup(product => product.ParentId!, product => (Sku: Text(product, "sku"), Option: Text(product, "size")));
        foreach (var product in Products(view))
        {
            var text = new StringBuilder();
            var own = Own(product, view);
            foreach (var (sku, option) in product.IsConfigurable ? variants[product.Id].Concat(variants[Text(product, "sku")]) : [])
            {
                (own["_super_products_sku"], own["_super_attribute_code"], own["_super_attribute_option"]) = (sku, "size", option);
                text.Append(Row(own));
                own = [];
            }
            yield return (own.Count > 0 ? text.Append(Row(own)) : text).ToString();
        }
    }

    private static IEnumerable<StoreProduct> Products(CatalogView view) => view.Ids.Select(id => view.Find(id)!);

    private static Dictionary<string, string> Own(StoreProduct product, CatalogView view)
    {
        var row = s_columns.ToDictionary(column => column, column => Text(product, column));
        var stock = StockResource.Data(product);
        foreach (var name in new[] { "qty", "is_in_stock", "manage_stock" })
            row[name] = stock[name]!.ToString();
        row["_type"] = Text(product, "type_id");
        row["_category"] = product.CategoryIds.Count == 0 ? "" : CategoryPath(view.FindCategory(product.CategoryIds[^1]), view);
        row["category_ids"] = string.Join(',', product.CategoryIds);
        row["image"] = row["_media_image"] = product.Picture is null ? "" : "/" + product.Picture;
        return row;
    }

    /// <summary>From the top down, without the root.</summary>
    private static string CategoryPath(StoreCategory? category, CatalogView view)
    {
        var names = new Stack<string>();
        for (; category is not null && category.Id != StoreCategory.Root.Id && names.Count < 20; category = view.FindCategory(category.ParentId))
            names.Push(category.Name);
        return string.Join('/', names);
    }

    private static string Text(StoreProduct product, string name) => product.Attributes[name]?.ToString() ?? "";

    private static string Row(Dictionary<string, string> values) => Row(s_columns.Select(column => values.GetValueOrDefault(column, "")));

    private static string Row(IEnumerable<string> values) => new StringBuilder().AddRow(values).ToString();
}
