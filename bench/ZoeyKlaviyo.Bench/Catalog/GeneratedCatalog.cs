using System.Globalization;
using System.Text.Json;

namespace ZoeyKlaviyo.Bench.Catalog;

/// <summary>
/// A catalog of any size, made as it is read: of each five rows of the product list one is a product with variants, three are its variants and
/// one is a simple product. Products are in two categories each; there are three categories for a thousand rows.
/// </summary>
internal sealed class GeneratedCatalog
{
    public const int Family = 5;
    private const int FirstId = 1001;
    private const int RootId = 2;

    private const string Description =
        "<p>Made for everyday use and for those days that are longer than they should be: a handle that stays where it is, a head that does not come off, "
        + "and a finish that wears well.</p><ul><li>Weight: 450 g</li><li>Length: 32 cm</li><li>Guarantee: ten years</li></ul><p>Care: wipe with a dry cloth.</p>";

    private readonly List<int>[] _rowsOfCategories;
    private volatile int _version;
    private volatile int _deliveries;

    /// <param name="rows">Of the product list; a multiple of five.</param>
    public GeneratedCatalog(int rows)
    {
        (Rows, Categories) = (rows, CategoriesOf(rows));
        _rowsOfCategories = [.. Enumerable.Range(0, Categories).Select(_ => new List<int>())];
        for (var row = 0; row < rows; row++)
        {
            foreach (var category in IsVariant(row) ? [] : CategoriesOfProduct(row))
                _rowsOfCategories[category].Add(row);
        }
    }

    public int Rows { get; }

    public int Categories { get; }

    public static int CategoriesOf(int rows) => Math.Max(3, rows * 3 / 1000);

    /// <summary>A hundredth of the rows, by families, gets another price.</summary>
    public void Change() => _version++;

    /// <summary>Of everything there is more.</summary>
    public void Restock() => _deliveries++;

    /// <summary>Null when there is no such category.</summary>
    public IReadOnlyList<int>? RowsOfCategory(string id) =>
        int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number - RootId - 1 is >= 0 and var category && category < Categories
            ? _rowsOfCategories[category] : null;

    /// <summary>Null when there is no such product.</summary>
    public int? RowOf(string id) =>
        int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number - FirstId is >= 0 and var row && row < Rows ? row : null;

    public static string IdOf(int row) => Text(FirstId + row);

    /// <summary>As Magento writes them: all scalars are text.</summary>
    public void WriteProduct(Utf8JsonWriter json, int row)
    {
        var (family, isVariant) = (row / Family, IsVariant(row));
        json.WriteStartObject();
        json.WriteString("entity_id", IdOf(row));
        json.WriteString("type_id", row % Family == 0 ? "configurable" : "simple");
        json.WriteString("sku", isVariant ? $"TOOL-{family}-{row % Family}" : row % Family == 0 ? $"TOOL-{family}" : $"NAIL-{family}");
        json.WriteString("name", isVariant ? $"Claw hammer no. {family}, size {row % Family}" : row % Family == 0 ? $"Claw hammer no. {family}" : $"Box of nails no. {family}");
        json.WriteString("status", "1");
        json.WriteString("visibility", isVariant ? "1" : "4");
        json.WriteString("price", PriceOf(row));
        json.WriteNull("special_price");
        json.WriteString("url_key", $"product-{Text(row)}");
        json.WriteString("description", Description);
        json.WriteString("short_description", "Made for everyday use.");
        if (isVariant)
            json.WriteString("parent_id", IdOf(family * Family));
        json.WriteEndObject();
    }

    public void WriteStock(Utf8JsonWriter json, int row)
    {
        json.WriteStartObject();
        json.WriteString("item_id", Text(row + 1));
        json.WriteString("product_id", IdOf(row));
        json.WriteString("stock_id", "1");
        json.WriteString("qty", row % Family == 0 ? "0.0000" : $"{Text((row % 50) + _deliveries)}.0000");
        json.WriteString("is_in_stock", "1");
        json.WriteString("manage_stock", "1");
        json.WriteString("backorders", "0");
        json.WriteEndObject();
    }

    public static void WriteImages(Utf8JsonWriter json, int row)
    {
        json.WriteStartArray();
        json.WriteStartObject();
        json.WriteString("id", Text(row));
        json.WriteString("position", "1");
        json.WriteString("exclude", "0");
        json.WriteString("url", $"https://media.shop.example/catalog/product/{Text(row)}.jpg");
        json.WriteStartArray("types");
        json.WriteStringValue("image");
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    /// <param name="number">0 and 1 are the roots.</param>
    public static void WriteCategory(Utf8JsonWriter json, int number)
    {
        json.WriteStartObject();
        json.WriteString("category_id", Text(number + 1));
        json.WriteString("parent_id", number == 0 ? "0" : number == 1 ? "1" : Text(RootId));
        json.WriteString("name", number < RootId ? "Root" : $"Tools no. {Text(number)}");
        json.WriteEndObject();
    }

    private static bool IsVariant(int row) => row % Family is >= 1 and <= 3;

    private IEnumerable<int> CategoriesOfProduct(int row)
    {
        var product = (row / Family * 2) + (row % Family == 0 ? 0 : 1);
        return new[] { product % Categories, ((product * 7) + 3) % Categories }.Distinct();
    }

    private string PriceOf(int row) =>
        string.Create(CultureInfo.InvariantCulture, $"{(row % 90) + 5 + (row / Family % 100 == 0 ? _version : 0)}.9900");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
