using System.Globalization;
using ZoeyKlaviyo.Sandbox.Storage;

namespace ZoeyKlaviyo.Sandbox.Shop;

/// <summary>The demo customers, and whoever logged in with another address.</summary>
public sealed class CustomerBook : IDisposable
{
    private static readonly ShopAddress s_noAddress = new("", "", null, [], "", null, null, "US", null);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, ShopCustomer> _customers = new(StringComparer.OrdinalIgnoreCase);
    private readonly Journal<ShopCustomer> _journal;

    public CustomerBook(SandboxOptions options)
    {
        _journal = new(options.DataDirectory, "customers.jsonl");
        foreach (var customer in ShopCustomer.All.Concat(_journal.Load()))
            _customers[customer.Email] = customer;
    }

    public IReadOnlyList<ShopCustomer> Customers
    {
        get
        {
            lock (_lock)
                return [.. _customers.Values.OrderBy(customer => long.Parse(customer.Id, CultureInfo.InvariantCulture))];
        }
    }

    public ShopCustomer? Find(string email)
    {
        lock (_lock)
            return _customers.GetValueOrDefault(email);
    }

    public ShopCustomer FindOrRegister(string email)
    {
        lock (_lock)
        {
            var first = int.Parse(ShopCustomer.All[0].Id, CultureInfo.InvariantCulture);
            return _customers.GetValueOrDefault(email)
                ?? Keep(new((first + _customers.Count).ToString(CultureInfo.InvariantCulture), email, s_noAddress));
        }
    }

    public ShopCustomer SetAddress(ShopCustomer customer, ShopAddress address)
    {
        lock (_lock)
            return Keep(customer with { Address = address });
    }

    public void Dispose() => _journal.Dispose();

    private ShopCustomer Keep(ShopCustomer customer)
    {
        _journal.Append(customer);
        return _customers[customer.Email] = customer;
    }
}
