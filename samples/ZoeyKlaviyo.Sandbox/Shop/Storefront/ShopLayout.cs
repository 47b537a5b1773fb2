using ZoeyKlaviyo.Sandbox.Pages;

namespace ZoeyKlaviyo.Sandbox.Shop.Storefront;

/// <summary>What all pages of the shop share, in the markup of a Magento 1 theme.</summary>
internal sealed class ShopLayout(SandboxOptions options)
{
    public string Render(Visit visit, ShopPage page)
    {
        var session = visit.Session;
        var data = PageData.Of(session, visit.Currency, page.Product, page.IsCheckout);
        return Layout.Document(
            Html.Encode(page.Title) + " · Acme Tools",
            "/shop",
            $"""
            {ActingBar(session)}
            <section class="page-header" aria-label="Acme Tools">
              <div class="inner">
                <a class="logo" href="/shop">Acme Tools</a>
                <nav aria-label="Categories"><ul>{Html.Join(TopCategories, category => CategoryLink(category, visit.Path))}</ul></nav>
                {AccountLinks(session)}
                {MiniCart(visit, data.Cart)}
              </div>
            </section>
            <main id="main" class="shop">
              {Breadcrumbs(page)}
              {Messages(session.TakeMessages())}
              {page.Content}
            </main>
            {Footer(session)}
            """,
            (session.UsesJsonLayer ? data.WriteJson() : "")
                + $"<script async src=\"{Html.Encode(options.AdminUrl)}/storefront/{SandboxOptions.StorePublicKey}.js\"></script>",
            $" class=\"{page.BodyClass}\"{(session.UsesJsonLayer ? "" : data.Visitor.WriteAttributes())}");
    }

    private static IEnumerable<DemoCategory> TopCategories => DemoCategory.All.Where(category => category.ParentId == DemoCategory.RootId);

    private static string CategoryLink(DemoCategory category, string path) =>
        $"<li><a href=\"{category.Url}\"{(category.Url == path ? " aria-current=\"page\"" : "")}>{category.Name}</a></li>";

    private static string ActingBar(ShopSession session) => !session.IsActingAdmin ? "" : $"""
        <section class="acting" aria-label="Team member">
          <p>You are acting as <strong>{Html.Encode(session.Customer!.Name)}</strong> ({Html.Encode(session.Customer.Email)}). Orders are placed by {Till.TeamMember}.</p>
          <form method="post" action="/shop/admin/stop"><button>Stop acting</button></form>
        </section>
        """;

    private static string AccountLinks(ShopSession session) => session.Customer is { } customer
        ? $"""<ul class="links"><li><a href="/shop/customer/account">{Html.Encode(customer.Name)}</a></li><li><a href="/shop/customer/account/logout">Log out</a></li></ul>"""
        : """<ul class="links"><li><a href="/shop/customer/account/login">Log in</a></li></ul>""";

    private static string MiniCart(Visit visit, CartData data)
    {
        var (cart, asAttributes) = (visit.Session.Cart, !visit.Session.UsesJsonLayer);
        return $"""
            <details class="block-cart"{(asAttributes ? data.WriteAttributes() : "")}>
              <summary>Cart <span class="count">{cart.Count}<span class="unseen"> {(cart.Count == 1 ? "item" : "items")}</span></span></summary>
              <div class="block-content">
                {(cart.Lines.Count == 0 ? "<p class=\"empty\">Your cart is empty.</p>" : $"""
                <ol class="mini-products-list">{Html.Join(cart.Lines.Zip(data.Items), pair => MiniLine(visit, pair.First, asAttributes ? pair.Second.WriteAttributes() : ""))}</ol>
                <p class="subtotal"><span>Total</span> <span class="price">{visit.Money(data.Total)}</span></p>
                <p class="buttons"><a class="button" href="/shop/checkout/cart">View cart</a> <a class="button primary" href="/shop/checkout/onepage">Checkout</a></p>
                """)}
              </div>
            </details>
            """;
    }

    private static string MiniLine(Visit visit, CartLine line, string attributes) => $"""
        <li class="item"{attributes}><img src="{line.Product.Image}" alt="" width="40" height="40">
          <span class="product-details"><a href="{line.Product.Url}">{Html.Encode(line.NameAndSize)}</a><br>
          {line.Quantity} × <span class="price">{visit.Money(line.Price(visit.Currency))}</span></span></li>
        """;

    private static string Breadcrumbs(ShopPage page) => page.Crumbs is null ? "" : $"""
        <nav class="breadcrumbs" aria-label="Breadcrumbs"><ul><li class="home"><a href="/shop">Home</a></li>{Html.Join(page.Crumbs, category =>
            $"<li class=\"category{category.Id}\"><a href=\"{category.Url}\">{category.Name}</a></li>")}<li class="here" aria-current="page">{Html.Encode(page.Title)}</li></ul></nav>
        """;

    private static string Messages(IReadOnlyList<ShopMessage> messages) => messages.Count == 0 ? "" : $"""
        <div role="{(messages.Any(message => message.IsError) ? "alert" : "status")}"><ul class="messages">{Html.Join(messages, message =>
            $"<li class=\"{(message.IsError ? "error-msg" : "success-msg")}\">{Html.Encode(message.Text)}</li>")}</ul></div>
        """;

    private static string Footer(ShopSession session) => $"""
        <footer class="page-footer">
          <div class="inner">
            <form class="newsletter" method="post" action="/shop/newsletter/subscriber/new">
              <h2>Newsletter</h2>
              <p><label for="newsletter">Email address for the newsletter</label>
              <span class="joined"><input id="newsletter" name="email" type="text" inputmode="email" autocomplete="email"> <button>Subscribe</button></span></p>
            </form>
            <section>
              <h2>Privacy</h2>
              {TrackingForm(session)}
            </section>
            <section>
              <h2>For the demo</h2>
              <ul>
                <li><a href="/shop/admin">Log in as customer, orders, currency</a></li>
                <li>{(session.UsesJsonLayer ? "This page has the JSON data layer; <a href=\"/shop?layer=attributes\">use attributes</a>" : "This page has <code>data-zk-*</code> attributes; <a href=\"/shop?layer=json\">use the JSON data layer</a>")}</li>
                <li><a href="/klaviyo">What arrived at Klaviyo</a></li>
              </ul>
            </section>
          </div>
        </footer>
        """;

    private static string TrackingForm(ShopSession session) => $"""
        <form method="post" action="/shop/privacy/tracking">
          <p>{(session.IsTrackingBlocked ? "Tracking is blocked in this browser." : "We use what you look at to send you mail that fits.")}</p>
          <button name="blocked" value="{(session.IsTrackingBlocked ? 0 : 1)}">{(session.IsTrackingBlocked ? "Allow tracking" : "Block tracking")}</button>
        </form>
        """;
}
