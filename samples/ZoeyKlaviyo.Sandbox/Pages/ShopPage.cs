using System.Globalization;
using System.Text.Json;
using ZoeyKlaviyo.Sandbox.Shop;

namespace ZoeyKlaviyo.Sandbox.Pages;

internal static class ShopPage
{
    private static readonly (string Value, string Name, string Meaning)[] s_visitors =
    [
        ("customer", "Logged in", "known by address"),
        ("guest", "Guest", "the address is entered at the checkout"),
        ("blocked", "Logged in, tracking blocked", "only the checkout may be sent"),
        ("admin", "Team member acting as the customer", "sent only if the store allows it"),
    ];

    public static string Render(SandboxOptions options) => Layout.Page("Demo shop", "/shop", $"""
        <p class="lead">Play a shopper of <em>Demo store</em>. Each button sends from this browser to the admin at <code>{Html.Encode(options.AdminUrl)}</code>.</p>
        <div id="shop" data-collect="{Html.Encode(options.AdminUrl)}/collect/{SandboxOptions.StorePublicKey}/events" data-currency="USD"
             data-products="{Html.Encode(JsonSerializer.Serialize(DemoProduct.All, JsonSerializerOptions.Web))}">
          <form id="visitor" class="card">
            <fieldset>
              <legend>Who is shopping</legend>
              {Html.Join(s_visitors, VisitorChoice)}
            </fieldset>
            <p><label for="email">Address</label>
              <input id="email" type="email" value="jo@acme-customer.test" autocomplete="off" aria-describedby="email-hint"></p>
            <p id="email-hint" class="muted">Klaviyo drops addresses at example.com and test.com, and so does the sandbox.</p>
          </form>
          <h2>Catalog</h2>
          <p class="browse"><button type="button" data-do="browse">Browse the site</button></p>
          <div class="cards">{Html.Join(DemoProduct.All, ProductCard)}</div>
          <section class="card cart" aria-labelledby="cart-title">
            <h2 id="cart-title">Cart</h2>
            <p id="cart">The cart is empty.</p>
            <p class="muted">Checkout <code id="checkout-id"></code></p>
            <p class="buttons">
              <button type="button" class="primary" data-do="checkout">Start checkout</button>
              <button type="button" data-do="empty">New cart</button>
            </p>
          </section>
          <h2 id="log-title">What the admin answered</h2>
          <div role="log" aria-labelledby="log-title"><ol id="log" reversed></ol></div>
          <p id="log-empty" class="muted">Nothing sent yet.</p>
          <p>What is accepted goes to Klaviyo with the next Events run: see <a href="/klaviyo">what arrived</a>.</p>
        </div>
        <noscript><p class="card alert">The demo shop needs JavaScript.</p></noscript>
        """, "shop.js");

    private static string VisitorChoice((string Value, string Name, string Meaning) visitor) => $"""
        <label class="choice"><input type="radio" name="visitor" value="{visitor.Value}"{(visitor.Value == "customer" ? " checked" : "")}>
        <span>{visitor.Name} <span class="muted">({visitor.Meaning})</span></span></label>
        """;

    private static string ProductCard(DemoProduct product) => $"""
        <article class="card product" id="product-{product.Id}">
          <img src="/assets/{product.Picture}" alt="" width="96" height="96">
          <h3>{Html.Encode(product.Name)}</h3>
          <p><b>${product.Price.ToString("0.00", CultureInfo.InvariantCulture)}</b> <span class="muted">{Html.Encode(product.Brand)} · {product.Sku}</span></p>
          <p class="buttons">
            <button type="button" data-do="view" data-product="{product.Id}" aria-label="View product: {Html.Encode(product.Name)}">View product</button>
            <button type="button" data-do="add" data-product="{product.Id}" aria-label="Add to cart: {Html.Encode(product.Name)}">Add to cart</button>
          </p>
        </article>
        """;
}
