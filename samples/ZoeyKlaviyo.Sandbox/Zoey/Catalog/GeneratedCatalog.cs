using System.Globalization;
using ZoeyKlaviyo.Sandbox.Shop;
using ZoeyKlaviyo.Sandbox.Zoey.Api;

namespace ZoeyKlaviyo.Sandbox.Zoey.Catalog;

/// <summary>
/// As many products as one likes, the same ones every time. All that is kept of them is their ids: a product and its variants follow one another,
/// so that an id tells the rest.
/// </summary>
internal sealed class GeneratedCatalog(CatalogSize size) : ICatalogSource
{
    public const long FirstId = 1_000_000;
    private const int FirstCategoryId = 1001;

    /// <summary>So many categories stand right below the root, the others below these.</summary>
    private const int TopCategories = 10;

    public CatalogSize Size => size;

    public IReadOnlyList<long> Ids { get; } = [.. Enumerable.Range(0, size.Products * (1 + size.VariantsPer)).Select(index => FirstId + index)];

    public IReadOnlyList<StoreCategory> Categories { get; } =
        [StoreCategory.Root, .. Enumerable.Range(0, size.Categories).Select(number => StoreCategory.New(CategoryId(number)) with
        {
            ParentId = number < TopCategories ? DemoCategory.RootId : CategoryId(number % TopCategories),
        })];

    private int Step => 1 + size.VariantsPer;

    public IReadOnlyList<long> IdsIn(string categoryId) =>
        !int.TryParse(categoryId, NumberStyles.None, CultureInfo.InvariantCulture, out var id) || id - FirstCategoryId is not (>= 0 and var category) || category >= size.Categories ? []
        : [.. Enumerable.Range(0, size.Products).Where(number => First(number) == category || Second(number) == category).Select(number => FirstId + ((long)number * Step))];

    public StoreProduct? Find(long id)
    {
        var index = id - FirstId;
        if (index < 0 || index >= Ids.Count)
            return null;
        var (number, variant) = ((int)(index / Step), (int)(index % Step));
        return variant == 0 ? Product(id, number) : Variant(id, number, variant);
    }

    private static string CategoryId(int number) => (FirstCategoryId + number).ToString(CultureInfo.InvariantCulture);

    private int? First(int number) => size.Categories == 0 ? null : number % size.Categories;

    /// <summary>Every third product is in two.</summary>
    private int? Second(int number) => size.Categories < 2 || number % 3 != 0 ? null : (number + 1 + (number / size.Categories % (size.Categories - 1))) % size.Categories;

    private StoreProduct Product(long id, int number)
    {
        var isConfigurable = size.VariantsPer > 0;
        var product = StoreProduct.New(Text(id), isConfigurable ? "configurable" : "simple", Sku(number), Name(number), Price(number), isVisible: true);
        product.Attributes["url_key"] = "product-" + Text(id);
        product.Attributes["description"] = $"<p>Number {Text(number)} of the range.</p>";
        product.Attributes["brand"] = "Acme";
        if (number % 10 == 0)
            product.Attributes["special_price"] = StoreFormats.Amount(Price(number) - 1);
        return product with
        {
            Quantity = StoreFormats.Amount(isConfigurable ? 0 : number % 50),
            CategoryIds = [.. new[] { First(number), Second(number) }.OfType<int>().Select(CategoryId)],
            Picture = DemoProduct.All[number % DemoProduct.All.Count].Picture,
        };
    }

    private StoreProduct Variant(long id, int number, int variant)
    {
        var size = Text(variant);
        var product = StoreProduct.New(Text(id), "simple", $"{Sku(number)}-{size}", $"{Name(number)} {size}", Price(number), isVisible: false);
        product.Attributes["size"] = size;
        return product with { Quantity = StoreFormats.Amount((number + variant) % 50), ParentId = Text(FirstId + ((long)number * Step)), ParentSku = Sku(number) };
    }

    private static string Sku(int number) => "GEN-" + Text(number);

    private static string Name(int number) => "Generated product " + Text(number);

    private static decimal Price(int number) => 5 + (number * 37L % 20_000 / 100m);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
