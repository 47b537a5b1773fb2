using System.Text;

namespace ZoeyKlaviyo.Sandbox.Shop;

/// <summary>The list of subscribers as Magento's admin exports it under Newsletter, Newsletter Subscribers.</summary>
internal static class SubscriberCsv
{
    private static readonly string[] s_columns =
        ["ID", "Email", "Type", "Customer First Name", "Customer Last Name", "Status", "Website", "Store", "Store View"];

    public static string Write(IEnumerable<ShopSubscriber> subscribers, IEnumerable<ShopCustomer> customers)
    {
        var names = customers.ToDictionary(customer => customer.Id, customer => customer.Address);
        var text = new StringBuilder();
        text.AddRow(s_columns);
        foreach (var one in subscribers)
        {
            var customer = one.CustomerId is { } id ? names.GetValueOrDefault(id) : null;
            text.AddRow([one.SubscriberId, one.Email, one.CustomerId is null ? "Guest" : "Customer", Name(customer?.FirstName), Name(customer?.LastName),
                Status(one.Status), "Main Website", "Main Website Store", "Default Store View"]);
        }
        return text.ToString();
    }

    private static string Name(string? name) => string.IsNullOrEmpty(name) ? "----" : name;

    private static string Status(int status) => status switch
    {
        ShopSubscriber.Subscribed => "Subscribed",
        ShopSubscriber.NotActive => "Not Activated",
        ShopSubscriber.Unsubscribed => "Unsubscribed",
        _ => "Unconfirmed",
    };
}
