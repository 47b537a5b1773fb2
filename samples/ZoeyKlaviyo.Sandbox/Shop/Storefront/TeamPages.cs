using Microsoft.AspNetCore.Routing;
using ZoeyKlaviyo.Sandbox.Pages;

namespace ZoeyKlaviyo.Sandbox.Shop.Storefront;

/// <summary>What a member of the store's team does; in a real shop behind another sign-in.</summary>
internal sealed class TeamPages(ShopFront front, ShopSessions sessions, CustomerBook customers, OrderBook orders, CurrencySwitch currency)
{
    private const string Path = "/shop/admin";

    private static readonly (string Status, string Label)[] s_changes = [("processing", "Mark as paid"), ("canceled", "Cancel")];

    public void Map(IEndpointRouteBuilder routes)
    {
        front.MapGet(routes, Path, Show);
        front.MapPost(routes, Path + "/act", Act);
        front.MapPost(routes, Path + "/stop", visit => StartAnew(visit, null, Path));
        front.MapPost(routes, Path + "/orders/{order}", SetStatus);
        front.MapPost(routes, Path + "/currency", SetCurrency);
    }

    private ShopAnswer Act(Visit visit)
    {
        if (customers.Find(visit.Text("customer")) is { } customer)
            return StartAnew(visit, customer, "/shop");
        visit.Session.Complain("Choose a customer.");
        return ShopAnswer.GoTo(Path);
    }

    private ShopAnswer StartAnew(Visit visit, ShopCustomer? customer, string next)
    {
        var session = visit.Session;
        (session.Customer, session.IsActingAdmin, session.Checkout, session.LastOrder, session.Cart) = (customer, customer is not null, null, null, sessions.NewCart());
        return ShopAnswer.GoTo(next);
    }

    private ShopAnswer SetStatus(Visit visit)
    {
        var (order, status) = (orders.Find(visit.Route("order")), visit.Text("status"));
        if (order is not null && Changes(order).Any(change => change.Status == status))
            visit.Session.Say($"Order {order.Number} is now {orders.SetStatus(order.EntityId, status).Status}.");
        else
            visit.Session.Complain("This order cannot be changed so.");
        return ShopAnswer.GoTo(Path);
    }

    private ShopAnswer SetCurrency(Visit visit)
    {
        if (ShopCurrency.All.FirstOrDefault(one => one.Code == visit.Text("currency")) is { } chosen)
            currency.Current = chosen;
        else
            visit.Session.Complain("Choose a currency.");
        return ShopAnswer.GoTo(Path);
    }

    private ShopAnswer Show(Visit visit) => new ShopPage("Team", "adminhtml-team", $"""
        <h1>Team</h1>
        <p class="lead">What {Till.TeamMember} of the store's team can do. A real shop asks for a sign-in here.</p>
        <div class="cards">
          <form class="card fields" method="post" action="{Path}/act">
            <h2>Log in as customer</h2>
            <p><label for="customer">Customer</label> <select id="customer" name="customer">{Html.Join(customers.Customers, customer =>
                $"<option value=\"{Html.Encode(customer.Email)}\"{(customer == visit.Session.Customer ? " selected" : "")}>{Html.Encode(customer.HasAddress ? $"{customer.Name}, {customer.Email}" : customer.Email)}</option>")}</select></p>
            <p><button class="primary">Log in as customer</button></p>
          </form>
          <form class="card fields" method="post" action="{Path}/currency">
            <h2>Currency of the shop</h2>
            <p><label for="currency">Currency</label> <select id="currency" name="currency">{Html.Join(ShopCurrency.All, one =>
                $"<option{(one == visit.Currency ? " selected" : "")}>{one.Code}</option>")}</select></p>
            <p><button>Change currency</button></p>
          </form>
        </div>
        <h2>Orders</h2>
        {Orders([.. orders.Orders.Reverse()])}
        """);

    private static string Orders(IReadOnlyList<ShopOrder> orders) => orders.Count == 0 ? "<p class=\"muted\">Nobody has ordered yet.</p>" : $"""
        <table class="stacked">
          <caption class="unseen">Orders, newest first</caption>
          <thead><tr><th scope="col">Number</th><th scope="col">Time (UTC)</th><th scope="col">Address</th><th scope="col" class="number">Total</th>
            <th scope="col">Placed by</th><th scope="col">Status</th><th scope="col"><span class="unseen">Change</span></th></tr></thead>
          <tbody>{Html.Join(orders, Row)}</tbody>
        </table>
        """;

    private static string Row(ShopOrder order) => $"""
        <tr>
          <td data-label="Number">{Html.Encode(order.Number)}</td>
          <td data-label="Time">{Html.Time(order.CreatedUtc)}</td>
          <td data-label="Address">{Html.Encode(order.Email ?? "no address")}</td>
          <td data-label="Total" class="number">{Html.Encode(ShopCurrency.Format(order.GrandTotal, order.Currency))}</td>
          <td data-label="Placed by">{Html.Encode(order.TeamMember ?? (order.CustomerId is null ? "guest" : "customer"))}</td>
          <td data-label="Status">{Html.Encode(order.Status.Replace('_', ' '))}</td>
          <td data-label=""><form method="post" action="{Path}/orders/{order.EntityId}" class="buttons">{Html.Join(Changes(order), change =>
            $"<button class=\"small\" name=\"status\" value=\"{change.Status}\" aria-label=\"{change.Label}: order {Html.Encode(order.Number)}\">{change.Label}</button>")}</form></td>
        </tr>
        """;

    private static IEnumerable<(string Status, string Label)> Changes(ShopOrder order) => order.Status switch
    {
        "pending_payment" => s_changes,
        "processing" => s_changes[1..],
        _ => [],
    };
}
