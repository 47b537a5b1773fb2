using Microsoft.AspNetCore.Routing;
using ZoeyKlaviyo.Sandbox.Pages;

namespace ZoeyKlaviyo.Sandbox.Shop.Storefront;

internal sealed class AccountPages(ShopFront front, ShopSessions sessions, CustomerBook customers, SubscriberBook subscribers, OrderBook orders)
{
    private const string Path = "/shop/customer/account";

    public void Map(IEndpointRouteBuilder routes)
    {
        front.MapGet(routes, Path, visit => visit.Session.Customer is { } customer ? Account(customer) : ShopAnswer.GoTo(Path + "/login"));
        front.MapGet(routes, Path + "/login", visit => visit.Session.Customer is null ? Login() : ShopAnswer.GoTo(Path));
        front.MapPost(routes, Path + "/loginPost", LogIn);
        front.MapGet(routes, Path + "/logout", LogOut);
        front.MapPost(routes, "/shop/newsletter/subscriber/new", Subscribe);
        front.MapPost(routes, Path + "/unsubscribe", Unsubscribe);
        front.MapPost(routes, "/shop/privacy/tracking", visit =>
        {
            visit.Session.IsTrackingBlocked = visit.Text("blocked") == "1";
            return visit.Back();
        });
    }

    private ShopAnswer LogIn(Visit visit)
    {
        var email = visit.Text("email");
        if (!ShopRules.IsEmail(email))
        {
            visit.Session.Complain("Enter an email address such as name@company.com.");
            return ShopAnswer.GoTo(Path + "/login");
        }
        if (visit.Session.IsActingAdmin)
            LeaveAccount(visit.Session);
        visit.Session.Customer = customers.FindOrRegister(email);
        return ShopAnswer.GoTo(visit.Session.Cart.Lines.Count > 0 ? "/shop/checkout/cart" : Path);
    }

    private ShopAnswer LogOut(Visit visit)
    {
        LeaveAccount(visit.Session);
        visit.Session.Say("You are logged out.");
        return ShopAnswer.GoTo("/shop");
    }

    /// <summary>The cart stays with the account, so whoever uses the browser next starts with an empty one.</summary>
    private void LeaveAccount(ShopSession session) =>
        (session.Customer, session.IsActingAdmin, session.Checkout, session.LastOrder, session.Cart) = (null, false, null, null, sessions.NewCart());

    private ShopAnswer Subscribe(Visit visit)
    {
        var email = visit.Text("email");
        if (!ShopRules.IsEmail(email))
            visit.Session.Complain("Newsletter: enter an email address such as name@company.com.");
        else if (subscribers.Subscribe(email, customers.Find(email)?.Id))
            visit.Session.Say($"Thank you, {email} gets our newsletter from now on.");
        else
            visit.Session.Say($"{email} gets our newsletter already.");
        return visit.Back();
    }

    private ShopAnswer Unsubscribe(Visit visit)
    {
        if (visit.Session.Customer is { } customer && subscribers.Unsubscribe(customer.Email))
            visit.Session.Say($"{customer.Email} gets no newsletter any more.");
        return ShopAnswer.GoTo(Path);
    }

    private static ShopAnswer Login() => new ShopPage("Log in", "customer-account-login", $"""
        <h1>Log in</h1>
        <div class="cards">
          <form class="card fields" method="post" action="{Path}/loginPost">
            <h2>With an email address</h2>
            <p><label for="email">Email address</label> <input id="email" name="email" autocomplete="username" inputmode="email" aria-describedby="login-hint"></p>
            <p><label for="pass">Password</label> <input id="pass" name="password" type="password" autocomplete="off" aria-describedby="login-hint"></p>
            <p id="login-hint" class="muted">This is a demo: any password is accepted, or none. A new address becomes a customer.</p>
            <p><button class="primary">Log in</button></p>
          </form>
          <form class="card" method="post" action="{Path}/loginPost">
            <h2>As a demo customer</h2>
            {Html.Join(ShopCustomer.All, customer => $"<p><button name=\"email\" value=\"{Html.Encode(customer.Email)}\">{Html.Encode(customer.Name)}</button><br><span class=\"muted\">{Html.Encode(customer.Email)}</span></p>")}
          </form>
        </div>
        """);

    private ShopAnswer Account(ShopCustomer customer) => new ShopPage("Account", "customer-account-index", $"""
        <h1>Hello, {Html.Encode(customer.Name)}</h1>
        <div class="cards">
          <section class="card" aria-labelledby="who"><h2 id="who">Your address</h2>
            <p>{Html.Encode(customer.Email)}</p>
            {(customer.HasAddress ? BillingHtml.Address(customer.Address) : "<p class=\"muted\">The checkout asks for a billing address.</p>")}</section>
          <section class="card" aria-labelledby="letter"><h2 id="letter">Newsletter</h2>{Newsletter(customer)}</section>
        </div>
        <h2>Your orders</h2>
        {Orders([.. orders.Orders.Where(order => order.CustomerId == customer.Id).Reverse()])}
        <p class="buttons"><a class="button" href="{Path}/logout">Log out</a></p>
        """);

    private string Newsletter(ShopCustomer customer) => subscribers.IsSubscribed(customer.Email)
        ? $"""<p>You get our newsletter.</p><form method="post" action="{Path}/unsubscribe"><button>Unsubscribe</button></form>"""
        : $"""
          <p>You do not get our newsletter.</p>
          <form method="post" action="/shop/newsletter/subscriber/new"><button name="email" value="{Html.Encode(customer.Email)}">Subscribe</button></form>
          """;

    private static string Orders(IReadOnlyList<ShopOrder> orders) => orders.Count == 0 ? "<p class=\"muted\">You have not ordered yet.</p>" : $"""
        <table class="stacked">
          <caption class="unseen">Your orders</caption>
          <thead><tr><th scope="col">Number</th><th scope="col">Time (UTC)</th><th scope="col" class="number">Total</th><th scope="col">Status</th></tr></thead>
          <tbody>{Html.Join(orders, order => $"""
            <tr><td data-label="Number">{order.Number}</td><td data-label="Time">{Html.Time(order.CreatedUtc)}</td>
            <td data-label="Total" class="number">{ShopCurrency.Format(order.GrandTotal, order.Currency)}</td><td data-label="Status">{Html.Encode(order.Status.Replace('_', ' '))}</td></tr>
            """)}</tbody>
        </table>
        """;
}
