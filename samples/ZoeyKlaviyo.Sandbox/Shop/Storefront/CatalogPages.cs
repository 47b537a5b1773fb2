using Microsoft.AspNetCore.Routing;
using ZoeyKlaviyo.Sandbox.Pages;

namespace ZoeyKlaviyo.Sandbox.Shop.Storefront;

internal sealed class CatalogPages(ShopFront front)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        front.MapGet(routes, "/shop", Home);
        front.MapGet(routes, "/shop/{category}", Category);
        front.MapGet(routes, "/shop/product/{id}", Product);
        front.MapGet(routes, "/{key}.html", visit => DemoProduct.All.FirstOrDefault(product => product.UrlKey == visit.Route("key")) is { } product
            ? ShopAnswer.GoTo(product.Url)
            : ShopPage.NotFound);
        front.MapGet(routes, "/shop/{**rest}", _ => ShopPage.NotFound);
    }

    private static ShopAnswer Home(Visit visit) => new ShopPage("Home", "cms-home", $"""
        <h1>Tools that last</h1>
        <p class="lead">Hand tools, power tools and workwear for people who build things. Shipped the day you order.</p>
        <ul class="category-list">{Html.Join(DemoCategory.All, category => $"<li><a href=\"{category.Url}\">{category.Name}</a></li>")}</ul>
        <h2>Our customers buy</h2>
        {Grid(visit, DemoProduct.All)}
        """);

    private static ShopAnswer Category(Visit visit) => DemoCategory.FindByUrlKey(visit.Route("category")) is not { } category ? ShopPage.NotFound
        : new ShopPage(category.Name, "catalog-category-view", $"""
            <h1>{category.Name}</h1>
            {(category.Children.Any() ? $"<ul class=\"category-list\">{Html.Join(category.Children, child => $"<li><a href=\"{child.Url}\">{child.Name}</a></li>")}</ul>" : "")}
            {Grid(visit, category.Products)}
            """)
        {
            Crumbs = [.. DemoCategory.All.Where(parent => parent.Id == category.ParentId)],
        };

    private static ShopAnswer Product(Visit visit) => DemoProduct.Find(visit.Route("id")) is not { } product ? ShopPage.NotFound
        : new ShopPage(product.Name, "catalog-product-view", $"""
            <form id="product_addtocart_form" class="product-essential" method="post" action="/shop/checkout/cart/add">
              <input type="hidden" name="product" value="{product.Id}">
              <div class="product-image"><img id="image" src="{product.Image}" alt="" width="320" height="320"></div>
              <div class="product-shop">
                <div class="product-name"><h1>{Html.Encode(product.Name)}</h1></div>
                <p class="muted"><span itemprop="brand">{Html.Encode(product.Brand)}</span> · SKU <span itemprop="sku">{product.Sku}</span></p>
                {PriceBox(visit, product)}
                <p class="short-description">{Html.Encode(product.Description)}</p>
                {SizeChoice(product)}
                <p><label for="qty">Quantity</label> <input class="qty" id="qty" name="qty" value="1" inputmode="numeric" autocomplete="off"></p>
                <p><button class="primary btn-cart">Add to cart</button></p>
              </div>
            </form>
            """)
        {
            Crumbs = [.. DemoCategory.All.Where(category => product.CategoryIds.Contains(category.Id))],
            Product = product,
        };

    private static string SizeChoice(DemoProduct product) => product.Variants.Count == 0 ? "" : $"""
        <p><label for="size">Size</label> <select id="size" name="size"><option value="">Choose a size</option>{Html.Join(product.Variants, variant =>
            $"<option value=\"{variant.Id}\">{variant.Size}</option>")}</select></p>
        """;

    private static string Grid(Visit visit, IEnumerable<DemoProduct> products) => $"""
        <ul class="products-grid">{Html.Join(products, product => $"""
            <li class="item"><a href="{product.Url}"><img src="{product.Image}" alt="" width="160" height="160"><span class="name">{Html.Encode(product.Name)}</span></a>
            <span class="muted">{Html.Encode(product.Brand)}</span> {PriceBox(visit, product)}</li>
            """)}</ul>
        """;

    private static string PriceBox(Visit visit, DemoProduct product)
    {
        var price = visit.Money(visit.Currency.FromDollars(product.Price));
        return product.CompareAtPrice is not { } before
            ? $"""<div class="price-box"><span class="regular-price"><span class="price">{price}</span></span></div>"""
            : $"""
              <div class="price-box">
                <p class="special-price"><span class="unseen">Now</span> <span class="price">{price}</span></p>
                <p class="old-price"><span class="unseen">Before</span> <span class="price">{visit.Money(visit.Currency.FromDollars(before))}</span></p>
              </div>
              """;
    }
}
