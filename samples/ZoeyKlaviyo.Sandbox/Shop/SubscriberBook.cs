using System.Globalization;
using ZoeyKlaviyo.Sandbox.Storage;

namespace ZoeyKlaviyo.Sandbox.Shop;

/// <summary>Who takes the shop's newsletter, and who no longer does.</summary>
public sealed class SubscriberBook : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ShopSubscriber> _subscribers = new(StringComparer.OrdinalIgnoreCase);
    private readonly Journal<ShopSubscriber> _journal;
    private readonly TimeProvider _time;

    public SubscriberBook(SandboxOptions options)
    {
        _time = options.TimeProvider;
        _journal = new(options.DataDirectory, "subscribers.jsonl");
        foreach (var subscriber in _journal.Load())
            _subscribers[subscriber.Email] = subscriber;
    }

    /// <summary>In the order of their ids.</summary>
    public IReadOnlyList<ShopSubscriber> Subscribers
    {
        get
        {
            lock (_lock)
                return [.. _subscribers.Values.OrderBy(subscriber => long.Parse(subscriber.SubscriberId, CultureInfo.InvariantCulture))];
        }
    }

    public bool IsSubscribed(string email)
    {
        lock (_lock)
            return _subscribers.GetValueOrDefault(email)?.Status == ShopSubscriber.Subscribed;
    }

    /// <summary>False when the address is subscribed already.</summary>
    public bool Subscribe(string email, string? customerId)
    {
        lock (_lock)
        {
            if (IsSubscribed(email))
                return false;
            Keep(_subscribers.TryGetValue(email, out var former)
                ? former with { Status = ShopSubscriber.Subscribed, CustomerId = customerId ?? former.CustomerId, ChangeStatusAt = _time.GetUtcNow() }
                : new((_subscribers.Count + 1).ToString(CultureInfo.InvariantCulture), email, ShopSubscriber.Subscribed, "1", customerId, null));
            return true;
        }
    }

    /// <summary>False when the address is not subscribed.</summary>
    public bool Unsubscribe(string email)
    {
        lock (_lock)
        {
            if (!IsSubscribed(email))
                return false;
            Keep(_subscribers[email] with { Status = ShopSubscriber.Unsubscribed, ChangeStatusAt = _time.GetUtcNow() });
            return true;
        }
    }

    public void Reset()
    {
        lock (_lock)
        {
            _journal.Clear();
            _subscribers.Clear();
        }
    }

    public void Dispose() => _journal.Dispose();

    private void Keep(ShopSubscriber subscriber)
    {
        _journal.Append(subscriber);
        _subscribers[subscriber.Email] = subscriber;
    }
}

/// <param name="Status">As in Magento's table: 1 subscribed, 3 unsubscribed.</param>
/// <param name="CustomerId">Null for a guest.</param>
/// <param name="ChangeStatusAt">UTC; null, as Magento leaves it, until the status changes for the first time.</param>
public sealed record ShopSubscriber(string SubscriberId, string Email, int Status, string StoreId, string? CustomerId, DateTimeOffset? ChangeStatusAt)
{
    public const int Subscribed = 1;
    public const int Unsubscribed = 3;
}
