using System.Text.Json.Nodes;
using ZoeyKlaviyo.Sandbox.Klaviyo.Api;

namespace ZoeyKlaviyo.Sandbox.Klaviyo.Catalog;

/// <summary>Questions about the catalog. Those by ids, or by what something belongs to, read no more than they answer.</summary>
internal sealed class CatalogReads : IApiOperations
{
    private const int PageSize = 100;

    private static readonly Dictionary<string, Func<CatalogCategory, IEnumerable<IComparable>>> s_categories = new()
    {
        ["ids"] = category => [CatalogNames.Compound(category.Id)],
        ["name"] = category => [category.Name],
    };

    private static readonly Dictionary<string, Func<CatalogItem, IEnumerable<IComparable>>> s_items = new()
    {
        ["ids"] = item => [CatalogNames.Compound(item.Id)],
        ["category.id"] = item => item.Categories.Select(CatalogNames.Compound),
        ["title"] = item => [item.Title],
        ["published"] = item => [item.Published ? "true" : "false"],
    };

    private static readonly Dictionary<string, Func<CatalogVariant, IEnumerable<IComparable>>> s_variants = new()
    {
        ["ids"] = variant => [CatalogNames.Compound(variant.Id)],
        ["item.id"] = variant => [CatalogNames.Compound(variant.Item)],
        ["sku"] = variant => [variant.Sku],
        ["title"] = variant => [variant.Title],
        ["published"] = variant => [variant.Published ? "true" : "false"],
    };

    private readonly CatalogBook _book;

    public CatalogReads(CatalogBook book)
    {
        _book = book;
        Handlers = new Dictionary<string, ApiHandler>
        {
            ["get_catalog_categories"] = Handler((call, catalog) => Categories(call, catalog, Item(call))),
            ["get_catalog_items"] = Handler((call, catalog) => Items(call, catalog, null)),
            ["get_catalog_variants"] = Handler((call, catalog) => Variants(call, catalog, null)),
            ["get_catalog_category"] = Handler((call, catalog) => One(call, CatalogKind.Category, catalog.Categories, CatalogJson.Write)),
            ["get_catalog_item"] = Handler((call, catalog) => One(call, CatalogKind.Item, catalog.Items, CatalogJson.Write)),
            ["get_catalog_variant"] = Handler((call, catalog) => One(call, CatalogKind.Variant, catalog.Variants, CatalogJson.Write)),
            ["get_categories_for_catalog_item"] = Below(CatalogKind.Item, (call, catalog) => Categories(call, catalog, call.Id)),
            ["get_variants_for_catalog_item"] = Below(CatalogKind.Item, (call, catalog) => Variants(call, catalog, call.Id)),
            ["get_items_for_catalog_category"] = Below(CatalogKind.Category, (call, catalog) => Items(call, catalog, call.Id)),
            ["get_category_ids_for_catalog_item"] = Below(CatalogKind.Item, (call, catalog) =>
                Categories(call, catalog, call.Id, category => CatalogJson.Reference(CatalogKind.Category, category.Id))),
        };
    }

    public IReadOnlyDictionary<string, ApiHandler> Handlers { get; }

    public static ApiAnswer NotFound(CatalogKind kind, string? compound, string pointer = "/data/") =>
        ApiAnswer.Refused(404, "not_found", "Not found.", CatalogNames.Missing(kind, compound), pointer);

    private ApiHandler Handler(Func<ApiCall, AccountCatalog, ApiAnswer> answer) => new(call =>
    {
        _book.Count(calls => calls with { Reads = calls.Reads + 1 });
        return _book.Read(call.Account, catalog => answer(call, catalog));
    });

    private ApiHandler Below(CatalogKind kind, Func<ApiCall, AccountCatalog, ApiAnswer> answer) => Handler((call, catalog) =>
        catalog.Has(kind, CatalogNames.External(call.Id)) ? answer(call, catalog) : NotFound(kind, call.Id));

    private static ApiAnswer One<T>(ApiCall call, CatalogKind kind, CatalogShelf<T> shelf, Func<ApiCall, T, JsonObject> write)
        where T : class, ICatalogEntry =>
        shelf.Find(CatalogNames.External(call.Id)) is { } entry ? ApiAnswer.Ok(ApiResource.One(write(call, entry))) : NotFound(kind, call.Id);

    /// <param name="item">The compound id of the item that they belong to; null: of any.</param>
    private static ApiAnswer Categories(ApiCall call, AccountCatalog catalog, string? item, Func<CatalogCategory, JsonObject>? write = null)
    {
        var ofItem = item is null ? null : catalog.Items.Find(CatalogNames.External(item))?.Categories ?? [];
        var fields = new Dictionary<string, Func<CatalogCategory, IEnumerable<IComparable>>>(s_categories)
        {
            ["item.id"] = category => ofItem?.Contains(category.Id) is true ? [item!] : [],
        };
        return Page(call, catalog.Categories, ofItem, fields, write ?? (category => CatalogJson.Write(call, category)));
    }

    private static ApiAnswer Items(ApiCall call, AccountCatalog catalog, string? category) => Page(
        call,
        catalog.Items,
        (category ?? ApiFilter.Operands(call, "category.id")?[0]) is { } id ? catalog.ItemsOf(CatalogNames.External(id) ?? "") : null,
        s_items,
        item => CatalogJson.Write(call, item));

    private static ApiAnswer Variants(ApiCall call, AccountCatalog catalog, string? item) => Page(
        call,
        catalog.Variants,
        (item ?? Item(call)) is { } id ? catalog.VariantsOf(CatalogNames.External(id) ?? "") : null,
        s_variants,
        variant => CatalogJson.Write(call, variant));

    private static string? Item(ApiCall call) => ApiFilter.Operands(call, "item.id")?[0];

    /// <param name="among">The external ids that it is about; null: all there are.</param>
    private static ApiAnswer Page<T>(
        ApiCall call,
        CatalogShelf<T> shelf,
        IReadOnlyCollection<string>? among,
        Dictionary<string, Func<T, IEnumerable<IComparable>>> fields,
        Func<T, JsonObject> write)
        where T : class, ICatalogEntry
    {
        var fits = ApiFilter.Read(call, fields, out var refusal);
        var newestFirst = call.Query("sort")?.StartsWith('-') is true;
        among ??= ApiFilter.Operands(call, "ids")?.Select(CatalogNames.External).OfType<string>().ToList();
        return refusal ?? ApiPage.OfNumbered(
            call,
            after => (among is null ? shelf.Read(after, newestFirst) : shelf.Read(among, after, newestFirst)).Where(one => fits(one.Entry)),
            write,
            PageSize);
    }
}
