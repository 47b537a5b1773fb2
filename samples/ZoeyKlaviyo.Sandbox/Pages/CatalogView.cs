using ZoeyKlaviyo.Sandbox.Klaviyo.Accounts;
using ZoeyKlaviyo.Sandbox.Klaviyo.Catalog;

namespace ZoeyKlaviyo.Sandbox.Pages;

/// <summary>What the page of the catalog shows: one page of the items that were asked for, the newest first.</summary>
/// <param name="Category">External id; empty: all.</param>
/// <param name="Found">How many items there are on all pages.</param>
internal sealed record CatalogView(KlaviyoAccount Account, string Search, string Category, int Page, int Found)
{
    public const int PageSize = 50;

    public int Pages => Math.Max(1, (Found + PageSize - 1) / PageSize);

    public IReadOnlyList<CatalogItemView> Items { get; private init; } = [];

    /// <summary>By name, with how many items each has.</summary>
    public IReadOnlyList<(CatalogCategory Category, int Items)> Categories { get; private init; } = [];

    public int AllItems { get; private init; }

    public int AllVariants { get; private init; }

    public static CatalogView Read(CatalogBook book, IQueryCollection query)
    {
        var account = DemoAccounts.Find(query["account"]) ?? DemoAccounts.AcmeTools;
        var (search, category) = (query["q"].ToString().Trim(), query["category"].ToString());
        var page = int.TryParse(query["page"], out var number) ? Math.Max(number, 1) : 1;
        return book.Read(account.Id, catalog =>
        {
            var items = (category.Length == 0 ? catalog.Items.Read(newestFirst: true) : catalog.Items.Read(catalog.ItemsOf(category), newestFirst: true))
                .Select(one => one.Entry).Where(item => search.Length == 0 || Fits(catalog, item, search)).ToList();
            var view = new CatalogView(account, search, category, 1, items.Count);
            page = Math.Min(page, view.Pages);
            return view with
            {
                Page = page,
                Items = [.. items.Skip((page - 1) * PageSize).Take(PageSize).Select(item => View(catalog, item))],
                Categories = [.. catalog.Categories.Read().Select(one => (one.Entry, catalog.ItemsOf(one.Entry.Id).Count)).OrderBy(one => one.Entry.Name, StringComparer.Ordinal)],
                AllItems = catalog.Items.Count,
                AllVariants = catalog.Variants.Count,
            };
        });
    }

    private static CatalogItemView View(AccountCatalog catalog, CatalogItem item) => new(
        item,
        [.. item.Categories.Select(catalog.Categories.Find).OfType<CatalogCategory>()],
        [.. VariantsOf(catalog, item).OrderBy(variant => variant.Id, StringComparer.Ordinal)]);

    private static bool Fits(AccountCatalog catalog, CatalogItem item, string search) =>
        Has(item.Title, search) || Has(item.Id, search) || VariantsOf(catalog, item).Any(variant => Has(variant.Sku, search) || Has(variant.Id, search));

    private static IEnumerable<CatalogVariant> VariantsOf(AccountCatalog catalog, CatalogItem item) =>
        catalog.VariantsOf(item.Id).Select(catalog.Variants.Find).OfType<CatalogVariant>();

    private static bool Has(string text, string search) => text.Contains(search, StringComparison.OrdinalIgnoreCase);
}

internal sealed record CatalogItemView(CatalogItem Item, IReadOnlyList<CatalogCategory> Categories, IReadOnlyList<CatalogVariant> Variants);
