using Microsoft.AspNetCore.Routing;
using ZoeyKlaviyo.Sandbox.Pages;

namespace ZoeyKlaviyo.Sandbox.Shop.Storefront;

internal sealed class CheckoutPages(ShopFront front, Till till)
{
    private const string Path = "/shop/checkout/onepage";
    private const string CartPath = "/shop/checkout/cart";

    public void Map(IEndpointRouteBuilder routes)
    {
        front.MapGet(routes, Path, visit => visit.Session.Cart.Lines.Count == 0 ? ShopAnswer.GoTo(CartPath) : Show(visit));
        front.MapPost(routes, Path + "/saveOrder", PlaceOrder);
        front.MapGet(routes, Path + "/success", visit => visit.Session.LastOrder is { } order ? Success(order) : ShopAnswer.GoTo(CartPath));
    }

    private ShopAnswer PlaceOrder(Visit visit)
    {
        var session = visit.Session;
        if (session.Cart.Lines.Count == 0)
            return ShopAnswer.GoTo(CartPath);
        var fields = CheckoutForm.AddressFields.Append(CheckoutForm.EmailField);
        var form = new CheckoutForm(fields.ToDictionary(field => field.Name, field => visit.Text($"billing[{field.Name}]"))
            .Append(new("payment", visit.Text("payment[method]"))).ToDictionary());
        if (Problems(session, form).Count > 0)
        {
            session.Checkout = form;
            return ShopAnswer.GoTo(Path);
        }
        till.Place(session, visit.Currency, form);
        return ShopAnswer.GoTo(Path + "/success");
    }

    private static IReadOnlyDictionary<string, string> Problems(ShopSession session, CheckoutForm form) =>
        form.Problems(withEmail: session.Customer is null, withAddress: session.Customer is not { HasAddress: true });

    private static ShopAnswer Success(ShopOrder order) => new ShopPage("Thank you", "checkout-onepage-success", $"""
        <h1>Thank you for your order</h1>
        <p>Its number is <strong class="order-number">{order.Number}</strong>. We wrote to {Html.Encode(order.Email)}, or would have, were this a real shop.</p>
        <p>{(order.Status == "pending_payment" ? "We send the goods once your bank transfer is here." : "Your payment was received.")}</p>
        <p class="buttons"><a class="button primary" href="/shop">Continue shopping</a></p>
        """);

    private static ShopPage Show(Visit visit)
    {
        var session = visit.Session;
        var form = session.Checkout ?? CheckoutForm.Empty;
        var problems = session.Checkout is null ? new Dictionary<string, string>() : Problems(session, form);
        return new("Checkout", "checkout-onepage-index", $"""
            <h1>Checkout</h1>
            {ProblemList(problems)}
            <form method="post" action="{Path}/saveOrder" class="beside">
              <div>
                {BillingHtml.Render(session.Customer, form, problems)}
                <fieldset class="card payment">
                  <legend>Payment</legend>{BillingHtml.Problem("payment", problems)}
                  {Payment(CheckoutForm.PayNow, "Pay now", "by card; nothing is charged here", form)}
                  {Payment(CheckoutForm.BankTransfer, "Bank transfer", "the order waits until a team member marks it as paid", form)}
                </fieldset>
              </div>
              <section class="card totals" aria-labelledby="totals"><h2 id="totals">Your order</h2>
                <ul class="review">{Html.Join(session.Cart.Lines, line =>
                    $"<li><span>{line.Quantity} × {Html.Encode(line.NameAndSize)}</span> <span>{visit.Money(line.RowTotal(visit.Currency))}</span></li>")}</ul>
                {TotalsTable.Render(visit, session.Cart.Totals(visit.Currency), session.Cart.CouponCode)}
                <p><button class="primary wide btn-checkout">Place order</button></p></section>
            </form>
            """)
        {
            IsCheckout = true,
        };
    }

    private static string ProblemList(IReadOnlyDictionary<string, string> problems) => problems.Count == 0 ? "" : $"""
        <div class="card alert" role="alert"><h2>The order was not placed</h2><ul>{Html.Join(problems, problem =>
            $"<li><a href=\"#{BillingHtml.Id(problem.Key)}\">{BillingHtml.Label(problem.Key)}</a>: {problem.Value}</li>")}</ul></div>
        """;

    private static string Payment(string value, string name, string meaning, CheckoutForm form) => $"""
        <label class="choice"><input type="radio" id="p_method_{value}" name="payment[method]" value="{value}"{(form["payment"] == value ? " checked" : "")}>
        <span>{name} <span class="muted">({meaning})</span></span></label>
        """;
}
