using System.Globalization;
using ZoeyKlaviyo.Sandbox.Klaviyo.Accounts;
using ZoeyKlaviyo.Sandbox.Klaviyo.Catalog;

namespace ZoeyKlaviyo.Sandbox.Pages;

/// <summary>The catalog as Klaviyo has it.</summary>
internal static class CatalogPage
{
    public const string Path = "/klaviyo/catalog";
    public const string ClearFaultsPath = Path + "/faults/clear";

    private const int CategoriesShown = 500;

    /// <param name="host">The sandbox's own, as the browser knows it: pictures from elsewhere are linked, not loaded.</param>
    public static string Render(CatalogView view, IReadOnlyList<CatalogJob> jobs, CatalogFaults faults, string host) => Layout.Page("Catalog", "/klaviyo", $"""
        <p><a href="/klaviyo">All that arrived</a></p>
        {CatalogJobsCard.Faults(faults)}
        <ul class="counts"><li>Items <b>{Number(view.AllItems)}</b></li><li>Variants <b>{Number(view.AllVariants)}</b></li><li>Categories <b>{Number(view.Categories.Count)}</b></li></ul>
        {CatalogJobsCard.Render(jobs.Where(job => job.Account == view.Account.Id))}
        {Search(view)}
        {Categories(view)}
        {(view.Items.Count == 0 ? Empty(view) : Table(view, host))}
        """);

    private static string Search(CatalogView view) => $"""
        <form method="get" action="{Path}" class="card" role="search">
          <p><label for="q">Title, id or SKU</label><input id="q" name="q" type="search" value="{Html.Encode(view.Search)}" autocomplete="off" spellcheck="false"></p>
          <p><label for="account">Account</label><select id="account" name="account">{Html.Join(DemoAccounts.All, one =>
            $"<option value=\"{one.Id}\"{(one == view.Account ? " selected" : "")}>{Html.Encode(one.Name)}</option>")}</select></p>
          {(view.Category.Length == 0 ? "" : $"<input type=\"hidden\" name=\"category\" value=\"{Html.Encode(view.Category)}\">")}
          <p class="buttons"><button class="primary">Search</button>{(view.Search.Length + view.Category.Length == 0 ? "" : $" <a class=\"button\" href=\"{Path}?account={view.Account.Id}\">Show all</a>")}</p>
        </form>
        """;

    private static string Categories(CatalogView view) => view.Categories.Count == 0 ? "" : $"""
        <details{(view.Category.Length > 0 ? " open" : "")}><summary>Categories</summary>
        <ul class="category-list">{Html.Join(view.Categories.Take(CategoriesShown), one =>
            $"<li><a href=\"{Html.Encode(Link(view, one.Category.Id, 1, ""))}\"{(one.Category.Id == view.Category ? " aria-current=\"true\"" : "")}>{Html.Encode(one.Category.Name)} <b>{Number(one.Items)}</b></a></li>")}</ul>
        {(view.Categories.Count > CategoriesShown ? $"<p class=\"muted\">The first {CategoriesShown} are shown.</p>" : "")}</details>
        """;

    private static string Empty(CatalogView view) => view.AllItems > 0 ? "<p class=\"card empty\">No item fits.</p>" : """
        <div class="card empty"><h2>No item has arrived yet</h2>
        <p>Connect the demo store in the admin and have it send its catalog.</p></div>
        """;

    private static string Table(CatalogView view, string host) => $"""
        <p>{Number((view.Page - 1) * CatalogView.PageSize + 1)} to {Number((view.Page - 1) * CatalogView.PageSize + view.Items.Count)} of {Number(view.Found)}, the newest first.</p>
        <table class="stacked">
          <caption class="unseen">Items of the catalog</caption>
          <thead><tr><th scope="col">Picture</th><th scope="col">Item</th><th scope="col" class="number">Price</th><th scope="col">Published</th>
            <th scope="col">Categories</th><th scope="col">Variants</th></tr></thead>
          <tbody>{Html.Join(view.Items, one => Row(one, host))}</tbody>
        </table>
        {(view.Pages == 1 ? "" : $"<nav aria-label=\"Pages\"><p class=\"buttons\">{Turn(view, -1, "Previous")} <span>Page {view.Page} of {view.Pages}</span> {Turn(view, 1, "Next")}</p></nav>")}
        """;

    private static string Row(CatalogItemView one, string host) => $"""
        <tr>
          <td data-label="Picture">{Picture(one.Item.ImageFullUrl, host)}</td>
          <td data-label="Item"><span>{Outward(one.Item.Url, one.Item.Title)}<br><code>{Html.Encode(one.Item.Id)}</code></span></td>
          <td data-label="Price" class="number">{Price(one.Item.Price)}</td>
          <td data-label="Published">{(one.Item.Published ? "yes" : "<strong>no</strong>")}</td>
          <td data-label="Categories">{(one.Categories.Count == 0 ? "none" : Html.Encode(string.Join("; ", one.Categories.Select(category => category.Name))))}</td>
          <td data-label="Variants">{Variants(one)}</td>
        </tr>
        """;

    private static string Variants(CatalogItemView one) => one.Variants.Count == 0 ? "none" : $"""
        <details{(one.Variants.Count == 1 ? " open" : "")}><summary>{one.Variants.Count}<span class="unseen"> of {Html.Encode(one.Item.Title)}</span></summary>
        <ul>{Html.Join(one.Variants, variant => $"<li>{Html.Encode(variant.Title)} <code>{Html.Encode(variant.Sku)}</code>: {Price(variant.Price)}, {Stock(variant)}{(variant.Published ? "" : ", <strong>not published</strong>")}</li>")}</ul></details>
        """;

    private static string Stock(CatalogVariant variant) =>
        $"{variant.InventoryQuantity?.ToString("0.####", CultureInfo.InvariantCulture) ?? "?"} in stock" + (variant.InventoryPolicy == 1 ? ", hidden when out of stock" : "");

    private static string Picture(string? url, string host) =>
        !IsWeb(url, out var uri) ? "none"
        : uri.Authority == host ? $"<img src=\"{Html.Encode(uri.PathAndQuery)}\" alt=\"\" width=\"64\" height=\"64\" loading=\"lazy\">"
        : Outward(url!, "elsewhere");

    private static string Outward(string url, string text) =>
        IsWeb(url, out _) ? $"<a href=\"{Html.Encode(url)}\" rel=\"noreferrer\">{Html.Encode(text)}</a>" : Html.Encode(text);

    private static bool IsWeb(string? url, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Uri? uri) =>
        Uri.TryCreate(url, UriKind.Absolute, out uri) && uri.Scheme is "http" or "https";

    private static string Turn(CatalogView view, int step, string label) => view.Page + step is var page && page >= 1 && page <= view.Pages
        ? $"<a class=\"button\" href=\"{Html.Encode(Link(view, view.Category, page, view.Search))}\" rel=\"{(step < 0 ? "prev" : "next")}\">{label}</a>" : "";

    private static string Link(CatalogView view, string category, int page, string search) =>
        string.Create(CultureInfo.InvariantCulture, $"{Path}?account={view.Account.Id}&category={Uri.EscapeDataString(category)}&q={Uri.EscapeDataString(search)}&page={page}");

    private static string Price(decimal? price) => price?.ToString("#,##0.00##", CultureInfo.InvariantCulture) ?? "–";

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
