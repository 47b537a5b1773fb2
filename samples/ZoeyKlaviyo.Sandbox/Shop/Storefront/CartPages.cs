using System.Globalization;
using Microsoft.AspNetCore.Routing;
using ZoeyKlaviyo.Sandbox.Pages;

namespace ZoeyKlaviyo.Sandbox.Shop.Storefront;

internal sealed class CartPages(ShopFront front)
{
    private const string Path = "/shop/checkout/cart";

    public void Map(IEndpointRouteBuilder routes)
    {
        front.MapGet(routes, Path, Show);
        front.MapPost(routes, Path + "/add", Add);
        front.MapPost(routes, Path + "/update", Update);
        front.MapPost(routes, Path + "/delete/{item}", Delete);
        front.MapPost(routes, Path + "/coupon", Coupon);
    }

    private static ShopAnswer Add(Visit visit)
    {
        if (DemoProduct.Find(visit.Text("product")) is not { } product)
            return Refuse("We do not sell this product.", "/shop");
        var variant = product.Variants.FirstOrDefault(one => one.Id == visit.Text("size"));
        if (product.Variants.Count > 0 && variant is null)
            return Refuse("Choose a size first.", product.Url);
        if (Quantity(visit.Text("qty")) is not { } quantity)
            return Refuse($"Enter a quantity from 1 to {Cart.MaxQuantity}.", product.Url);
        if (!visit.Session.Cart.Add(product, variant, quantity))
            return Refuse($"A cart takes at most {Cart.MaxQuantity} of a product.", product.Url);
        visit.Session.Say($"{product.Name} was added to your cart.");
        return ShopAnswer.GoTo(Path);

        ShopAnswer Refuse(string why, string path)
        {
            visit.Session.Complain(why);
            return ShopAnswer.GoTo(path);
        }
    }

    private static ShopAnswer Update(Visit visit)
    {
        var cart = visit.Session.Cart;
        foreach (var line in cart.Lines.ToList())
        {
            var typed = visit.Text($"cart[{line.ItemId}][qty]");
            if (typed == "0")
                cart.Remove(line);
            else if (Quantity(typed) is { } quantity)
                cart.SetQuantity(line, quantity);
            else if (typed.Length > 0)
                visit.Session.Complain($"{line.NameAndSize}: enter a quantity from 1 to {Cart.MaxQuantity}, or 0 to remove it.");
        }
        return ShopAnswer.GoTo(Path);
    }

    private static ShopAnswer Delete(Visit visit)
    {
        var cart = visit.Session.Cart;
        if (cart.Lines.FirstOrDefault(line => line.ItemId == visit.Route("item")) is { } line)
            cart.Remove(line);
        return ShopAnswer.GoTo(Path);
    }

    private static ShopAnswer Coupon(Visit visit)
    {
        var code = visit.Text("coupon_code");
        var isGood = string.Equals(code, Cart.Coupon, StringComparison.OrdinalIgnoreCase);
        visit.Session.Cart.CouponCode = isGood ? Cart.Coupon : null;
        if (isGood)
            visit.Session.Say($"Coupon {Cart.Coupon} takes 10 % off.");
        else if (code.Length == 0)
            visit.Session.Say("The coupon was removed.");
        else
            visit.Session.Complain($"\"{(code.Length > ShopRules.MaxText ? code[..ShopRules.MaxText] + "…" : code)}\" is not a coupon of this shop.");
        return ShopAnswer.GoTo(Path);
    }

    private static int? Quantity(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= Cart.MaxQuantity ? number : null;

    private static ShopAnswer Show(Visit visit) => new ShopPage("Cart", "checkout-cart-index", visit.Session.Cart.Lines.Count == 0 ? """
        <h1>Your cart is empty</h1>
        <p><a href="/shop">See what we sell.</a></p>
        """ : Filled(visit, visit.Session.Cart));

    private static string Filled(Visit visit, Cart cart) => $"""
        <h1>Your cart</h1>
        <div class="beside">
          <div>
            <form method="post" action="{Path}/update">
              <table class="stacked cart-table">
                <caption class="unseen">Products in the cart</caption>
                <thead><tr><th scope="col">Product</th><th scope="col" class="number">Price</th><th scope="col">Quantity</th><th scope="col" class="number">Total</th>
                  <th scope="col"><span class="unseen">Remove</span></th></tr></thead>
                <tbody>{Html.Join(cart.Lines, line => Row(visit, line))}</tbody>
              </table>
              <p><button>Update quantities</button></p>
            </form>
            {Html.Join(cart.Lines, line => $"<form id=\"delete-{line.ItemId}\" method=\"post\" action=\"{Path}/delete/{line.ItemId}\"></form>")}
            <form method="post" action="{Path}/coupon">
              <p><label for="coupon_code">Coupon</label>
              <span class="joined"><input id="coupon_code" name="coupon_code" value="{cart.CouponCode}" autocomplete="off" aria-describedby="coupon-hint"> <button>Apply</button></span>
              <span id="coupon-hint" class="muted hint">{Cart.Coupon} takes 10 % off. Apply an empty one to remove it.</span></p>
            </form>
          </div>
          <section class="card totals" aria-labelledby="totals"><h2 id="totals">Summary</h2>
            {TotalsTable.Render(visit, cart.Totals(visit.Currency), cart.CouponCode)}
            <p><a class="button primary wide" href="/shop/checkout/onepage">Go to checkout</a></p></section>
        </div>
        """;

    private static string Row(Visit visit, CartLine line) => $"""
        <tr>
          <td data-label="Product"><span class="pictured"><img src="{line.Product.Image}" alt="" width="56" height="56">
            <span><a href="{line.Product.Url}">{Html.Encode(line.NameAndSize)}</a><br><span class="muted">{line.Sku}</span></span></span></td>
          <td data-label="Price" class="number">{visit.Money(line.Price(visit.Currency))}</td>
          <td data-label="Quantity"><input class="qty" name="cart[{line.ItemId}][qty]" value="{line.Quantity}" inputmode="numeric" autocomplete="off" aria-label="Quantity of {Html.Encode(line.NameAndSize)}"></td>
          <td data-label="Total" class="number">{visit.Money(line.RowTotal(visit.Currency))}</td>
          <td data-label=""><button class="small" form="delete-{line.ItemId}" aria-label="Remove {Html.Encode(line.NameAndSize)}">Remove</button></td>
        </tr>
        """;
}
